#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checked.hpp"
#include "layout.hpp"

namespace unseen {

// One file of rows, as docs/bank-format.md lays it out, and where it has one, its index. The owner keeps the bytes alive.
class Segment {
 public:
  Segment(Checked file, uint64_t count) : file_(std::move(file)), count_(count) {}
  void set_index(Checked body, const Layout& layout) {
    body_.emplace(std::move(body));
    layout_.emplace(layout);
  }
  uint64_t count() const { return count_; }
  const Checked& file() const { return file_; }
  const Checked* body() const { return body_ ? &*body_ : nullptr; }
  const Layout* layout() const { return layout_ ? &*layout_ : nullptr; }
  size_t rows_at(uint64_t row) const { return 64 + 8 * count_ + 32 * row; }
  const uint8_t* rows() const { return file_.bytes() + rows_at(0); }
  uint64_t id(uint64_t row) const;

 private:
  Checked file_;
  uint64_t count_;
  std::optional<Checked> body_;
  std::optional<Layout> layout_;
};

struct Hit {
  int64_t query;
  uint64_t id;
  uint32_t distance;
};

// Every hit of every query, ordered by query, distance, id. `scan_price` multiplies what a scan is taken to cost: tests
// forbid it with a large one. Throws Damaged.
std::vector<Hit> search(const std::vector<const Segment*>& segments, const uint8_t* queries, size_t count, uint32_t radius,
                        unsigned threads, double scan_price);

}  // namespace unseen
