#include "checked.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "kernels.hpp"

namespace unseen {

Checked::Checked(const uint8_t* bytes, size_t size, const uint8_t* checksums, std::string path)
    : bytes_(bytes), size_(size), checksums_(checksums), path_(std::move(path)) {
  if (checksums_ != nullptr) seen_ = std::make_unique<std::atomic<uint64_t>[]>(size / BLOCK / 64 + 1);
}

bool Checked::is_whole(size_t block, const uint8_t* bytes) const {
  if (checksums_ == nullptr) return true;
  uint32_t expected;
  std::memcpy(&expected, checksums_ + 4 * block, 4);
  return kernels().crc32c(bytes, std::min(BLOCK, size_ - block * BLOCK)) == expected;
}

void Checked::check(size_t block) const {
  if (!is_whole(block, bytes_ + block * BLOCK)) damaged();
  seen_[block / 64].fetch_or(uint64_t{1} << (block % 64), std::memory_order_relaxed);
}

}  // namespace unseen
