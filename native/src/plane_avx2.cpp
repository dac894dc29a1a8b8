// 32 columns at a time in four registers; the sums are whole numbers, so the order of additions does not matter.
#include <immintrin.h>

#include "plane.hpp"

namespace unseen {

void weigh_avx2(const uint8_t* plane, size_t stride, size_t width, const float* weights, size_t rows, float* sums) {
  size_t column = 0;
  for (; column + 32 <= width; column += 32) {
    __m256 total[4] = {_mm256_setzero_ps(), _mm256_setzero_ps(), _mm256_setzero_ps(), _mm256_setzero_ps()};
    const uint8_t* from = plane + column;
    for (size_t row = 0; row < rows; ++row, from += stride) {
      const __m256 weight = _mm256_set1_ps(weights[row]);
      for (int part = 0; part < 4; ++part) {
        const __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(from + 8 * part));
        const __m256 luma = _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(bytes));
        total[part] = _mm256_add_ps(total[part], _mm256_mul_ps(weight, luma));
      }
    }
    for (int part = 0; part < 4; ++part) _mm256_storeu_ps(sums + column + 8 * part, total[part]);
  }
  if (column < width) weigh_scalar(plane + column, stride, width - column, weights, rows, sums + column);
}

}  // namespace unseen
