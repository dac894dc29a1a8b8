// A checked copy of a mapped file in memory of its own with large pages: the tables of an index are read at random
// places, and with pages of 4 KiB the processor spends half of that time on finding where the page is.
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>

#include "checked.hpp"

namespace unseen {

class Resident {
 public:
  // The first `lead` bytes of the file (whole blocks) stay in the map.
  Resident(const Checked& source, size_t lead) : source_(source), lead_(lead) {}
  ~Resident();
  Resident(const Resident&) = delete;
  Resident& operator=(const Resident&) = delete;

  // Copy in a thread of its own, once. Where there is no memory or thread for it, the map serves as before.
  void start();
  // Copy now what is not copied yet. Throws Damaged.
  void finish();
  // How far the file was copied and compared with its checksums; from `lead` to there, copy() + offset may be read.
  size_t copied() const { return copied_.load(std::memory_order_acquire); }
  const uint8_t* copy() const { return copy_; }

 private:
  bool reserve();
  bool step();  // copy a piece; false when there is nothing more to do
  const Checked& source_;
  size_t lead_;
  uint8_t *memory_ = nullptr, *to_ = nullptr;
  size_t length_ = 0;
  const uint8_t* copy_ = nullptr;
  std::atomic<size_t> copied_ = 0;
  std::atomic<bool> begun_ = false, stop_ = false, damaged_ = false;
  std::mutex copying_;
  std::unique_ptr<std::thread> thread_;
  int process_ = 0;  // that copies
};

}  // namespace unseen
