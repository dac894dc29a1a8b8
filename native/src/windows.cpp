#include "windows.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "pixels.hpp"
#include "sampling.hpp"

namespace unseen {
namespace {

constexpr int LUMA_BITS = 7,  // as in `levels` of pixels.hpp
     WEIGHT_BITS = 14, SAMPLE_BITS = 15, COSINE_BITS = 20;
constexpr size_t LENGTH_PIXELS_MAX = size_t{1} << 16;
constexpr size_t ROWS_AHEAD = 1;  // the band is made even by a row of weight 0, which must be readable

// The operator of one direction in whole weights.
struct Whole {
  explicit Whole(int length) : Whole(Sampling(length)) {}
  explicit Whole(const Sampling& made) : taps(made.band + 1), first(made.first) {
    const auto wide = made.whole(WEIGHT_BITS);  // none is above 2^14
    weights.assign(wide.begin(), wide.end());
  }
  // For a plane whose pixels are blocks of `block` of the `length` pixels; the first block lacks its first `lead`.
  Whole(int length, int block, int lead);

  int taps;
  std::array<int32_t, SIDE> first;
  std::vector<int16_t> weights;
};

Whole::Whole(int length, int block, int lead) : Whole(length) {
  const int band = taps - 1, blocks = (length + lead + block - 1) / block;
  const int wide = std::min(blocks, (band + 2 * block - 2) / block);
  const std::vector<int16_t> fine = std::move(weights);
  taps = wide + wide % 2;
  weights.assign(static_cast<size_t>(taps) * SIDE, 0);
  for (int point = 0; point < SIDE; ++point) {
    const int from = first[point] + lead;
    first[point] = std::min(from / block, blocks - wide);
    for (int at = 0; at < band; ++at)
      weights[point * taps + (from + at) / block - first[point]] += fine[point * (band + 1) + at];
  }
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

  Plane(size_t height, size_t width) : stride(padded(width) + PIECE), levels((height + ROWS_AHEAD) * stride) {}
  Plane(const float* luma, size_t height, size_t width) : Plane(height, width) {
    for (size_t row = 0; row < height; ++row) pixel_kernels().levels(luma + row * width, width, &levels[row * stride]);
  }
};

class Windows {
 public:
  Windows(const Plane& plane, size_t height, size_t width) : plane_(plane), wholes_(std::max(height, width) + 1) {}

  // Boxes of the same rows share the pass down the columns.
  void rows(const Whole& vertical, int top, int left, int right) {
    left_ = left;
    stride_ = padded(right - left);
    blurred_.resize(SIDE * stride_);
    for (int point = 0; point < SIDE; ++point)
      kernels_.blend_levels(&plane_.levels[(top + vertical.first[point]) * plane_.stride + left], plane_.stride,
                            &vertical.weights[point * vertical.taps], vertical.taps, stride_, &blurred_[point * stride_]);
    turned_.resize((stride_ + ROWS_AHEAD) * SIDE);
    kernels_.transpose(blurred_.data(), stride_, stride_, turned_.data());
  }

  void box(const Whole& across, int left, float* coefficients, uint8_t& quality) {
    alignas(64) int32_t samples[SIDE * SIDE];
    for (int point = 0; point < SIDE; ++point)
      kernels_.blend_sums(&turned_[static_cast<size_t>(left - left_ + across.first[point]) * SIDE], SIDE,
                          &across.weights[point * across.taps], across.taps, SIDE, samples + point * SIDE);
    constexpr int DOWN = LUMA_BITS + WEIGHT_BITS - SAMPLE_BITS;
    for (int32_t& sample : samples) sample = (sample + (1 << (DOWN - 1))) >> DOWN;
    kernels_.spectrum(samples, cosines(), coefficients);
    quality = static_cast<uint8_t>(std::min(100u, kernels_.steps(samples) / 90));
  }

  const Whole& of(int length) {
    auto& made = wholes_[length];
    if (!made) made = std::make_unique<Whole>(length);
    return *made;
  }

 private:
  const Plane& plane_;
  const PixelKernels& kernels_ = pixel_kernels();
  std::vector<std::unique_ptr<Whole>> wholes_;
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
    const Box& first = boxes[order[at]];
    windows.rows(windows.of(first.bottom - first.top), first.top, left, right);
    for (; at < end; ++at) {
      const Box& box = boxes[order[at]];
      windows.box(windows.of(box.right - box.left), box.left, coefficients + 256 * order[at], qualities[order[at]]);
    }
  }
}

void reduced_spectrum(const uint8_t* grey, size_t height, size_t width, const Reduced& down, const Reduced& across,
                      float* coefficients, uint8_t& quality) {
  const auto fits = [](const Reduced& way, size_t count) {
    return way.block >= 1 && way.block <= 8 && way.lead >= 0 && way.lead < way.block && way.length >= SIDE_PIXELS_MIN &&
           static_cast<size_t>(way.length) <= LENGTH_PIXELS_MAX &&
           static_cast<size_t>((way.length + way.lead + way.block - 1) / way.block) == count;
  };
  if (!fits(down, height) || !fits(across, width)) throw std::invalid_argument("not the size of the reduced plane");
  Plane plane(height, width);
  for (size_t row = 0; row < height; ++row)
    for (size_t at = 0; at < width; ++at)
      plane.levels[row * plane.stride + at] = static_cast<int16_t>(grey[row * width + at] << LUMA_BITS);
  Windows windows(plane, 0, 0);
  windows.rows(Whole(down.length, down.block, down.lead), 0, 0, static_cast<int>(width));
  windows.box(Whole(across.length, across.block, across.lead), 0, coefficients, quality);
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
