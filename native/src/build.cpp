// Makes an index: for each table a counting sort of the rows by their substring.
#include "build.hpp"

#include <algorithm>
#include <cstring>
#include <thread>
#include <vector>

#include "kernels.hpp"

namespace unseen {
namespace {

constexpr uint64_t PIECE = 1024;  // rows: permuted once, then sorted into each table in turn

void entry(const Table& table, const Bits& bits, uint32_t row, int entry_bytes, uint8_t* to) {
  if (entry_bytes == FAST_BYTES) {
    const unsigned after = table.start + table.width;
    const uint64_t low = bits.at(after, 64), high = bits.at(after + 64, 32) | uint64_t{row} << 32;
    std::memcpy(to, &low, 8);
    std::memcpy(to + 8, &high, 8);
  } else {
    std::memcpy(to, &row, static_cast<size_t>(entry_bytes));  // little-endian: its lowest bytes
  }
}

uint32_t* offsets_of(const Table& table, uint8_t* body) { return reinterpret_cast<uint32_t*>(body + table.offsets); }

template <typename Each>
void each_piece(const Layout& layout, const uint8_t* rows, Each each) {
  std::vector<Bits> bits(PIECE);
  for (uint64_t first = 0; first < layout.count; first += PIECE) {
    const uint64_t taken = std::min(PIECE, layout.count - first);
    for (uint64_t at = 0; at < taken; ++at) bits[at] = permuted(rows + ROW_BYTES * (first + at));
    each(bits.data(), first, taken);
  }
}

// Tables `from`, `from + step`, ...: they do not touch each other.
void build_some(const Layout& layout, const uint8_t* rows, uint8_t* body, int from, int step) {
  each_piece(layout, rows, [&](const Bits* bits, uint64_t, uint64_t taken) {
    for (int number = from; number < layout.tables; number += step) {
      const Table& table = layout.table[number];
      uint32_t* counts = offsets_of(table, body) + 1;
      for (uint64_t at = 0; at < taken; ++at) ++counts[table.key(bits[at])];
    }
  });
  for (int number = from; number < layout.tables; number += step) {
    // Where each bucket begins, one place late: filling moves each number to where the next bucket begins.
    uint32_t* starts = offsets_of(layout.table[number], body) + 1;
    uint32_t sum = 0;
    for (uint64_t key = 0; key < uint64_t{1} << layout.table[number].width; ++key) {
      const uint32_t count = starts[key];
      starts[key] = sum;
      sum += count;
    }
  }
  each_piece(layout, rows, [&](const Bits* bits, uint64_t first, uint64_t taken) {
    for (int number = from; number < layout.tables; number += step) {
      const Table& table = layout.table[number];
      uint32_t* starts = offsets_of(table, body) + 1;
      const auto bytes = static_cast<size_t>(layout.entry_bytes);
      for (uint64_t at = 0; at < taken; ++at) {
        uint8_t* to = body + table.entries + bytes * starts[table.key(bits[at])]++;
        entry(table, bits[at], static_cast<uint32_t>(first + at), layout.entry_bytes, to);
      }
    }
  });
}

}  // namespace

void build(const Layout& layout, const uint8_t* rows, uint8_t* body) {
  const int threads = layout.count < 100'000 ? 1 : static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1u, 8u));
  std::vector<std::jthread> others;
  for (int from = 1; from < threads; ++from)
    others.emplace_back([&layout, rows, body, from, threads] { build_some(layout, rows, body, from, threads); });
  build_some(layout, rows, body, 0, threads);
}

}  // namespace unseen
