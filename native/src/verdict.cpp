#include "verdict.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "pixels.hpp"

namespace unseen {
namespace {

using Matrix = std::array<double, FREQUENCIES * SIDE>;

const Matrix& cosines() {
  static const Matrix table = [] {
    Matrix made;
    const double scale = static_cast<float>(std::sqrt(2.0 / SIDE));
    for (int frequency = 0; frequency < FREQUENCIES; ++frequency)
      for (int place = 0; place < SIDE; ++place)
        made[frequency * SIDE + place] =
            static_cast<float>(scale * std::cos(M_PI / 2.0 / SIDE * (frequency + 1) * (2 * place + 1)));
    return made;
  }();
  return table;
}

int graded(int steps) { return std::min(100, steps / 90); }

}  // namespace

Verdict verdict(const float* samples, double bit_drift, double step_drift) {
  std::array<double, FREQUENCIES * FREQUENCIES> full;
  pixel_kernels().exact_spectrum(samples, cosines().data(), full.data());
  auto sorted = full;
  std::nth_element(sorted.begin(), sorted.begin() + 127, sorted.end());
  const double lower = sorted[127], upper = *std::min_element(sorted.begin() + 128, sorted.end());
  Verdict made = {};
  for (int at = 0; at < 256; ++at)
    if (full[at] > lower) made.bits[31 - at / 8] |= static_cast<uint8_t>(1 << at % 8);
  const Steps steps = pixel_kernels().exact_steps(samples, static_cast<float>(step_drift));
  made.quality = graded(steps.total);
  made.certain = upper - lower > 2 * bit_drift &&
                 graded(steps.total - steps.doubtful) == graded(steps.total + steps.doubtful);
  return made;
}

}  // namespace unseen
