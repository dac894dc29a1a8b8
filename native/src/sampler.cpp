#include "sampler.hpp"

#include <algorithm>
#include <stdexcept>

namespace unseen {
namespace {

constexpr int WHOLE_BITS = 16;

// Which pixels each point reads, turned around: point i of the reversed direction, counted from the other end.
Sampling directed(size_t length, bool backwards) {
  if (length < SIDE_PIXELS_MIN || length > UINT16_MAX) throw std::invalid_argument("a side is too short or too long");
  Sampling made(static_cast<int>(length));
  if (!backwards) return made;
  std::reverse(made.first.begin(), made.first.end());
  for (int32_t& first : made.first) first = static_cast<int32_t>(length) - first - made.band;
  return made;
}

// Point i's weights from i * band on. Whole ones are made forwards and then turned around: rounding must not depend on the turn.
std::vector<float> weights(size_t length, bool backwards, Weights kind) {
  const Sampling sampling(static_cast<int>(length));
  const size_t band = sampling.band;
  std::vector<float> made(sampling.shares.size());
  const std::vector<int32_t> whole = sampling.whole(WHOLE_BITS);
  for (size_t at = 0; at < made.size(); ++at) {
    const size_t point = at / band;
    made[at] = kind == Weights::WHOLE ? static_cast<float>(whole[point * (band + 1) + at % band])
                                      : static_cast<float>(static_cast<double>(sampling.shares[at]) /
                                                           static_cast<double>(sampling.total[point]));
  }
  if (backwards) std::reverse(made.begin(), made.end());
  return made;
}

// Whole numbers below 2^40 add up exactly in doubles, in any order.
float whole_dot(const float* one, const float* other, size_t count) {
  double parts[4] = {};
  size_t at = 0;
  for (; at + 4 <= count; at += 4)
    for (size_t lane = 0; lane < 4; ++lane) parts[lane] += static_cast<double>(one[at + lane]) * static_cast<double>(other[at + lane]);
  for (; at < count; ++at) parts[0] += static_cast<double>(one[at]) * static_cast<double>(other[at]);
  return static_cast<float>((parts[0] + parts[1] + parts[2] + parts[3]) / (double{1u << WHOLE_BITS} * (1u << WHOLE_BITS)));
}

size_t overlap(const Sampling& sampling) {
  size_t most = 1;
  for (size_t from = 0, to = 0; to < SIDE; ++to) {
    while (sampling.first[from] + sampling.band <= sampling.first[to]) ++from;
    most = std::max(most, to - from + 1);
  }
  return most;
}

}  // namespace

Sampler::Sampler(size_t height, size_t width, Turn turn, Weights kind)
    : height_(height), width_(width), turn_(turn), kind_(kind), down_(directed(height, turn.rows_reversed)),
      across_(directed(width, turn.columns_reversed)), down_weights_(weights(height, turn.rows_reversed, kind)),
      across_weights_(weights(width, turn.columns_reversed, kind)),
      slots_(overlap(down_)), sums_(slots_ * width), samples_(SIDE * SIDE) {}

void Sampler::row(const uint8_t* pixels, int bytes_a_pixel) {
  if (complete()) throw std::logic_error("a row too many");
  const auto row = static_cast<int32_t>(next_++);
  while (open_ < SIDE && down_.first[open_] <= row) {
    float* sums = &sums_[open_++ % slots_ * width_];
    std::fill(sums, sums + width_, 0.0f);
  }
  for (int point = closed_; point < open_; ++point) {
    const float weight = down_weights_[point * down_.band + row - down_.first[point]];
    if (weight != 0)
      (bytes_a_pixel == 1 ? kernels_.add_grey : kernels_.add_colour)(pixels, weight, width_, &sums_[point % slots_ * width_]);
  }
  for (; closed_ < open_ && down_.first[closed_] + down_.band == row + 1; ++closed_) finish(closed_);
}

void Sampler::finish(int point) {
  const float* sums = &sums_[point % slots_ * width_];
  for (int place = 0; place < SIDE; ++place) {
    const float* from = sums + across_.first[place];
    const float* shares = &across_weights_[place * across_.band];
    samples_[point * SIDE + place] =
        kind_ == Weights::WHOLE ? whole_dot(from, shares, across_.band) : kernels_.dot(from, shares, across_.band);
  }
}

void Sampler::samples(float* out) const {
  if (!complete()) throw std::logic_error("rows are missing");
  for (int row = 0; row < SIDE; ++row)
    for (int column = 0; column < SIDE; ++column) {
      const int from_row = turn_.rows_reversed ? SIDE - 1 - row : row;
      const int from_column = turn_.columns_reversed ? SIDE - 1 - column : column;
      out[turn_.swapped ? column * SIDE + row : row * SIDE + column] = samples_[from_row * SIDE + from_column];
    }
}

}  // namespace unseen
