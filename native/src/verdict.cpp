#include "verdict.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "pixels.hpp"

namespace unseen {
namespace {

constexpr double BIT_DRIFT = 1e-2, STEP_DRIFT = 1.5e-3;  // as in pdq.py, measured there

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

struct Steps {
  int total = 0, doubtful = 0;

  void add(float one, float other, float drift) {
    const float exact = (one - other) * 100.0f / 255.0f, nearest = std::nearbyintf(exact);
    total += std::abs(static_cast<int>(exact));
    doubtful += std::fabs(exact - nearest) <= drift && nearest != 0;
  }
};

int graded(int steps) { return std::min(100, steps / 90); }

}  // namespace

Verdict verdict(const float* samples, double side) {
  double half[SIDE * FREQUENCIES] = {};  // [row][frequency across]
  std::array<double, FREQUENCIES * FREQUENCIES> full = {};
  for (int row = 0; row < SIDE; ++row)
    for (int frequency = 0; frequency < FREQUENCIES; ++frequency) {
      double lanes[8] = {};
      for (int place = 0; place < SIDE; ++place)
        lanes[place % 8] += cosines()[frequency * SIDE + place] * static_cast<double>(samples[row * SIDE + place]);
      for (const double lane : lanes) half[row * FREQUENCIES + frequency] += lane;
    }
  for (int down = 0; down < FREQUENCIES; ++down)
    for (int row = 0; row < SIDE; ++row)
      for (int across = 0; across < FREQUENCIES; ++across)
        full[down * FREQUENCIES + across] += cosines()[down * SIDE + row] * half[row * FREQUENCIES + across];
  auto sorted = full;
  std::nth_element(sorted.begin(), sorted.begin() + 127, sorted.end());
  const double lower = sorted[127], upper = *std::min_element(sorted.begin() + 128, sorted.end());
  Verdict made = {};
  for (int at = 0; at < 256; ++at)
    if (full[at] > lower) made.bits[31 - at / 8] |= static_cast<uint8_t>(1 << at % 8);
  const double drift = std::sqrt(std::max(1.0, side / 1000));
  Steps steps;
  for (int row = 0; row < SIDE; ++row)
    for (int column = 0; column < SIDE; ++column) {
      const float* at = samples + row * SIDE + column;
      if (row + 1 < SIDE) steps.add(at[0], at[SIDE], static_cast<float>(STEP_DRIFT * drift));
      if (column + 1 < SIDE) steps.add(at[0], at[1], static_cast<float>(STEP_DRIFT * drift));
    }
  made.quality = graded(steps.total);
  made.certain = upper - lower > 2 * BIT_DRIFT * drift &&
                 graded(steps.total - steps.doubtful) == graded(steps.total + steps.doubtful);
  return made;
}

}  // namespace unseen
