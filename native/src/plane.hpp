// The 64 x 64 weighted sums of a plane of 8-bit luma: two box filters and the sampling of PDQ in one pass over the pixels.
#pragma once
#include <cstddef>
#include <cstdint>

namespace unseen {

constexpr size_t SAMPLES = 64;

// Row i of `values` (64 x length, whole numbers that add up to 2^16) weighs pixels [first[i], last[i]).
struct SideWeights {
  const float* values;
  const int32_t* first;
  const int32_t* last;
  size_t length;
};

// sums[x] = the sum over `rows` rows of weights[row] * plane[row * stride + x]. Below 2^24, so float holds it exactly.
using Weigh = void (*)(const uint8_t* plane, size_t stride, size_t width, const float* weights, size_t rows, float* sums);

void weigh_scalar(const uint8_t* plane, size_t stride, size_t width, const float* weights, size_t rows, float* sums);
#ifdef UNSEEN_X86
void weigh_avx2(const uint8_t* plane, size_t stride, size_t width, const float* weights, size_t rows, float* sums);
void weigh_avx512(const uint8_t* plane, size_t stride, size_t width, const float* weights, size_t rows, float* sums);
#endif

// Throws std::invalid_argument where the weights reach outside the plane.
void plane_sums(const uint8_t* plane, size_t stride, const SideWeights& down, const SideWeights& across, double* sums);

}  // namespace unseen
