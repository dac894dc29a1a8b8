#include "plan.hpp"

namespace unseen {
namespace {

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

double buckets(unsigned width, int errors) {  // with exactly so many errors
  double count = 1;
  for (int at = 0; at < errors; ++at) count = count * (width - at) / (at + 1);
  return count;
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

double scan_ns(uint64_t rows) { return static_cast<double>(rows) * (rows < 200'000 ? ROW_NS : FAR_ROW_NS); }

Plan plan(const Layout& layout, uint32_t radius, double scan_ns) {
  Plan made{};
  made.errors.fill(-1);
  const double entry_ns = layout.entry_bytes == 16 ? FAST_NS : SMALL_NS;
  double total = 0;
  for (uint32_t sum = 0; sum <= radius; ++sum) {
    int best = -1;
    double least = 0;
    for (int at = 0; at < layout.tables; ++at) {
      if (made.errors[at] == ERRORS_MAX) continue;
      const unsigned width = layout.table[at].width;
      const double filled = static_cast<double>(layout.count) / static_cast<double>(1u << width);
      const double cost = buckets(width, made.errors[at] + 1) * (PROBE_NS + filled * entry_ns);
      if (best < 0 || cost < least) best = at, least = cost;
    }
    total += least;
    if (best < 0 || total > scan_ns) {
      made.scan = true;
      return made;
    }
    ++made.errors[best];
  }
  return made;
}

}  // namespace unseen
