// Shared by the x86 kernels: inlined into each, so that each copy is made with its file's flags.
#pragma once
#include <immintrin.h>

#include "kernels.hpp"

namespace unseen {
namespace {

constexpr int AHEAD = 12;  // buckets: enough cache lines in flight to cover one miss to memory

inline uint64_t word(const uint8_t* from) {
  uint64_t value;
  __builtin_memcpy(&value, from, 8);
  return value;
}

inline uint32_t distance(const uint8_t* one, const uint8_t* other) {
  uint64_t bits = 0;
  for (int at = 0; at < 32; at += 8) bits += _mm_popcnt_u64(word(one + at) ^ word(other + at));
  return static_cast<uint32_t>(bits);
}

inline size_t gather(const uint8_t* rows, const uint32_t* numbers, size_t count, const uint8_t* query, uint32_t radius,
                     Near* near) {
  size_t found = 0;
  for (size_t at = 0; at < count; ++at) {
    if (at + AHEAD < count)
      _mm_prefetch(reinterpret_cast<const char*>(rows + ROW_BYTES * numbers[at + AHEAD]), _MM_HINT_T0);
    const uint32_t bits = distance(rows + ROW_BYTES * numbers[at], query);
    if (bits <= radius) near[found++] = {numbers[at], bits};
  }
  return found;
}

inline uint32_t crc32c(const uint8_t* bytes, size_t size) {
  uint64_t value = 0xffffffffu;
  for (; size >= 8; size -= 8, bytes += 8) value = _mm_crc32_u64(value, word(bytes));
  auto rest = static_cast<uint32_t>(value);
  for (; size; --size, ++bytes) rest = _mm_crc32_u8(rest, *bytes);
  return ~rest;
}

}  // namespace
}  // namespace unseen
