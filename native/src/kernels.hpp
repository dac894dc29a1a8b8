// What each instruction set provides. The files behind these pointers use no templates of the standard library: the
// linker keeps one copy of each template, and a copy made with AVX-512 would end the program on an older processor.
#pragma once
#include <cstddef>
#include <cstdint>

namespace unseen {

constexpr size_t ROW_BYTES = 32;
constexpr size_t INLINE_BYTES = 16;  // 96 bits of the fingerprint, then the row's number

struct Near {
  uint32_t row;
  uint32_t distance;
};

// The entries of one bucket.
struct Run {
  const uint8_t* first;
  uint32_t count;
};

struct Kernels {
  const char* name;
  // Rows within the radius among `count` rows; their numbers count from 0. `near` has room for `count`.
  size_t (*scan)(const uint8_t* rows, size_t count, const uint8_t* query, uint32_t radius, Near* near);
  // Row numbers of entries whose 96 bits are within the radius. `ahead` are runs that follow, to be prefetched;
  // `found` has room for all entries and 16 more.
  size_t (*filter)(const Run* runs, const Run* end, const Run* ahead, const uint8_t* bits, uint32_t radius,
                   uint32_t* found);
  // Which of the numbered rows are within the radius. `near` has room for `count`.
  size_t (*gather)(const uint8_t* rows, const uint32_t* numbers, size_t count, const uint8_t* query, uint32_t radius,
                   Near* near);
  uint32_t (*crc32c)(const uint8_t* bytes, size_t size);
};

extern const Kernels scalar;
#ifdef UNSEEN_X86
extern const Kernels avx2;
extern const Kernels avx512;
#endif

// The kernels in use; `force` takes "scalar", "avx2", "avx512" or "" (the best that this processor has).
const Kernels& kernels();
bool force(const char* name);

}  // namespace unseen
