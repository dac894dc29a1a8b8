// Which buckets of which tables must be looked at so that no row within a radius can be missed, and what that costs.
#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "layout.hpp"

namespace unseen {

constexpr int ERRORS_MAX = 3;

// What things cost, in nanoseconds, measured on one Zen 4 core; only their proportions matter.
constexpr double PROBE_NS = 7;     // reading where a bucket begins, and its first line
constexpr double FAST_NS = 0.6;    // an entry with its 96 bits
constexpr double SMALL_NS = 5;     // an entry whose row must be fetched
constexpr double ROW_NS = 0.45;    // a row in a scan of what fits the cache
constexpr double FAR_ROW_NS = 1.0; // a row in a scan of main memory

struct Plan {
  // Per table how many errors in the substring are looked for; -1: the table is not needed.
  std::array<int, TABLES_MAX> errors;
  bool scan;
};

// Exact by the pigeonhole principle (Norouzi, Punjani, Fleet 2012): a row with more than errors[i] differing bits in
// every substring i differs in at least sum(errors[i] + 1) bits; so that sum is made greater than the radius.
// `scan_ns`: what a scan of all rows would cost.
Plan plan(const Layout& layout, uint32_t radius, double scan_ns);
double scan_ns(uint64_t rows);

// All values of `width` bits with at most `errors` set, fewest first.
const std::vector<uint32_t>& flips(unsigned width, int errors);

}  // namespace unseen
