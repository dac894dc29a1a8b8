// PDQ of many boxes of one small plane, in whole numbers (the twin of unseen/fingerprint/windows.py).
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace unseen {

struct Box {
  int32_t left, top, right, bottom;
};

// `luma`: float32[height][width]. Room for 256 coefficients and one quality a box. Throws std::invalid_argument.
void window_spectra(const float* luma, size_t height, size_t width, const Box* boxes, size_t count, float* coefficients,
                    uint8_t* qualities);

// How one direction of `length` pixels was reduced: to blocks of `block`, the first without its first `lead` pixels.
struct Reduced {
  int length, block, lead;
};

// The same of a whole picture from a plane of its reduced luma, the weights summed over each block.
void reduced_spectrum(const uint8_t* grey, size_t height, size_t width, const Reduced& down, const Reduced& across,
                      float* coefficients, uint8_t& quality);

// One bit a coefficient, above the lower median of the 256, the last coefficient first: 32 bytes.
void spectrum_bits(const float* coefficients, uint8_t* packed);

}  // namespace unseen
