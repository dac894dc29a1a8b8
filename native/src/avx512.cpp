// Kernels for AVX-512 with VPOPCNTDQ, which counts the bits of each lane in one instruction.
#include <immintrin.h>

#include "kernels.hpp"
#include "x86.hpp"

namespace unseen {
namespace {

size_t scan(const uint8_t* rows, size_t count, const uint8_t* query, uint32_t radius, Near* near) {
  const __m512i asked = _mm512_broadcast_i64x4(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(query)));
  const __m512i limit = _mm512_set1_epi64(radius);
  constexpr int ORDER[8] = {0, 2, 1, 3, 4, 6, 5, 7};  // which row each lane of the sums belongs to
  size_t found = 0, row = 0;
  for (; row + 8 <= count; row += 8) {
    const uint8_t* from = rows + ROW_BYTES * row;
    __m512i bits[4];
    for (int at = 0; at < 4; ++at)
      bits[at] = _mm512_popcnt_epi64(_mm512_xor_si512(_mm512_loadu_si512(from + 64 * at), asked));
    const __m512i first = _mm512_add_epi64(_mm512_unpacklo_epi64(bits[0], bits[1]), _mm512_unpackhi_epi64(bits[0], bits[1]));
    const __m512i second = _mm512_add_epi64(_mm512_unpacklo_epi64(bits[2], bits[3]), _mm512_unpackhi_epi64(bits[2], bits[3]));
    const __m512i sums = _mm512_add_epi64(_mm512_shuffle_i64x2(first, second, _MM_SHUFFLE(2, 0, 2, 0)),
                                          _mm512_shuffle_i64x2(first, second, _MM_SHUFFLE(3, 1, 3, 1)));
    unsigned inside = _mm512_cmple_epu64_mask(sums, limit);
    if (inside == 0) continue;
    alignas(64) uint64_t distances[8];
    _mm512_store_si512(distances, sums);
    for (; inside; inside &= inside - 1) {
      const int lane = __builtin_ctz(inside);
      near[found++] = {static_cast<uint32_t>(row + ORDER[lane]), static_cast<uint32_t>(distances[lane])};
    }
  }
  for (; row < count; ++row) {
    const uint32_t bits = distance(rows + ROW_BYTES * row, query);
    if (bits <= radius) near[found++] = {static_cast<uint32_t>(row), bits};
  }
  return found;
}

// Four entries at a time: three lanes of each are bits, the fourth is the row's number.
size_t filter(const Run* runs, const Run* end, const Run* ahead, const uint8_t* bits, uint32_t radius, uint32_t* found) {
  const __m512i asked = _mm512_broadcast_i32x4(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bits)));
  const __m512i limit = _mm512_set1_epi32(static_cast<int>(radius));
  size_t kept = 0;
  for (; runs < end; ++runs) {
    if (runs + AHEAD < ahead) _mm_prefetch(reinterpret_cast<const char*>(runs[AHEAD].first), _MM_HINT_T0);
    const uint8_t* from = runs->first;
    for (uint32_t left = runs->count; left; from += 64) {
      const uint32_t taken = left < 4 ? left : 4;
      left -= taken;
      const auto present = static_cast<__mmask16>((1u << (4 * taken)) - 1);
      const __m512i entries = _mm512_maskz_loadu_epi32(present, from);
      __m512i sums = _mm512_maskz_popcnt_epi32(0x7777, _mm512_xor_si512(entries, asked));
      sums = _mm512_add_epi32(sums, _mm512_shuffle_epi32(sums, _MM_PERM_BADC));
      sums = _mm512_add_epi32(sums, _mm512_shuffle_epi32(sums, _MM_PERM_CDAB));
      const __mmask16 inside = _mm512_mask_cmple_epu32_mask(present & 0x8888, sums, limit);
      if (inside == 0) continue;
      _mm512_storeu_si512(found + kept, _mm512_maskz_compress_epi32(inside, entries));
      kept += __builtin_popcount(inside);
    }
  }
  return kept;
}

}  // namespace

const Kernels avx512 = {"avx512", scan, filter, gather, crc32c};

}  // namespace unseen
