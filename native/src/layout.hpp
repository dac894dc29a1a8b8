// How an index is laid out: tables of entries sorted by a substring of the permuted fingerprint. docs/bank-format.md.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

namespace unseen {

constexpr int TABLES_MAX = 16;
constexpr size_t LINE = 64;

// 256 bits after the fixed permutation, lowest bit first.
struct Bits {
  uint64_t words[4];
  // `width` (at most 64) bits from bit `start` on, around the end.
  uint64_t at(unsigned start, unsigned width) const {
    const unsigned word = (start >> 6) & 3, shift = start & 63;
    uint64_t value = words[word] >> shift;
    if (shift) value |= words[(word + 1) & 3] << (64 - shift);
    return width == 64 ? value : value & ((uint64_t{1} << width) - 1);
  }
};

Bits permuted(const uint8_t* row);

struct Table {
  unsigned start, width;
  size_t offsets;  // in the body: 2^width + 1 numbers of 4 bytes, where each bucket begins
  size_t entries;  // in the body: one entry a row, in the order of buckets, then of rows
  uint32_t key(const Bits& bits) const { return static_cast<uint32_t>(bits.at(start, width)); }
};

// scheme 1: 16 substrings of 16 bits. scheme 2: 8 of 22 and 4 of 20 bits, for millions of rows.
// entry_bytes 16 ("fast"): the 96 bits after the substring, then the row's number. 3 or 4 ("small"): the number only.
constexpr int FAST_BYTES = 16;
constexpr uint64_t NARROW_ROWS_MAX = uint64_t{1} << 24;  // row numbers of 3 bytes

struct Layout {
  Layout(uint64_t count, int scheme, int entry_bytes);
  uint64_t count;
  int tables, entry_bytes;
  std::array<Table, TABLES_MAX> table;
  size_t size;  // of the body, whole blocks
};

}  // namespace unseen
