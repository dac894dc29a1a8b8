#include "reducer.hpp"

#include <algorithm>
#include <stdexcept>

namespace unseen {

Reducer::Reducer(size_t height, size_t width, size_t factor, size_t bytes_a_pixel, size_t channels)
    : rows_(height), width_(width), factor_(factor), bytes_a_pixel_(bytes_a_pixel), channels_(channels),
      sums_(width * bytes_a_pixel) {
  if (factor == 0 || factor > 256 || channels > bytes_a_pixel) throw std::invalid_argument("not a factor of 1 to 256");
  values_.reserve(this->height() * this->width() * channels);
}

void Reducer::row(const uint8_t* pixels) {
  if (next_ == rows_) throw std::logic_error("a row too many");
  ++next_;
  ++waiting_;
  uint16_t* sums = sums_.data();
  for (size_t at = 0, count = sums_.size(); at < count; ++at) sums[at] = static_cast<uint16_t>(sums[at] + pixels[at]);
  if (waiting_ == factor_ || next_ == rows_) flush();
}

void Reducer::flush() {
  for (size_t from = 0; from < width_; from += factor_) {
    const size_t until = std::min(width_, from + factor_);
    const auto count = static_cast<uint32_t>((until - from) * waiting_);
    const uint64_t share = (uint64_t{1} << 24) / count;  // Pillow's division by multiplication, truncated as there
    for (size_t channel = 0; channel < channels_; ++channel) {
      uint64_t sum = count / 2;
      for (size_t at = from; at < until; ++at) sum += sums_[at * bytes_a_pixel_ + channel];
      values_.push_back(static_cast<uint8_t>(sum * share >> 24));
    }
  }
  std::fill(sums_.begin(), sums_.end(), uint16_t{0});
  waiting_ = 0;
}

}  // namespace unseen
