// with: search segment resident build plan layout checked dispatch scalar avx2 avx512
// Hostile bytes in an index: whatever its numbers say, a search reads nothing outside the file and ends.
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "../src/build.hpp"
#include "../src/search.hpp"

using namespace unseen;

namespace {

constexpr uint32_t ROWS = 200;
constexpr size_t PATCH = 8, TABLE_PATCHES_MAX = 64;

struct Kind {
  int scheme, entry_bytes;
};
constexpr Kind KINDS[] = {{1, 16}, {1, 3}, {1, 4}};

// Rows that lean together, so that buckets hold more than one, and an index of each kind, whole.
struct Bank {
  std::vector<uint8_t> file = std::vector<uint8_t>(FILE_HEAD + 40 * ROWS);
  std::vector<std::vector<uint8_t>> bodies;
  Bank() {
    uint8_t* rows = file.data() + FILE_HEAD + 8 * ROWS;
    uint64_t state = 7;
    for (uint32_t at = 0; at < 32 * ROWS; ++at) rows[at] = static_cast<uint8_t>((state = state * 6364136223846793005u + 1) >> 60);
    for (const Kind& kind : KINDS) {
      const Layout layout(ROWS, kind.scheme, kind.entry_bytes);
      bodies.emplace_back(layout.size);
      build(layout, rows, bodies.back().data());
    }
  }
};

}  // namespace

// First byte: kernels; second: kind of index; third: radius; 32 bytes: the query; then patches: 4 bytes where, 4 bytes what.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static Bank bank;
  if (size < 35) return 0;
  static const char* const NAMES[] = {"scalar", "avx2", "avx512", ""};
  force(NAMES[data[0] % 4]);
  const size_t number = data[1] % std::size(KINDS);
  const uint32_t radius = data[2];
  std::vector<uint8_t>& body = bank.bodies[number];
  const Layout layout(ROWS, KINDS[number].scheme, KINDS[number].entry_bytes);
  std::vector<std::pair<size_t, uint32_t>> before;
  for (size_t at = 35; at + PATCH <= size && before.size() < TABLE_PATCHES_MAX; at += PATCH) {
    uint32_t place, value, old;
    std::memcpy(&place, data + at, 4);
    std::memcpy(&value, data + at + 4, 4);
    // Half of the patches meet what the query looks at: its own buckets.
    const Table& table = layout.table[place % static_cast<uint32_t>(layout.tables)];
    const size_t key = table.key(permuted(data + 3)) ^ (place >> 28);
    size_t where = place & 0x8000000 ? table.offsets + 4 * key : place % (body.size() - 4);
    if (where > body.size() - 4) where = body.size() - 4;
    std::memcpy(&old, body.data() + where, 4);
    before.emplace_back(where, old);
    std::memcpy(body.data() + where, &value, 4);
  }
  Segment segment(Checked(bank.file.data(), bank.file.size(), nullptr, "rows"), ROWS);
  // The bytes end where the heap's own end, so that a read behind them is seen.
  segment.set_index(Checked(body.data(), body.size(), nullptr, "index"), layout, 0);
  std::vector<Hit> hits;
  try {
    search({&segment}, data + 3, 1, radius, 1, 1e9, hits);
    for (const Hit& hit : hits)
      if (hit.distance > radius) __builtin_trap();
  } catch (const Damaged&) {
  }
  for (size_t at = before.size(); at-- > 0;) std::memcpy(body.data() + before[at].first, &before[at].second, 4);
  return 0;
}
