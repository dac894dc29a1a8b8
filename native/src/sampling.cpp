#include "sampling.hpp"

#include <algorithm>

namespace unseen {
namespace {

constexpr int SHARE_BITS = 30;  // of one pixel's share 1/n in the inner blur

}  // namespace

Sampling::Sampling(int length) {
  const int window = (length + 2 * SIDE - 1) / (2 * SIDE), ahead = (window + 2) / 2 - 1;
  const auto low = [&](int at) { return std::max(0, at - (window - 1 - ahead)); };
  const auto high = [&](int at) { return std::min(length - 1, at + ahead) + 1; };
  band = 2 * window - 1;
  shares.resize(static_cast<size_t>(band) * SIDE);
  std::vector<int64_t> steps(band + 1);
  for (int point = 0; point < SIDE; ++point) {
    const int centre = static_cast<int>(int64_t{2 * point + 1} * length / (2 * SIDE));
    const int from = low(centre), until = high(centre);
    first[point] = std::min(low(from), length - band);  // the bands at the far edge are shorter
    std::fill(steps.begin(), steps.end(), 0);
    for (int inner = from; inner < until; ++inner) {
      const int64_t share = (int64_t{1} << SHARE_BITS) / (high(inner) - low(inner));
      steps[low(inner) - first[point]] += share;
      steps[high(inner) - first[point]] -= share;
    }
    int64_t running = 0, sum = 0;
    for (int at = 0; at < band; ++at) sum += shares[point * band + at] = running += steps[at];
    total[point] = sum;
  }
}

std::vector<int32_t> Sampling::whole(int bits) const {
  std::vector<int32_t> made(static_cast<size_t>(band + 1) * SIDE);
  for (int point = 0; point < SIDE; ++point) {
    int64_t sum = 0, before = 0;
    for (int at = 0; at < band; ++at) {
      sum += shares[point * band + at];
      const int64_t now = ((sum << (bits + 1)) + total[point]) / (2 * total[point]);
      made[point * (band + 1) + at] = static_cast<int32_t>(now - before);
      before = now;
    }
  }
  return made;
}

}  // namespace unseen
