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

inline void widen(const uint8_t* three, size_t count, uint8_t* four) {
  const __m128i places = _mm_setr_epi8(0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11, -1);
  size_t at = 0;
  for (; at + 6 <= count; at += 4) {  // 16 bytes are read, 12 are used
    const __m128i pixels = _mm_loadu_si128(reinterpret_cast<const __m128i*>(three + 3 * at));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(four + 4 * at), _mm_shuffle_epi8(pixels, places));
  }
  widen_plain(three + 3 * at, count - at, four + 4 * at);
}

}  // namespace
}  // namespace unseen
