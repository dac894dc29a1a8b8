// Plain JPEG files row by row through libjpeg-turbo, so that the whole picture is never in memory.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sampler.hpp"

namespace unseen {

struct Pixels {
  size_t height = 0, width = 0;
  int channels = 0;  // 1 grey, 3 red, green, blue
  std::vector<uint8_t> values;
};

struct JpegWanted {
  bool colour = true;             // as decoded; else the luma plane alone
  Turn turn;                      // from EXIF
  size_t small_side = 0;          // of the reduced copy (a little more is given); 0: none
  size_t buffered_pixels_max = 0; // of a file in several scans, whose coefficients must all be kept
};

// The functions answer false where the file is not plain (other than 8 bits, grey or YCbCr 4:4:4, 4:2:2, 4:4:0, 4:2:0,
// Huffman) or libjpeg has anything to say against it: then another decoder has the word. Without libjpeg-turbo: always.

// float32[64][64] samples of the righted picture, and a reduced copy as Pillow's `reduce` makes it (not righted).
bool jpeg_samples(const uint8_t* bytes, size_t size, const JpegWanted& wanted, float* samples, Pixels& small);

// The luma plane of a picture decoded at 1/2, 1/4 or 1/8 of its size (`shrink`), not righted.
bool jpeg_reduced(const uint8_t* bytes, size_t size, unsigned shrink, size_t buffered_pixels_max, Pixels& plane);

// Whether this build reads JPEG at all.
bool jpeg_is_read();

}  // namespace unseen
