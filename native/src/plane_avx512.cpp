// 64 columns at a time in four registers; the sums are whole numbers, so the order of additions does not matter.
#include <immintrin.h>

#include "plane.hpp"

namespace unseen {

void weigh_avx512(const uint8_t* plane, size_t stride, size_t width, const float* weights, size_t rows, float* sums) {
  size_t column = 0;
  for (; column + 64 <= width; column += 64) {
    __m512 total[4] = {_mm512_setzero_ps(), _mm512_setzero_ps(), _mm512_setzero_ps(), _mm512_setzero_ps()};
    const uint8_t* from = plane + column;
    for (size_t row = 0; row < rows; ++row, from += stride) {
      const __m512 weight = _mm512_set1_ps(weights[row]);
      for (int part = 0; part < 4; ++part) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + 16 * part));
        total[part] = _mm512_fmadd_ps(weight, _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(bytes)), total[part]);
      }
    }
    for (int part = 0; part < 4; ++part) _mm512_storeu_ps(sums + column + 16 * part, total[part]);
  }
  if (column < width) weigh_scalar(plane + column, stride, width - column, weights, rows, sums + column);
}

}  // namespace unseen
