// From 64 x 64 samples to bits and quality, and whether the reference's rounding could give others.
#pragma once
#include <cstdint>

namespace unseen {

struct Verdict {
  uint8_t bits[32];
  int quality;
  bool certain;
};

// `samples`: float32[64][64], values 0 to 255; `side`: the picture's longer side in pixels (unseen/fingerprint/pdq.py).
Verdict verdict(const float* samples, double side);

}  // namespace unseen
