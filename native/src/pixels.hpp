// What each instruction set provides for fingerprints of pictures. As in kernels.hpp: no templates of the standard library.
#pragma once
#include <cstddef>
#include <cstdint>

namespace unseen {

constexpr int SIDE = 64;         // samples a side
constexpr int FREQUENCIES = 16;  // of a spectrum, a side
constexpr size_t PIECE = 64;     // pixels that `blend_*` treats at once: rows are padded to a multiple

struct PixelKernels {
  const char* name;
  // Weighted sums of `taps` (even) rows of `count` (a multiple of PIECE) levels, `stride` levels apart: rounded to
  // levels again (divided by 2^14), or as they are.
  void (*blend_levels)(const int16_t* rows, size_t stride, const int16_t* weights, int taps, size_t count, int16_t* out);
  void (*blend_sums)(const int16_t* rows, size_t stride, const int16_t* weights, int taps, size_t count, int32_t* out);
  // SIDE rows of `count` (a multiple of 8) levels to `count` rows of SIDE levels.
  void (*transpose)(const int16_t* from, size_t stride, size_t count, int16_t* to);
  // Column by column samples (15 fraction bits) to the 16 x 16 coefficients (multiples of 1/256), row by row.
  void (*spectrum)(const int32_t* samples, const double* cosines, float* coefficients);
  // Adds weight * luma of each pixel to its sum: grey of one byte, or red, green, blue and a byte that is ignored.
  void (*add_grey)(const uint8_t* pixels, float weight, size_t count, float* sums);
  void (*add_colour)(const uint8_t* pixels, float weight, size_t count, float* sums);
  float (*dot)(const float* one, const float* other, size_t count);
  // `levels` are 128 times the luma, rounded to even; below 0 and not a number are 0, above 255 is 255.
  void (*levels)(const float* luma, size_t count, int16_t* levels);
  // The gradient sum of `pdq.quality`, in whole steps, of such samples.
  uint32_t (*steps)(const int32_t* samples);
};

extern const PixelKernels pixels_scalar;
#ifdef UNSEEN_X86
extern const PixelKernels pixels_avx2;
extern const PixelKernels pixels_avx512;
#endif

// Those that go with `kernels()`.
const PixelKernels& pixel_kernels();

}  // namespace unseen
