#include "sampler.hpp"

#include <algorithm>
#include <stdexcept>

namespace unseen {
namespace {

// Turned around: point i of the reversed direction, counted from the other end.
Sampling reversed(Sampling made, int length) {
  for (int point = 0; point < SIDE; ++point) {
    const auto from = made.shares.begin() + point * made.band;
    std::reverse(from, from + made.band);
    made.first[point] = length - made.first[point] - made.band;
  }
  Sampling turned = made;
  for (int point = 0; point < SIDE; ++point) {
    turned.first[point] = made.first[SIDE - 1 - point];
    turned.total[point] = made.total[SIDE - 1 - point];
    std::copy_n(made.shares.begin() + (SIDE - 1 - point) * made.band, made.band, turned.shares.begin() + point * made.band);
  }
  return turned;
}

Sampling directed(size_t length, bool backwards) {
  if (length < SIDE_PIXELS_MIN || length > UINT16_MAX) throw std::invalid_argument("a side is too short or too long");
  Sampling made(static_cast<int>(length));
  return backwards ? reversed(std::move(made), static_cast<int>(length)) : made;
}

std::vector<float> weights(const Sampling& sampling) {
  std::vector<float> made(sampling.shares.size());
  for (size_t at = 0; at < made.size(); ++at)
    made[at] = static_cast<float>(static_cast<double>(sampling.shares[at]) / static_cast<double>(sampling.total[at / sampling.band]));
  return made;
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

Sampler::Sampler(size_t height, size_t width, Turn turn)
    : height_(height), width_(width), turn_(turn), down_(directed(height, turn.rows_reversed)),
      across_(directed(width, turn.columns_reversed)), down_weights_(weights(down_)), across_weights_(weights(across_)),
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
  for (int place = 0; place < SIDE; ++place)
    samples_[point * SIDE + place] =
        kernels_.dot(sums + across_.first[place], &across_weights_[place * across_.band], across_.band);
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
