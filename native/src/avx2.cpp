// Kernels for AVX2 (bits counted by a table of nibbles: Mula, Kurz, Lemire 2018).
#include <immintrin.h>

#include "kernels.hpp"
#include "x86.hpp"

namespace unseen {
namespace {

// Set bits of each 64-bit lane.
inline __m256i counted(__m256i value) {
  const __m256i nibbles = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,  //
                                           0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
  const __m256i low = _mm256_set1_epi8(15);
  const __m256i ones = _mm256_shuffle_epi8(nibbles, _mm256_and_si256(value, low));
  const __m256i twos = _mm256_shuffle_epi8(nibbles, _mm256_and_si256(_mm256_srli_epi32(value, 4), low));
  return _mm256_sad_epu8(_mm256_add_epi8(ones, twos), _mm256_setzero_si256());
}

inline __m256i row_at(const uint8_t* from) { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)); }

size_t scan(const uint8_t* rows, size_t count, const uint8_t* query, uint32_t radius, Near* near) {
  const __m256i asked = row_at(query);
  const __m256i above = _mm256_set1_epi64x(static_cast<long long>(radius) + 1);
  size_t found = 0, row = 0;
  for (; row + 4 <= count; row += 4) {
    __m256i bits[4];
    for (int at = 0; at < 4; ++at) bits[at] = counted(_mm256_xor_si256(row_at(rows + ROW_BYTES * (row + at)), asked));
    const __m256i first = _mm256_add_epi64(_mm256_unpacklo_epi64(bits[0], bits[1]), _mm256_unpackhi_epi64(bits[0], bits[1]));
    const __m256i second = _mm256_add_epi64(_mm256_unpacklo_epi64(bits[2], bits[3]), _mm256_unpackhi_epi64(bits[2], bits[3]));
    const __m256i sums =
        _mm256_add_epi64(_mm256_permute2x128_si256(first, second, 0x20), _mm256_permute2x128_si256(first, second, 0x31));
    int inside = _mm256_movemask_pd(_mm256_castsi256_pd(_mm256_cmpgt_epi64(above, sums)));
    if (inside == 0) continue;
    alignas(32) uint64_t distances[4];
    _mm256_store_si256(reinterpret_cast<__m256i*>(distances), sums);
    for (; inside; inside &= inside - 1) {
      const int at = __builtin_ctz(inside);
      near[found++] = {static_cast<uint32_t>(row + at), static_cast<uint32_t>(distances[at])};
    }
  }
  for (; row < count; ++row) {
    const uint32_t bits = distance(rows + ROW_BYTES * row, query);
    if (bits <= radius) near[found++] = {static_cast<uint32_t>(row), bits};
  }
  return found;
}

size_t filter(const Run* runs, const Run* end, const Run* ahead, const uint8_t* bits, uint32_t radius, uint32_t* found) {
  const uint64_t low = word(bits), high = word(bits + 8) & 0xffffffffu;
  size_t kept = 0;
  for (; runs < end; ++runs) {
    if (runs + AHEAD < ahead) _mm_prefetch(reinterpret_cast<const char*>(runs[AHEAD].first), _MM_HINT_T0);
    const uint8_t* entry = runs->first;
    for (uint32_t at = 0; at < runs->count; ++at, entry += INLINE_BYTES) {
      const uint64_t last = word(entry + 8);
      found[kept] = static_cast<uint32_t>(last >> 32);
      kept += _mm_popcnt_u64(word(entry) ^ low) + _mm_popcnt_u64((last ^ high) & 0xffffffffu) <= radius;
    }
  }
  return kept;
}

}  // namespace

const Kernels avx2 = {"avx2", scan, filter, gather, crc32c};

}  // namespace unseen
