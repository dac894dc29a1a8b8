// The 64 x 64 samples of a whole picture from its rows, keeping a few rows of sums instead of the picture.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "pixels.hpp"
#include "sampling.hpp"

namespace unseen {

// How the rows at hand become the righted picture: each direction turned around, then rows and columns swapped.
struct Turn {
  bool rows_reversed = false, columns_reversed = false, swapped = false;
};

// Of colour, sums in float32 drift by rounding. Of grey, weights may be whole numbers that add up to 2^16: a sum of 8-bit levels
// stays below 2^24, float32 holds it exactly, and any order of addition gives the same bits (unseen/fingerprint/plane.py).
enum class Weights { FLOAT, WHOLE };

class Sampler {
 public:
  // Of the rows at hand, both at least SIDE_PIXELS_MIN. Throws std::invalid_argument.
  Sampler(size_t height, size_t width, Turn turn, Weights weights = Weights::FLOAT);
  // The next row: `width` pixels of 1 (grey) or 4 (red, green, blue, unused) bytes. Throws std::logic_error after the last.
  void row(const uint8_t* pixels, int bytes_a_pixel);
  size_t width() const { return width_; }
  bool complete() const { return next_ == height_; }
  // float32[64][64] of the righted picture. Throws std::logic_error before the last row.
  void samples(float* out) const;

 private:
  void finish(int point);

  size_t height_, width_, next_ = 0;
  Turn turn_;
  Weights kind_;
  const PixelKernels& kernels_ = pixel_kernels();
  Sampling down_, across_;
  std::vector<float> down_weights_, across_weights_;
  size_t slots_;                // points that one row can belong to
  std::vector<float> sums_;     // [slots][width]
  std::vector<float> samples_;  // [64][64] of the rows at hand
  int open_ = 0, closed_ = 0;   // points begun, points finished
};

}  // namespace unseen
