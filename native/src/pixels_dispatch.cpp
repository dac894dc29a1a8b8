// Chooses the pixel kernels that go with the chosen search kernels.
#include <cstring>

#include "kernels.hpp"
#include "pixels.hpp"

namespace unseen {

const PixelKernels& pixel_kernels() {
#ifdef UNSEEN_X86
  __builtin_cpu_init();
  const bool wide = __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
  if (std::strcmp(kernels().name, "avx512") == 0 && wide) return pixels_avx512;
  if (std::strcmp(kernels().name, "scalar") != 0 && __builtin_cpu_supports("fma")) return pixels_avx2;
#endif
  return pixels_scalar;
}

}  // namespace unseen
