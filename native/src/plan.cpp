#include "plan.hpp"

#include <limits>

namespace unseen {
namespace {

// What things cost, in nanoseconds, measured on one Zen 4 core (benchmarks/search); only their proportions matter.
constexpr double PROBE_NS = 6;        // reading where a bucket begins, from tables that fit the cache
constexpr double FAR_PROBE_NS = 18;   // from tables that do not
constexpr double FAST_NS = 3.5;       // an entry with its 96 bits: reading it, in runs of a few
constexpr double FETCH_NS = 5;        // the row of an entry that its bits did not rule out, where the rows fit the cache
constexpr double FAR_FETCH_NS = 15;   // where they do not
constexpr double ROW_NS = 0.4;        // a row in a scan, where it is in the cache: few rows, or many queries in turn
constexpr double FAR_ROW_NS = 0.8;    // from main memory
constexpr uint64_t NEAR_ROWS = 200'000;
constexpr size_t MANY_QUERIES = 8;
constexpr unsigned NEAR_WIDTH = 16;
constexpr int INLINE_BITS = 96;

constexpr unsigned WIDTHS[] = {16, 20, 22};

std::vector<uint32_t> flips_up_to(unsigned width, int errors) {
  std::vector<uint32_t> all = {0};
  for (int set = 1; set <= errors; ++set)
    for (uint32_t value = (1u << set) - 1; value < (1u << width);) {
      all.push_back(value);
      const uint32_t lowest = value & -value, carried = value + lowest;  // the next with as many bits (Gosper)
      value = carried | (((value ^ carried) >> 2) / lowest);
    }
  return all;
}

double choose(unsigned from, int taken) {
  double count = 1;
  for (int at = 0; at < taken; ++at) count = count * (from - at) / (at + 1);
  return count;
}

// The share of unrelated entries whose 96 bits lie within the radius.
double passing(uint32_t radius) {
  static const auto shares = [] {
    std::array<double, INLINE_BITS + 1> sums{};
    double sum = 0;
    for (int bits = 0; bits <= INLINE_BITS; ++bits) sums[bits] = sum += choose(INLINE_BITS, bits) * 0x1p-96;
    return sums;
  }();
  return radius >= INLINE_BITS ? 1 : shares[radius];
}

}  // namespace

const std::vector<uint32_t>& flips(unsigned width, int errors) {
  struct Made {
    std::vector<uint32_t> of[3][ERRORS_MAX + 1];
    Made() {
      for (int kind = 0; kind < 3; ++kind)
        for (int count = 0; count <= ERRORS_MAX; ++count) of[kind][count] = flips_up_to(WIDTHS[kind], count);
    }
  };
  static const Made made;
  return made.of[width == WIDTHS[0] ? 0 : width == WIDTHS[1] ? 1 : 2][errors];
}

double scan_ns(uint64_t rows, size_t queries) {
  return static_cast<double>(rows) * (rows < NEAR_ROWS || queries >= MANY_QUERIES ? ROW_NS : FAR_ROW_NS);
}

double entries_ns(const Layout& layout, double entries, uint32_t radius) {
  const bool fast = layout.entry_bytes == FAST_BYTES;
  const double fetch_ns = layout.count < NEAR_ROWS ? FETCH_NS : FAR_FETCH_NS;
  return entries * (fast ? FAST_NS + passing(radius) * fetch_ns : fetch_ns);
}

Plan plan(const Layout& layout, uint32_t radius) {
  Plan made{};
  made.errors.fill(-1);
  made.look_up_ns = 0;
  for (uint32_t sum = 0; sum <= radius; ++sum) {
    int best = -1;
    double least = 0;
    for (int at = 0; at < layout.tables; ++at) {
      if (made.errors[at] == ERRORS_MAX) continue;
      const unsigned width = layout.table[at].width;
      const double filled = static_cast<double>(layout.count) / static_cast<double>(1u << width);
      const double probe_ns = width <= NEAR_WIDTH ? PROBE_NS : FAR_PROBE_NS;
      const double cost = choose(width, made.errors[at] + 1) * (probe_ns + entries_ns(layout, filled, radius));
      if (best < 0 || cost < least) best = at, least = cost;
    }
    if (best < 0) {
      made.look_up_ns = std::numeric_limits<double>::infinity();
      return made;
    }
    made.look_up_ns += least;
    ++made.errors[best];
  }
  return made;
}

}  // namespace unseen
