// with: search segment resident build plan layout checked dispatch scalar avx2 avx512
// Any rows, queries and radius: each instruction set, scanning and looking up, finds what a plain loop finds.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <tuple>
#include <vector>

#include "../src/build.hpp"
#include "../src/search.hpp"

using namespace unseen;

namespace {

constexpr size_t ROWS_MAX = 48, QUERIES = 2;

uint32_t apart(const uint8_t* one, const uint8_t* other) {
  uint32_t bits = 0;
  for (size_t at = 0; at < ROW_BYTES; ++at) bits += __builtin_popcount(one[at] ^ other[at]);
  return bits;
}

using Found = std::vector<std::tuple<int64_t, uint32_t, uint64_t>>;

Found found(const Segment& segment, const uint8_t* queries, uint32_t radius, double scan_price) {
  std::vector<Hit> hits;
  search({&segment}, queries, QUERIES, radius, 1, scan_price, hits);
  Found made;
  for (const Hit& hit : hits) made.emplace_back(hit.query, hit.distance, hit.id);
  return made;
}

}  // namespace

// Two bytes: radius and kind; a query; then rows, each 2 bytes of places to flip from the query's bits, or 32 raw bytes.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2 + QUERIES * ROW_BYTES) return 0;
  const uint32_t radius = data[0];
  const bool indexed = data[1] % 64 == 0;  // tables take milliseconds to make
  const uint8_t* queries = data + 2;
  std::vector<uint8_t> rows;
  for (size_t at = 2 + QUERIES * ROW_BYTES; at < size && rows.size() < ROWS_MAX * ROW_BYTES;) {
    const size_t kind = data[at++];
    uint8_t row[ROW_BYTES];
    std::memcpy(row, queries + ROW_BYTES * (kind % QUERIES), ROW_BYTES);
    for (size_t left = kind / 2; left && at < size; --left, ++at) row[data[at] / 8] ^= static_cast<uint8_t>(1 << data[at] % 8);
    rows.insert(rows.end(), row, row + ROW_BYTES);
  }
  const uint64_t count = rows.size() / ROW_BYTES;
  std::vector<uint8_t> file(FILE_HEAD + 40 * count);
  for (uint64_t row = 0; row < count; ++row) std::memcpy(file.data() + FILE_HEAD + 8 * row, &row, 8);
  if (count) std::memcpy(file.data() + FILE_HEAD + 8 * count, rows.data(), rows.size());
  Found expected;
  for (size_t query = 0; query < QUERIES; ++query)
    for (uint64_t row = 0; row < count; ++row) {
      const uint32_t bits = apart(rows.data() + ROW_BYTES * row, queries + ROW_BYTES * query);
      if (bits <= radius) expected.emplace_back(query, bits, row);
    }
  std::sort(expected.begin(), expected.end());
  std::vector<uint8_t> body;
  Segment segment(Checked(file.data(), file.size(), nullptr, "rows"), count);
  if (indexed) {
    const Layout layout(count, 1, data[1] & 128 ? 3 : 16);
    body.resize(layout.size);
    build(layout, rows.data(), body.data());
    segment.set_index(Checked(body.data(), body.size(), nullptr, "index"), layout, 0);
  }
  for (const char* name : {"scalar", "avx2", "avx512"}) {
    if (!force(name)) continue;
    for (const double scan_price : {1.0, 1e9})
      if (found(segment, queries, radius, scan_price) != expected) __builtin_trap();
  }
  return 0;
}
