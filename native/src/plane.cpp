// Rows first, streamed: each row of pixels is read once or twice; then 64 short rows of sums across.
#include "plane.hpp"

#include <cstring>
#include <stdexcept>
#include <vector>

#include "kernels.hpp"

namespace unseen {

void weigh_scalar(const uint8_t* plane, size_t stride, size_t width, const float* weights, size_t rows, float* sums) {
  for (size_t at = 0; at < width; ++at) sums[at] = 0;
  for (size_t row = 0; row < rows; ++row)
    for (size_t at = 0; at < width; ++at) sums[at] += weights[row] * static_cast<float>(plane[row * stride + at]);
}

namespace {

Weigh chosen() {
#ifdef UNSEEN_X86
  if (std::strcmp(kernels().name, "avx512") == 0) return weigh_avx512;
  if (std::strcmp(kernels().name, "avx2") == 0) return weigh_avx2;
#endif
  return weigh_scalar;
}

void check(const SideWeights& side) {
  for (size_t row = 0; row < SAMPLES; ++row)
    if (side.first[row] < 0 || side.last[row] < side.first[row] || static_cast<size_t>(side.last[row]) > side.length)
      throw std::invalid_argument("weights reach outside the plane");
}

}  // namespace

void plane_sums(const uint8_t* plane, size_t stride, const SideWeights& down, const SideWeights& across, double* sums) {
  check(down);
  check(across);
  const Weigh weigh = chosen();
  std::vector<float> blurred(across.length);
  for (size_t row = 0; row < SAMPLES; ++row) {
    const auto first = static_cast<size_t>(down.first[row]);
    weigh(plane + first * stride, stride, across.length, down.values + row * down.length + first,
          static_cast<size_t>(down.last[row]) - first, blurred.data());
    for (size_t column = 0; column < SAMPLES; ++column) {
      const float* weights = across.values + column * across.length;
      double parts[4] = {0, 0, 0, 0};  // whole numbers below 2^40: exact in any order
      int32_t at = across.first[column];
      for (; at + 4 <= across.last[column]; at += 4)
        for (int lane = 0; lane < 4; ++lane)
          parts[lane] += static_cast<double>(weights[at + lane]) * static_cast<double>(blurred[at + lane]);
      for (; at < across.last[column]; ++at) parts[0] += static_cast<double>(weights[at]) * static_cast<double>(blurred[at]);
      sums[row * SAMPLES + column] = parts[0] + parts[1] + parts[2] + parts[3];
    }
  }
}

}  // namespace unseen
