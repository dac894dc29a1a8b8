#include "windows.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numeric>
#include <stdexcept>

#include "pixels.hpp"

namespace unseen {
namespace {

constexpr int LUMA_BITS = 7, WEIGHT_BITS = 14, SAMPLE_BITS = 15, COSINE_BITS = 20, SHARE_BITS = 30;
constexpr int SIDE_PIXELS_MIN = 5;
constexpr size_t LENGTH_PIXELS_MAX = size_t{1} << 16;
constexpr size_t ROWS_AHEAD = 1;  // the band is made even by a row of weight 0, which must be readable

// The operator of one direction: sample i is the sum of weights[i * taps + k] * pixel[first[i] + k].
struct Sampling {
  int taps;
  std::array<int32_t, SIDE> first;
  std::vector<int16_t> weights;
};

// The weights of one point from the inner shares: cumulated, then rounded, so that they sum to 2^14.
void fill(Sampling& made, int point, const std::vector<int64_t>& steps, int count) {
  int64_t total = 0;
  for (int64_t running = 0, at = 0; at < count; ++at) total += running += steps[at];
  int64_t running = 0, sum = 0, before = 0;
  for (int at = 0; at < count; ++at) {
    sum += running += steps[at];
    const int64_t whole = ((sum << (WEIGHT_BITS + 1)) + total) / (2 * total);
    made.weights[point * made.taps + at] = static_cast<int16_t>(whole - before);
    before = whole;
  }
}

Sampling sampling(int length) {
  const int window = (length + 2 * SIDE - 1) / (2 * SIDE), ahead = (window + 2) / 2 - 1;
  const auto low = [&](int at) { return std::max(0, at - (window - 1 - ahead)); };
  const auto high = [&](int at) { return std::min(length - 1, at + ahead) + 1; };
  const int band = 2 * window - 1;
  Sampling made{band + 1, {}, {}};
  made.weights.resize(static_cast<size_t>(made.taps) * SIDE);
  std::vector<int64_t> steps(2 * window + 1);
  for (int point = 0; point < SIDE; ++point) {
    const int centre = static_cast<int>(int64_t{2 * point + 1} * length / (2 * SIDE));
    const int from = low(centre), until = high(centre);
    made.first[point] = std::min(low(from), length - band);  // the bands at the far edge are shorter
    std::fill(steps.begin(), steps.end(), 0);
    for (int inner = from; inner < until; ++inner) {
      const int64_t share = (int64_t{1} << SHARE_BITS) / (high(inner) - low(inner));
      steps[low(inner) - made.first[point]] += share;
      steps[high(inner) - made.first[point]] -= share;
    }
    fill(made, point, steps, high(until - 1) - made.first[point]);
  }
  return made;
}

const double* cosines() {
  static const std::array<double, FREQUENCIES * SIDE> table = [] {
    std::array<double, FREQUENCIES * SIDE> made;
    for (int frequency = 0; frequency < FREQUENCIES; ++frequency)
      for (int place = 0; place < SIDE; ++place)
        made[frequency * SIDE + place] = std::rint(
            std::sqrt(2.0 / SIDE) * std::cos(M_PI / 2.0 / SIDE * (frequency + 1) * (2 * place + 1)) * (1 << COSINE_BITS));
    return made;
  }();
  return table.data();
}

size_t padded(size_t count) { return (count + PIECE - 1) / PIECE * PIECE; }

// Levels with LUMA_BITS fraction bits, in rows that can be read PIECE levels past any pixel.
struct Plane {
  size_t stride;
  std::vector<int16_t> levels;

  Plane(const float* luma, size_t height, size_t width)
      : stride(padded(width) + PIECE), levels((height + ROWS_AHEAD) * stride) {
    for (size_t row = 0; row < height; ++row)
      for (size_t at = 0; at < width; ++at) {
        const float level = luma[row * width + at];
        const float inside = level > 0 ? std::min(level, 255.0f) : 0.0f;  // a NaN is black
        levels[row * stride + at] = static_cast<int16_t>(std::lrintf(inside * (1 << LUMA_BITS)));
      }
  }
};

class Windows {
 public:
  Windows(const Plane& plane, size_t height, size_t width) : plane_(plane), samplings_(std::max(height, width) + 1) {}

  // Boxes of the same rows share the pass down the columns.
  void rows(int top, int bottom, int left, int right) {
    const Sampling& vertical = of(bottom - top);
    left_ = left;
    stride_ = padded(right - left);
    blurred_.resize(SIDE * stride_);
    for (int point = 0; point < SIDE; ++point)
      kernels_.blend_levels(&plane_.levels[(top + vertical.first[point]) * plane_.stride + left], plane_.stride,
                            &vertical.weights[point * vertical.taps], vertical.taps, stride_, &blurred_[point * stride_]);
    turned_.resize((stride_ + ROWS_AHEAD) * SIDE);
    kernels_.transpose(blurred_.data(), stride_, stride_, turned_.data());
  }

  void box(int left, int right, float* coefficients, uint8_t& quality) {
    const Sampling& across = of(right - left);
    alignas(64) int32_t samples[SIDE * SIDE];
    for (int point = 0; point < SIDE; ++point)
      kernels_.blend_sums(&turned_[static_cast<size_t>(left - left_ + across.first[point]) * SIDE], SIDE,
                          &across.weights[point * across.taps], across.taps, SIDE, samples + point * SIDE);
    constexpr int DOWN = LUMA_BITS + WEIGHT_BITS - SAMPLE_BITS;
    for (int32_t& sample : samples) sample = (sample + (1 << (DOWN - 1))) >> DOWN;
    kernels_.spectrum(samples, cosines(), coefficients);
    quality = static_cast<uint8_t>(std::min(100u, kernels_.steps(samples) / 90));
  }

 private:
  const Sampling& of(int length) {
    auto& made = samplings_[length];
    if (!made) made = std::make_unique<Sampling>(sampling(length));
    return *made;
  }

  const Plane& plane_;
  const PixelKernels& kernels_ = pixel_kernels();
  std::vector<std::unique_ptr<Sampling>> samplings_;
  std::vector<int16_t> blurred_, turned_;
  size_t stride_ = 0;
  int left_ = 0;
};

void check(size_t height, size_t width, const Box* boxes, size_t count) {
  if (height > LENGTH_PIXELS_MAX || width > LENGTH_PIXELS_MAX) throw std::invalid_argument("the plane is too large");
  const auto tall = static_cast<int32_t>(height), wide = static_cast<int32_t>(width);
  for (const Box* box = boxes; box < boxes + count; ++box)
    if (box->left < 0 || box->top < 0 || box->right > wide || box->bottom > tall ||
        box->right - int64_t{box->left} < SIDE_PIXELS_MIN || box->bottom - int64_t{box->top} < SIDE_PIXELS_MIN)
      throw std::invalid_argument("a box is outside the plane or too small");
}

}  // namespace

void window_spectra(const float* luma, size_t height, size_t width, const Box* boxes, size_t count, float* coefficients,
                    uint8_t* qualities) {
  check(height, width, boxes, count);
  const Plane plane(luma, height, width);
  Windows windows(plane, height, width);
  std::vector<size_t> order(count);
  std::iota(order.begin(), order.end(), size_t{0});
  const auto rows_of = [&](size_t at) { return std::pair(boxes[at].top, boxes[at].bottom); };
  std::stable_sort(order.begin(), order.end(), [&](size_t one, size_t other) { return rows_of(one) < rows_of(other); });
  for (size_t at = 0; at < count;) {
    int left = boxes[order[at]].left, right = boxes[order[at]].right;
    size_t end = at + 1;
    for (; end < count && rows_of(order[end]) == rows_of(order[at]); ++end) {
      left = std::min(left, boxes[order[end]].left);
      right = std::max(right, boxes[order[end]].right);
    }
    windows.rows(boxes[order[at]].top, boxes[order[at]].bottom, left, right);
    for (; at < end; ++at) {
      const Box& box = boxes[order[at]];
      windows.box(box.left, box.right, coefficients + 256 * order[at], qualities[order[at]]);
    }
  }
}

void spectrum_bits(const float* coefficients, uint8_t* packed) {
  std::array<float, 256> sorted;
  std::copy_n(coefficients, 256, sorted.begin());
  std::nth_element(sorted.begin(), sorted.begin() + 127, sorted.end());
  for (int byte = 0; byte < 32; ++byte) {
    int value = 0;
    for (int bit = 0; bit < 8; ++bit) value = 2 * value + (coefficients[255 - 8 * byte - bit] > sorted[127]);
    packed[byte] = static_cast<uint8_t>(value);
  }
}

}  // namespace unseen
