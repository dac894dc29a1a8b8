// Pixel kernels in plain C++: run anywhere, and are what the others must equal.
#include "pixels_plain.hpp"

namespace unseen {
namespace {

void blend_sums(const int16_t* rows, size_t stride, const int16_t* weights, int taps, size_t count, int32_t* out) {
  for (size_t at = 0; at < count; ++at) out[at] = 0;
  for (int tap = 0; tap < taps; ++tap, rows += stride)
    for (size_t at = 0; at < count; ++at) out[at] += int32_t{rows[at]} * weights[tap];
}

void blend_levels(const int16_t* rows, size_t stride, const int16_t* weights, int taps, size_t count, int16_t* out) {
  int32_t sums[PIECE];
  for (size_t at = 0; at < count; at += PIECE) {
    blend_sums(rows + at, stride, weights, taps, PIECE, sums);
    for (size_t each = 0; each < PIECE; ++each) out[at + each] = static_cast<int16_t>((sums[each] + (1 << 13)) >> 14);
  }
}

void transpose(const int16_t* from, size_t stride, size_t count, int16_t* to) {
  for (size_t at = 0; at < count; ++at)
    for (size_t row = 0; row < SIDE; ++row) to[at * SIDE + row] = from[row * stride + at];
}

}  // namespace

const PixelKernels pixels_scalar = {"scalar", blend_levels, blend_sums, transpose, spectrum,
                                   add_grey, add_colour, dot, levels, steps};

}  // namespace unseen
