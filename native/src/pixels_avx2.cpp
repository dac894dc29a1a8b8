// Pixel kernels for AVX2: two levels and two weights are multiplied and added by one instruction (pmaddwd).
#include "pixels_x86.hpp"

namespace unseen {
namespace {

struct Sums {
  __m256i low[2], high[2];  // of 32 levels, in the order in which unpack leaves them
};

inline __m256i sixteen(const int16_t* from) { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)); }

inline Sums blended(const int16_t* rows, size_t stride, const int16_t* weights, int taps) {
  Sums sums = {};
  for (int tap = 0; tap < taps; tap += 2, rows += 2 * stride) {
    const __m256i both = _mm256_set1_epi32(pair(weights + tap));
    for (int each = 0; each < 2; ++each) {
      const __m256i one = sixteen(rows + 16 * each), other = sixteen(rows + stride + 16 * each);
      sums.low[each] = _mm256_add_epi32(sums.low[each], _mm256_madd_epi16(_mm256_unpacklo_epi16(one, other), both));
      sums.high[each] = _mm256_add_epi32(sums.high[each], _mm256_madd_epi16(_mm256_unpackhi_epi16(one, other), both));
    }
  }
  return sums;
}

void blend_levels(const int16_t* rows, size_t stride, const int16_t* weights, int taps, size_t count, int16_t* out) {
  const __m256i half = _mm256_set1_epi32(1 << 13);
  for (size_t at = 0; at < count; at += 32) {
    const Sums sums = blended(rows + at, stride, weights, taps);
    for (int each = 0; each < 2; ++each) {
      const __m256i low = _mm256_srai_epi32(_mm256_add_epi32(sums.low[each], half), 14);
      const __m256i high = _mm256_srai_epi32(_mm256_add_epi32(sums.high[each], half), 14);
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + at + 16 * each), _mm256_packs_epi32(low, high));
    }
  }
}

void blend_sums(const int16_t* rows, size_t stride, const int16_t* weights, int taps, size_t count, int32_t* out) {
  for (size_t at = 0; at < count; at += 32) {
    const Sums sums = blended(rows + at, stride, weights, taps);
    for (int each = 0; each < 2; ++each) {
      auto* to = reinterpret_cast<__m256i*>(out + at + 16 * each);
      _mm256_storeu_si256(to, _mm256_permute2x128_si256(sums.low[each], sums.high[each], 0x20));
      _mm256_storeu_si256(to + 1, _mm256_permute2x128_si256(sums.low[each], sums.high[each], 0x31));
    }
  }
}

}  // namespace

const PixelKernels pixels_avx2 = {"avx2", blend_levels, blend_sums, transpose, spectrum,
                                   add_grey, add_colour, dot, levels, steps};

}  // namespace unseen
