// Chooses the kernels of this processor, once, unless a test forces others.
#include <cstring>

#include "kernels.hpp"

namespace unseen {
namespace {

const Kernels* const ALL[] = {
#ifdef UNSEEN_X86
    &avx512, &avx2,
#endif
    &scalar};

bool runs_here(const Kernels* each) {
#ifdef UNSEEN_X86
  __builtin_cpu_init();
  if (each == &avx2) return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt");
  if (each == &avx512)
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512vpopcntdq");
#endif
  return each == &scalar;
}

const Kernels* find(const char* name) {
  for (const Kernels* each : ALL)
    if (runs_here(each) && (*name == '\0' || std::strcmp(each->name, name) == 0)) return each;
  return nullptr;
}

const Kernels* chosen = find("");

}  // namespace

const Kernels& kernels() { return *chosen; }

bool force(const char* name) {
  const Kernels* wanted = find(name);
  if (wanted != nullptr) chosen = wanted;
  return wanted != nullptr;
}

}  // namespace unseen
