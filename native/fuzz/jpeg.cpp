// with: jpeg sampler sampling reducer reference pixels_dispatch pixels_scalar pixels_avx2 pixels_avx512 dispatch scalar avx2 avx512 -ljpeg
// libFuzzer target: any bytes as a JPEG, in every way that the kernels read one. The first byte chooses the way.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "../src/jpeg.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr size_t BUFFERED_PIXELS_MAX = 1 << 20;
  if (size == 0) return 0;
  const uint8_t way = data[0];
  std::vector<uint8_t> file(data + 1, data + size);  // a copy of just this size, so that a read past its end is seen
  std::vector<float> samples(unseen::SIDE * unseen::SIDE);
  unseen::Pixels pixels;
  unseen::JpegWanted wanted{(way & 1) != 0, {(way & 2) != 0, (way & 4) != 0, (way & 8) != 0}, (way & 16) ? size_t{16} : 0,
                            BUFFERED_PIXELS_MAX, 0, 0};
  unseen::jpeg_samples(file.data(), file.size(), wanted, samples.data(), pixels);
  if (way & 32) unseen::jpeg_reference(file.data(), file.size(), wanted, samples.data());
  if (way & 64) unseen::jpeg_reduced(file.data(), file.size(), 1u << (way & 3), wanted, pixels);
  return 0;
}
