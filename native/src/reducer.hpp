// A picture reduced by a whole-number factor to the plain mean of each block, rounded as Pillow's `Image.reduce` rounds.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace unseen {

class Reducer {
 public:
  // Rows of `bytes_a_pixel` bytes, of which the first `channels` are kept. `factor` is at most 256: sums fit 16 bits.
  Reducer(size_t height, size_t width, size_t factor, size_t bytes_a_pixel, size_t channels);
  void row(const uint8_t* pixels);
  size_t height() const { return (rows_ + factor_ - 1) / factor_; }
  size_t width() const { return (width_ + factor_ - 1) / factor_; }
  std::vector<uint8_t> take() { return static_cast<std::vector<uint8_t>&&>(values_); }

 private:
  void flush();

  size_t rows_, width_, factor_, bytes_a_pixel_, channels_, next_ = 0, waiting_ = 0;
  std::vector<uint16_t> sums_;
  std::vector<uint8_t> values_;
};

}  // namespace unseen
