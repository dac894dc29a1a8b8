// Bytes of a mapped file, compared with their CRC-32C block by block before the first use of each block.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

namespace unseen {

constexpr size_t BLOCK = 4096;

// what() is the path of the damaged file.
struct Damaged : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Checked {
 public:
  // `checksums`: one for each block of 4 KiB (the last may be shorter), or null where the bytes were checked already.
  Checked(const uint8_t* bytes, size_t size, const uint8_t* checksums, std::string path);
  const uint8_t* bytes() const { return bytes_; }
  size_t size() const { return size_; }
  // Throws Damaged. Several threads may ask at once; at worst two check the same block.
  void touch(size_t from, size_t length) const {
    if (checksums_ == nullptr || length == 0) return;
    for (size_t block = from / BLOCK, last = (from + length - 1) / BLOCK; block <= last; ++block)
      if (!(seen_[block / 64].load(std::memory_order_relaxed) >> (block % 64) & 1)) check(block);
  }
  [[noreturn]] void damaged() const { throw Damaged(path_); }
  // Whether these bytes, taken from `block` of the file, are what was written there.
  bool is_whole(size_t block, const uint8_t* bytes) const;

 private:
  void check(size_t block) const;
  const uint8_t* bytes_;
  size_t size_;
  const uint8_t* checksums_;
  std::string path_;
  std::unique_ptr<std::atomic<uint64_t>[]> seen_;
};

}  // namespace unseen
