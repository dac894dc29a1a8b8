// The float32 steps of the reference in their order (unseen/fingerprint/reference.py), row by row in little memory.
// Built without fused multiplication, which would round elsewhere.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "pixels.hpp"

namespace unseen {

// A running sum down the columns: its rows come out `ahead` rows after they went in.
class BoxDown {
 public:
  BoxDown(size_t height, size_t width);
  // The next row, or null for each row that is still owed after the last. Answers the next blurred row, or null where it
  // is not complete yet.
  const float* row(const float* values);

 private:
  size_t height_, width_, window_, ahead_, came_ = 0, left_ = 0;
  std::vector<float> recent_, running_, out_;
};

class Reference {
 public:
  // Throws std::invalid_argument.
  Reference(size_t height, size_t width);
  size_t width() const { return width_; }
  // The next row of luma. Throws std::logic_error after the last.
  void row(const float* luma);
  // float32[64][64]. Throws std::logic_error before the last row.
  void samples(float* out);

 private:
  static constexpr size_t TOGETHER = 8;  // rows whose running sums are independent of each other, so they overlap

  void along(std::vector<float>& rows);
  void flush();
  void down(const float* row);
  void flush_second();
  void down_second(const float* row);

  size_t height_, width_, window_, ahead_, came_ = 0, waiting_ = 0, waiting_second_ = 0, made_ = 0;
  std::vector<float> counts_, sums_, first_, second_, samples_;
  BoxDown down_, down_second_;
  std::vector<size_t> rows_, columns_;
};

}  // namespace unseen
