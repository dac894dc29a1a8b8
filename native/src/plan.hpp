// Which buckets of which tables must be looked at so that no row within a radius can be missed, and what that costs.
#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "layout.hpp"

namespace unseen {

constexpr int ERRORS_MAX = 4;

struct Plan {
  // Per table how many errors in the substring are looked for; -1: the table is not needed.
  std::array<int, TABLES_MAX> errors;
  double look_up_ns;  // what a query is expected to cost; infinite where the tables cannot serve
};

// Exact by the pigeonhole principle (Norouzi, Punjani, Fleet 2012): a row with more than errors[i] differing bits in
// every substring i differs in at least sum(errors[i] + 1) bits; so that sum is made greater than the radius.
Plan plan(const Layout& layout, uint32_t radius);
// What comparing one query with all rows costs, where so many queries take turns on each piece of them.
double scan_ns(uint64_t rows, size_t queries);
// What the entries of the buckets that a query meets cost at this radius.
double entries_ns(const Layout& layout, double entries, uint32_t radius);

// All values of `width` bits with at most `errors` set, fewest first.
const std::vector<uint32_t>& flips(unsigned width, int errors);

}  // namespace unseen
