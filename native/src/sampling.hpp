// Two box blurs of `length` pixels read at 64 points, as one banded operator (unseen/fingerprint/pdq.py, `sampling`).
#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "pixels.hpp"

namespace unseen {

constexpr int SIDE_PIXELS_MIN = 5;

struct Sampling {
  explicit Sampling(int length);

  int band;                         // pixels a point reads at most
  std::array<int32_t, SIDE> first;  // point i reads the pixels [first[i], first[i] + band)
  std::vector<int64_t> shares;      // [SIDE * band] whole shares of each pixel
  std::array<int64_t, SIDE> total;  // their sum

  // Whole weights that sum to 2^bits a point, cumulated and then rounded: [SIDE * (band + 1)], the last of each 0.
  std::vector<int32_t> whole(int bits) const;
};

}  // namespace unseen
