#include "resident.hpp"

#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <system_error>

namespace unseen {
namespace {

constexpr size_t HUGE = size_t{2} << 20;
constexpr int NICE = 19;  // searches go before their own copy

// A process counts the pages of a map that it has read as its memory; the system keeps them for others.
void forget(const uint8_t* from, size_t size) {
  const auto page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  const uintptr_t begin = (reinterpret_cast<uintptr_t>(from) + page - 1) / page * page;
  const uintptr_t end = reinterpret_cast<uintptr_t>(from + size) / page * page;
  if (begin < end) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
}

}  // namespace

Resident::~Resident() {
  stop_ = true;
  if (thread_ != nullptr && process_ != getpid()) thread_.release();  // a forked child has no such thread to end
  if (thread_ != nullptr) thread_->join();
  if (memory_ != nullptr) munmap(memory_, length_);
}

void Resident::start() {
  if (begun_.exchange(true)) return;
  process_ = getpid();
  try {
    thread_ = std::make_unique<std::thread>([this] {
      setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), NICE);
      while (step()) continue;
    });
  } catch (const std::system_error&) {
    return;
  }
}

void Resident::finish() {
  if (!begun_.exchange(true)) process_ = getpid();
  if (process_ != getpid()) return;  // in a forked child the parent's thread may hold the lock for ever
  while (step()) continue;
  if (damaged_) source_.damaged();
}

bool Resident::reserve() {
  const size_t size = source_.size() - lead_;
  const size_t length = (size + HUGE - 1) / HUGE * HUGE + HUGE;  // one more, to begin at a large page
  void* whole = mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (whole == MAP_FAILED) return false;
  memory_ = static_cast<uint8_t*>(whole);
  length_ = length;
  to_ = memory_ + (HUGE - reinterpret_cast<uintptr_t>(memory_) % HUGE) % HUGE;
  madvise(to_, length - HUGE, MADV_HUGEPAGE);
  copy_ = to_ - lead_;
  return true;
}

bool Resident::step() {
  const std::lock_guard<std::mutex> one_at_a_time(copying_);
  if (stop_ || damaged_ || (memory_ == nullptr && !reserve())) return false;
  const size_t at = std::max(copied_.load(), lead_);
  const size_t taken = std::min(HUGE, source_.size() - at);
  std::memcpy(to_ + (at - lead_), source_.bytes() + at, taken);
  for (size_t block = at; block < at + taken; block += BLOCK)
    if (!source_.is_whole(block / BLOCK, to_ + (block - lead_))) {
      damaged_ = true;
      return false;
    }
  copied_.store(at + taken, std::memory_order_release);
  forget(source_.bytes() + at, taken);
  if (at + taken < source_.size()) return true;
  stop_ = true;
  forget(source_.bytes() + lead_, source_.size() - lead_);  // what searches have read meanwhile
  return false;
}

}  // namespace unseen
