#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checked.hpp"
#include "kernels.hpp"
#include "layout.hpp"
#include "plan.hpp"
#include "resident.hpp"

namespace unseen {

constexpr size_t FILE_HEAD = 64;
constexpr uint32_t RADIUS_MAX = 256;

// One file of rows, as docs/bank-format.md lays it out, and where it has one, its index. The owner keeps the bytes alive.
class Segment {
 public:
  Segment(Checked file, uint64_t count) : file_(std::move(file)), count_(count) {}
  Segment(Segment&&) = delete;  // its index refers to its file
  // `copy_after`: look-ups after which the tables are copied into memory of this process; 0: never.
  void set_index(Checked body, const Layout& layout, uint32_t copy_after);
  uint64_t count() const { return count_; }
  const Checked& file() const { return file_; }
  size_t rows_at(uint64_t row) const { return FILE_HEAD + 8 * count_ + ROW_BYTES * row; }
  uint64_t id(uint64_t row) const;

  // Null where the file has no index.
  struct Index;
  Index* index() const { return index_.get(); }
  // Copy what look-ups read into memory of this process, now. Throws Damaged.
  void warm() const;

 private:
  Checked file_;
  uint64_t count_;
  std::unique_ptr<Index> index_;
};

struct Segment::Index {
  Index(const Checked& file, Checked tables, const Layout& said, uint32_t after);
  ~Index();
  // What a search at this radius looks at; made once.
  const Plan& plan(uint32_t radius);
  void count_look_ups(uint32_t more) {
    if (copy_after != 0 && (look_ups += more) >= copy_after) start_copies();
  }
  void start_copies();

  Checked body;
  Layout layout;
  Resident own_body;
  std::optional<Resident> own_rows;  // small entries: each candidate's row is fetched, so the rows are hot too
  std::atomic<uint32_t> copy_after, look_ups = 0;
  std::array<std::atomic<const Plan*>, RADIUS_MAX + 1> plans{};
};

struct Hit {
  int64_t query;
  uint64_t id;
  uint32_t distance;
};

// Every hit of every query, ordered by query, distance, id, into `hits`. `scan_price` multiplies what a scan is taken to
// cost: tests forbid it with a large one. Throws Damaged.
void search(const std::vector<const Segment*>& segments, const uint8_t* queries, size_t count, uint32_t radius,
            unsigned threads, double scan_price, std::vector<Hit>& hits);

}  // namespace unseen
