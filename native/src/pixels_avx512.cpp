// Pixel kernels for AVX-512 (BW): as for AVX2, twice as wide.
#include "pixels_x86.hpp"

namespace unseen {
namespace {

struct Sums {
  __m512i low[2], high[2];  // of 64 levels, in the order in which unpack leaves them
};

inline Sums blended(const int16_t* rows, size_t stride, const int16_t* weights, int taps) {
  Sums sums = {};
  for (int tap = 0; tap < taps; tap += 2, rows += 2 * stride) {
    const __m512i both = _mm512_set1_epi32(pair(weights + tap));
    for (int each = 0; each < 2; ++each) {
      const __m512i one = _mm512_loadu_si512(rows + 32 * each), other = _mm512_loadu_si512(rows + stride + 32 * each);
      sums.low[each] = _mm512_add_epi32(sums.low[each], _mm512_madd_epi16(_mm512_unpacklo_epi16(one, other), both));
      sums.high[each] = _mm512_add_epi32(sums.high[each], _mm512_madd_epi16(_mm512_unpackhi_epi16(one, other), both));
    }
  }
  return sums;
}

void blend_levels(const int16_t* rows, size_t stride, const int16_t* weights, int taps, size_t count, int16_t* out) {
  const __m512i half = _mm512_set1_epi32(1 << 13);
  for (size_t at = 0; at < count; at += 64) {
    const Sums sums = blended(rows + at, stride, weights, taps);
    for (int each = 0; each < 2; ++each) {
      const __m512i low = _mm512_srai_epi32(_mm512_add_epi32(sums.low[each], half), 14);
      const __m512i high = _mm512_srai_epi32(_mm512_add_epi32(sums.high[each], half), 14);
      _mm512_storeu_si512(out + at + 32 * each, _mm512_packs_epi32(low, high));
    }
  }
}

void blend_sums(const int16_t* rows, size_t stride, const int16_t* weights, int taps, size_t count, int32_t* out) {
  const __m512i first = _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11);
  const __m512i second = _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15);
  for (size_t at = 0; at < count; at += 64) {
    const Sums sums = blended(rows + at, stride, weights, taps);
    for (int each = 0; each < 2; ++each) {
      int32_t* to = out + at + 32 * each;
      _mm512_storeu_si512(to, _mm512_permutex2var_epi64(sums.low[each], first, sums.high[each]));
      _mm512_storeu_si512(to + 16, _mm512_permutex2var_epi64(sums.low[each], second, sums.high[each]));
    }
  }
}

}  // namespace

const PixelKernels pixels_avx512 = {"avx512", blend_levels, blend_sums, transpose, spectrum,
                                     add_grey, add_colour, dot, levels, steps};

}  // namespace unseen
