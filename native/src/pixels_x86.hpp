// Shared by the x86 pixel kernels: inlined into each, so that each copy is made with its file's flags.
#pragma once
#include <immintrin.h>

#include "pixels_plain.hpp"

namespace unseen {
namespace {

inline __m128i eight(const int16_t* from) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from)); }

inline void keep(int16_t* to, __m128i value) { _mm_storeu_si128(reinterpret_cast<__m128i*>(to), value); }

inline int32_t pair(const int16_t* weights) {
  int32_t both;
  __builtin_memcpy(&both, weights, 4);
  return both;
}

inline void transpose(const int16_t* from, size_t stride, size_t count, int16_t* to) {
  for (size_t at = 0; at < count; at += 8)
    for (size_t row = 0; row < SIDE; row += 8) {
      __m128i in[8], two[8], four[8];
      for (size_t each = 0; each < 8; ++each) in[each] = eight(from + (row + each) * stride + at);
      for (size_t each = 0; each < 4; ++each) {
        two[2 * each] = _mm_unpacklo_epi16(in[2 * each], in[2 * each + 1]);
        two[2 * each + 1] = _mm_unpackhi_epi16(in[2 * each], in[2 * each + 1]);
      }
      for (size_t each = 0; each < 2; ++each) {
        four[4 * each] = _mm_unpacklo_epi32(two[4 * each], two[4 * each + 2]);
        four[4 * each + 1] = _mm_unpackhi_epi32(two[4 * each], two[4 * each + 2]);
        four[4 * each + 2] = _mm_unpacklo_epi32(two[4 * each + 1], two[4 * each + 3]);
        four[4 * each + 3] = _mm_unpackhi_epi32(two[4 * each + 1], two[4 * each + 3]);
      }
      for (size_t each = 0; each < 4; ++each) {
        keep(to + (at + 2 * each) * SIDE + row, _mm_unpacklo_epi64(four[each], four[4 + each]));
        keep(to + (at + 2 * each + 1) * SIDE + row, _mm_unpackhi_epi64(four[each], four[4 + each]));
      }
    }
}

}  // namespace
}  // namespace unseen
