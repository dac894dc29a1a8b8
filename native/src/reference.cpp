#include "reference.hpp"

#include <algorithm>
#include <stdexcept>

namespace unseen {
namespace {

size_t window_of(size_t length) { return (length + 2 * SIDE - 1) / (2 * SIDE); }
size_t ahead_of(size_t window) { return (window + 2) / 2 - 1; }

std::vector<size_t> points(size_t length) {
  std::vector<size_t> made(SIDE);
  for (size_t point = 0; point < SIDE; ++point) made[point] = (2 * point + 1) * length / (2 * SIDE);
  return made;
}

}  // namespace

BoxDown::BoxDown(size_t height, size_t width)
    : height_(height), width_(width), window_(window_of(height)), ahead_(ahead_of(window_)), recent_(window_ * width),
      running_(width), out_(width) {}

const float* BoxDown::row(const float* values) {
  if (values != nullptr) {
    float* place = &recent_[came_ % window_ * width_];  // holds the row that leaves, if one does
    const bool leaves = came_ >= window_;
    for (size_t at = 0; at < width_; ++at) running_[at] += values[at];
    if (leaves)
      for (size_t at = 0; at < width_; ++at) running_[at] -= place[at];
    std::copy_n(values, width_, place);
    left_ += leaves;
    if (++came_ <= ahead_) return nullptr;
  } else {
    const float* place = &recent_[left_++ % window_ * width_];
    for (size_t at = 0; at < width_; ++at) running_[at] -= place[at];
  }
  const auto count = static_cast<float>(came_ - left_);
  for (size_t at = 0; at < width_; ++at) out_[at] = running_[at] / count;
  return out_.data();
}

Reference::Reference(size_t height, size_t width)
    : height_(height), width_(width), window_(window_of(width)), ahead_(ahead_of(window_)), counts_(width),
      sums_(TOGETHER * width), first_(TOGETHER * width), second_(TOGETHER * width), samples_(SIDE * SIDE),
      down_(height, width), down_second_(height, SIDE), rows_(points(height)), columns_(points(width)) {
  if (std::min(height, width) < 5 || std::max(height, width) > UINT16_MAX)
    throw std::invalid_argument("a side is too short or too long");
  for (size_t at = 0; at < width; ++at)
    counts_[at] = static_cast<float>(std::min(at + ahead_, width - 1) + 1 - (at + ahead_ + 1 > window_ ? at + ahead_ + 1 - window_ : 0));
}

// The blurred rows in place of TOGETHER rows: one running sum a row, + right edge, - left edge.
void Reference::along(std::vector<float>& rows) {
  float running[TOGETHER] = {};
  for (size_t at = 0; at < width_ + ahead_; ++at) {
    if (at < width_)
      for (size_t row = 0; row < TOGETHER; ++row) running[row] += rows[row * width_ + at];
    if (at >= window_)
      for (size_t row = 0; row < TOGETHER; ++row) running[row] -= rows[row * width_ + at - window_];
    if (at >= ahead_)
      for (size_t row = 0; row < TOGETHER; ++row) sums_[row * width_ + at - ahead_] = running[row];
  }
  for (size_t row = 0; row < TOGETHER; ++row)
    for (size_t at = 0; at < width_; ++at) rows[row * width_ + at] = sums_[row * width_ + at] / counts_[at];
}

void Reference::row(const float* luma) {
  if (came_++ == height_) throw std::logic_error("a row too many");
  std::copy_n(luma, width_, &first_[waiting_ * width_]);
  if (++waiting_ == TOGETHER || came_ == height_) flush();
}

void Reference::flush() {
  along(first_);
  for (size_t row = 0; row < waiting_; ++row) down(down_.row(&first_[row * width_]));
  waiting_ = 0;
  if (came_ < height_) return;
  for (size_t row = 0; row < ahead_of(window_of(height_)); ++row) down(down_.row(nullptr));
  flush_second();
  for (size_t row = 0; row < ahead_of(window_of(height_)); ++row) down_second(down_second_.row(nullptr));
}

void Reference::down(const float* row) {
  if (row == nullptr) return;
  std::copy_n(row, width_, &second_[waiting_second_ * width_]);
  if (++waiting_second_ == TOGETHER) flush_second();
}

void Reference::flush_second() {
  along(second_);
  for (size_t row = 0; row < waiting_second_; ++row) {
    float kept[SIDE];
    for (size_t column = 0; column < SIDE; ++column) kept[column] = second_[row * width_ + columns_[column]];
    down_second(down_second_.row(kept));
  }
  waiting_second_ = 0;
}

void Reference::down_second(const float* row) {
  if (row == nullptr) return;
  for (size_t point = 0; point < SIDE; ++point)
    if (rows_[point] == made_) std::copy_n(row, SIDE, &samples_[point * SIDE]);
  ++made_;
}

void Reference::samples(float* out) {
  if (made_ != height_) throw std::logic_error("rows are missing");
  std::copy(samples_.begin(), samples_.end(), out);
}

}  // namespace unseen
