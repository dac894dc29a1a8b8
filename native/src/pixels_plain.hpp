// Steps in plain C++, inlined into the file of each instruction set, so that each copy is made with its file's flags.
// Every value is a whole number below 2^53, exact in a double: fused or reordered sums give the same bits.
#pragma once
#include "pixels.hpp"

namespace unseen {
namespace {

constexpr int HALF = SIDE / 2;
constexpr double DOWN_20 = 1.0 / (1 << 20);
constexpr double DOWN_27 = 1.0 / (1 << 27);

inline double rounded(double exact, double scale) { return __builtin_floor(exact * scale + 0.5); }

// A cosine of frequency f (1 to 16) is even or odd about the middle, so half of the products do. `from`: 64 rows of
// `width` values; `out`: 16 rows of `width`.
template <int width>
inline void transform(const double* from, const double* cosines, double scale, double* out) {
  constexpr int LANES = 8;
  for (int at = 0; at < width; at += LANES) {
    double even[HALF][LANES], odd[HALF][LANES];
    for (int place = 0; place < HALF; ++place)
      for (int lane = 0; lane < LANES; ++lane) {
        const double one = from[place * width + at + lane], other = from[(SIDE - 1 - place) * width + at + lane];
        even[place][lane] = one + other;
        odd[place][lane] = one - other;
      }
    for (int frequency = 0; frequency < FREQUENCIES; frequency += 4) {
      double sums[4][LANES] = {};
      for (int place = 0; place < HALF; ++place)
        for (int each = 0; each < 4; ++each) {
          const double weight = cosines[(frequency + each) * SIDE + place];
          const double* folded = each % 2 ? even[place] : odd[place];
          for (int lane = 0; lane < LANES; ++lane) sums[each][lane] += weight * folded[lane];
        }
      for (int each = 0; each < 4; ++each)
        for (int lane = 0; lane < LANES; ++lane)
          out[(frequency + each) * width + at + lane] = rounded(sums[each][lane], scale);
    }
  }
}

inline void spectrum(const int32_t* samples, const double* cosines, float* coefficients) {
  double whole[SIDE * SIDE], half[FREQUENCIES * SIDE], turned[SIDE * FREQUENCIES], full[FREQUENCIES * FREQUENCIES];
  for (int at = 0; at < SIDE * SIDE; ++at) whole[at] = samples[at];
  transform<SIDE>(whole, cosines, DOWN_20, half);  // over columns: half[frequency across][row]
  for (int frequency = 0; frequency < FREQUENCIES; ++frequency)
    for (int row = 0; row < SIDE; ++row) turned[row * FREQUENCIES + frequency] = half[frequency * SIDE + row];
  transform<FREQUENCIES>(turned, cosines, DOWN_27, full);
  for (int at = 0; at < FREQUENCIES * FREQUENCIES; ++at) coefficients[at] = static_cast<float>(full[at] / 256);
}

inline uint32_t step(int32_t one, int32_t other) {
  return static_cast<uint32_t>(one > other ? one - other : other - one) * 100u / (255u << 15);
}

inline uint32_t steps(const int32_t* samples) {
  uint32_t sum = 0;
  for (int at = 0; at < SIDE * (SIDE - 1); ++at) sum += step(samples[at], samples[at + SIDE]);
  for (int column = 0; column < SIDE; ++column)
    for (int row = 0; row < SIDE - 1; ++row) sum += step(samples[column * SIDE + row], samples[column * SIDE + row + 1]);
  return sum;
}

}  // namespace
}  // namespace unseen
