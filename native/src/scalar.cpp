// Kernels in plain C++: run anywhere, and are what the others must equal.
#include <cstring>

#include "kernels.hpp"

namespace unseen {
namespace {

uint64_t word(const uint8_t* from) {
  uint64_t value;
  std::memcpy(&value, from, 8);
  return value;
}

uint32_t distance(const uint8_t* one, const uint8_t* other) {
  uint32_t bits = 0;
  for (int at = 0; at < 32; at += 8) bits += __builtin_popcountll(word(one + at) ^ word(other + at));
  return bits;
}

size_t scan(const uint8_t* rows, size_t count, const uint8_t* query, uint32_t radius, Near* near) {
  size_t found = 0;
  for (size_t row = 0; row < count; ++row) {
    const uint32_t bits = distance(rows + ROW_BYTES * row, query);
    if (bits <= radius) near[found++] = {static_cast<uint32_t>(row), bits};
  }
  return found;
}

size_t filter(const Run* runs, const Run* end, const Run*, const uint8_t* bits, uint32_t radius, uint32_t* found) {
  constexpr uint64_t LOW = 0xffffffffu;
  size_t kept = 0;
  for (; runs < end; ++runs) {
    for (uint32_t at = 0; at < runs->count; ++at) {
      const uint8_t* entry = runs->first + INLINE_BYTES * at;
      const uint64_t rest = (word(entry + 8) ^ word(bits + 8)) & LOW;
      const uint32_t apart = __builtin_popcountll(word(entry) ^ word(bits)) + __builtin_popcountll(rest);
      if (apart <= radius) found[kept++] = static_cast<uint32_t>(word(entry + 8) >> 32);
    }
  }
  return kept;
}

size_t gather(const uint8_t* rows, const uint32_t* numbers, size_t count, const uint8_t* query, uint32_t radius,
              Near* near) {
  size_t found = 0;
  for (size_t at = 0; at < count; ++at) {
    const uint32_t bits = distance(rows + ROW_BYTES * numbers[at], query);
    if (bits <= radius) near[found++] = {numbers[at], bits};
  }
  return found;
}

uint32_t crc32c(const uint8_t* bytes, size_t size) {
  static const auto* table = [] {
    static uint32_t made[256];
    for (uint32_t byte = 0; byte < 256; ++byte) {
      uint32_t value = byte;
      for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ (value & 1 ? 0x82f63b78u : 0);  // Castagnoli, RFC 3720
      made[byte] = value;
    }
    return made;
  }();
  uint32_t value = ~0u;
  for (size_t at = 0; at < size; ++at) value = (value >> 8) ^ table[(value ^ bytes[at]) & 0xff];
  return ~value;
}

}  // namespace

const Kernels scalar = {"scalar", scan, filter, gather, crc32c};

}  // namespace unseen
