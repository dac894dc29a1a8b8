// From 64 x 64 samples to bits and quality, and whether rounding could give others.
#pragma once
#include <cstdint>

namespace unseen {

struct Verdict {
  uint8_t bits[32];
  int quality;
  bool certain;
};

// `samples`: float32[64][64], values 0 to 255. Certain: sums that differ by `bit_drift` in a coefficient and `step_drift` in
// a step of the quality give the same (unseen/fingerprint/pdq.py, `uncertain`).
Verdict verdict(const float* samples, double bit_drift, double step_drift);

}  // namespace unseen
