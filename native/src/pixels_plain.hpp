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

// Each luma is (299 red + 587 green + 114 blue) / 1000, as the reference has it.
inline void add_grey(const uint8_t* pixels, float weight, size_t count, float* sums) {
  for (size_t at = 0; at < count; ++at) sums[at] += weight * static_cast<float>(pixels[at]);
}

inline void add_colour(const uint8_t* pixels, float weight, size_t count, float* sums) {
  const float share = weight / 1000;
  for (size_t at = 0; at < count; ++at, pixels += 4)
    sums[at] += share * static_cast<float>(299 * pixels[0] + 587 * pixels[1] + 114 * pixels[2]);
}

inline float dot(const float* one, const float* other, size_t count) {
  constexpr size_t LANES = 16;
  float lanes[LANES] = {}, sum = 0;
  size_t at = 0;
  for (; at + LANES <= count; at += LANES)
    for (size_t lane = 0; lane < LANES; ++lane) lanes[lane] += one[at + lane] * other[at + lane];
  for (; at < count; ++at) sum += one[at] * other[at];
  for (const float lane : lanes) sum += lane;
  return sum;
}

// Adding and taking away 1.5 * 2^23 rounds to the nearest whole number, halves to even, as rint does.
inline void levels(const float* luma, size_t count, int16_t* out) {
  constexpr float ROUNDS = 12582912.0f;
  for (size_t at = 0; at < count; ++at) {
    const float above = luma[at] > 0 ? luma[at] : 0, inside = above < 255 ? above : 255;
    out[at] = static_cast<int16_t>(static_cast<int32_t>(inside * 128 + ROUNDS - ROUNDS));
  }
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
