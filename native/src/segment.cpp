// A file of rows and its index, as one process holds them.
#include <cstring>

#include "search.hpp"

namespace unseen {

uint64_t Segment::id(uint64_t row) const {
  const size_t at = FILE_HEAD + 8 * row;
  file_.touch(at, 8);
  uint64_t id;
  std::memcpy(&id, file_.bytes() + at, 8);
  return id;
}

void Segment::set_index(Checked body, const Layout& layout, uint32_t copy_after) {
  index_ = std::make_unique<Index>(file_, std::move(body), layout, copy_after);
}

void Segment::warm() const {
  if (index_ == nullptr) {
    file_.touch(0, file_.size());
    return;
  }
  if (index_->own_rows) index_->own_rows->finish();
  index_->own_body.finish();
}

Segment::Index::Index(const Checked& file, Checked tables, const Layout& said, uint32_t after)
    : body(std::move(tables)), layout(said), own_body(body, 0), copy_after(after) {
  const size_t rows = (FILE_HEAD + 8 * layout.count) / BLOCK * BLOCK;
  if (layout.entry_bytes != FAST_BYTES) own_rows.emplace(file, rows);
}

Segment::Index::~Index() {
  for (auto& each : plans) delete each.load();
}

const Plan& Segment::Index::plan(uint32_t radius) {
  std::atomic<const Plan*>& place = plans[radius];
  const Plan* found = place.load(std::memory_order_acquire);
  if (found != nullptr) return *found;
  auto made = std::make_unique<Plan>(unseen::plan(layout, radius));
  if (place.compare_exchange_strong(found, made.get(), std::memory_order_acq_rel)) return *made.release();
  return *found;  // another thread was first
}

void Segment::Index::start_copies() {
  if (copy_after.exchange(0) == 0) return;
  if (own_rows) own_rows->start();
  own_body.start();
}

}  // namespace unseen
