// Steps in plain C++, inlined into the file of each instruction set, so that each copy is made with its file's flags.
// Every value is a whole number below 2^53, exact in a double: fused or reordered sums give the same bits.
#pragma once
#include "pixels.hpp"

namespace unseen {
namespace {

constexpr int HALF = SIDE / 2;
#if defined(__AVX512F__)
constexpr int LANES = 8;  // doubles in a register
#elif defined(__AVX__)
constexpr int LANES = 4;
#else
constexpr int LANES = 2;
#endif
// Added and taken away, 1.5 * 2^23 rounds to the nearest whole number, halves to even, as rint does.
constexpr float ROUNDS = 12582912.0f;
constexpr double DOWN_20 = 1.0 / (1 << 20);
constexpr double DOWN_27 = 1.0 / (1 << 27);

// A cosine of frequency f (1 to 16) is even or odd about the middle, so half of the products do. `from`: 64 rows of
// `width` values; `out`: 16 rows of `width`, rounded after scaling (scale 0: as they are).
template <int width>
inline void transform(const double* from, const double* cosines, double scale, double* out) {
  typedef double Lanes __attribute__((vector_size(8 * LANES), aligned(8), may_alias));
  for (int at = 0; at < width; at += LANES) {
    Lanes folded[2][HALF];  // the sum for even frequencies, the difference for odd ones
    for (int place = 0; place < HALF; ++place) {
      const Lanes one = *reinterpret_cast<const Lanes*>(from + place * width + at);
      const Lanes other = *reinterpret_cast<const Lanes*>(from + (SIDE - 1 - place) * width + at);
      folded[0][place] = one + other;
      folded[1][place] = one - other;
    }
    for (int frequency = 0; frequency < FREQUENCIES; frequency += 8)
      for (int parity = 0; parity < 2; ++parity) {  // the frequencies f + 1 of one parity, four at a time
        const double* weights = cosines + (frequency + 1 - parity) * SIDE;
        const Lanes* values = folded[parity];
        Lanes sums[4] = {};
        for (int place = 0; place < HALF; ++place)
          for (int each = 0; each < 4; ++each) sums[each] += weights[2 * each * SIDE + place] * values[place];
        for (int each = 0; each < 4; ++each)
          *reinterpret_cast<Lanes*>(out + (frequency + 1 - parity + 2 * each) * width + at) = sums[each];
      }
  }
  if (scale != 0)
    for (int at = 0; at < FREQUENCIES * width; ++at) out[at] = __builtin_floor(out[at] * scale + 0.5);
}

// Over the first direction of `from`, then over the second: full[frequency of the second][frequency of the first].
inline void transform_both(const double* from, const double* cosines, double scale, double next_scale, double* full) {
  double half[FREQUENCIES * SIDE], turned[SIDE * FREQUENCIES];
  transform<SIDE>(from, cosines, scale, half);
  for (int frequency = 0; frequency < FREQUENCIES; ++frequency)
    for (int row = 0; row < SIDE; ++row) turned[row * FREQUENCIES + frequency] = half[frequency * SIDE + row];
  transform<FREQUENCIES>(turned, cosines, next_scale, full);
}

inline void spectrum(const int32_t* samples, const double* cosines, float* coefficients) {
  double whole[SIDE * SIDE], full[FREQUENCIES * FREQUENCIES];
  for (int at = 0; at < SIDE * SIDE; ++at) whole[at] = samples[at];
  transform_both(whole, cosines, DOWN_20, DOWN_27, full);
  for (int at = 0; at < FREQUENCIES * FREQUENCIES; ++at) coefficients[at] = static_cast<float>(full[at] / 256);
}

// Each luma is (299 red + 587 green + 114 blue) / 1000, as the reference has it.
inline void add_grey(const uint8_t* pixels, float weight, size_t count, float* sums) {
  for (size_t at = 0; at < count; ++at) sums[at] += weight * static_cast<float>(pixels[at]);
}

inline void add_colour_plain(const uint8_t* pixels, float weight, size_t count, float* sums) {
  const float share = weight / 1000;
  for (size_t at = 0; at < count; ++at, pixels += 4)
    sums[at] += share * static_cast<float>(299 * pixels[0] + 587 * pixels[1] + 114 * pixels[2]);
}

inline void widen_plain(const uint8_t* three, size_t count, uint8_t* four) {
  for (size_t at = 0; at < count; ++at)
    for (size_t channel = 0; channel < 3; ++channel) four[4 * at + channel] = three[3 * at + channel];
}

inline float dot(const float* one, const float* other, size_t count) {
  constexpr size_t TOGETHER = 16;
  float lanes[TOGETHER] = {}, sum = 0;
  size_t at = 0;
  for (; at + TOGETHER <= count; at += TOGETHER)
    for (size_t lane = 0; lane < TOGETHER; ++lane) lanes[lane] += one[at + lane] * other[at + lane];
  for (; at < count; ++at) sum += one[at] * other[at];
  for (const float lane : lanes) sum += lane;
  return sum;
}

inline void levels(const float* luma, size_t count, int16_t* out) {
  for (size_t at = 0; at < count; ++at) {
    const float above = luma[at] > 0 ? luma[at] : 0, inside = above < 255 ? above : 255;
    out[at] = static_cast<int16_t>(static_cast<int32_t>(inside * 128 + ROUNDS - ROUNDS));
  }
}

// `samples` row by row; the coefficients as they are, row by row.
inline void exact_spectrum(const float* samples, const double* cosines, double* full) {
  double turned[SIDE * SIDE];
  for (int row = 0; row < SIDE; ++row)
    for (int column = 0; column < SIDE; ++column) turned[column * SIDE + row] = samples[row * SIDE + column];
  transform_both(turned, cosines, 0, 0, full);
}

// One of the steps of `pdq.quality`, and whether it lies within `drift` of another whole number than 0.
inline void add_step(float one, float other, float drift, Steps* sums) {
  const float exact = (one - other) * 100.0f / 255.0f, nearest = exact + ROUNDS - ROUNDS, away = exact - nearest;
  const int32_t whole = static_cast<int32_t>(exact);
  sums->total += whole < 0 ? -whole : whole;
  sums->doubtful += (away <= drift) & (away >= -drift) & (nearest != 0);
}

inline Steps exact_steps(const float* samples, float drift) {
  Steps sums = {0, 0};
  for (int at = 0; at < SIDE * (SIDE - 1); ++at) add_step(samples[at], samples[at + SIDE], drift, &sums);
  for (int row = 0; row < SIDE; ++row)
    for (int column = 0; column < SIDE - 1; ++column)
      add_step(samples[row * SIDE + column], samples[row * SIDE + column + 1], drift, &sums);
  return sums;
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
