// What one process has open: the segments of one state of a bank, and how to see that another state was written.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "search.hpp"

namespace unseen {

struct Stamp {
  uint64_t inode, changed_ns, size;
  bool operator==(const Stamp&) const = default;
};

class View {
 public:
  // `manifest`: its path, and its stamp when it was read. `recent`: an open file of newest rows of which `recent_size`
  // bytes were read; the view closes it. -1: there is none.
  View(std::vector<const Segment*> segments, std::string manifest, Stamp stamp, int recent, uint64_t recent_size)
      : segments_(std::move(segments)), manifest_(std::move(manifest)), stamp_(stamp), recent_(recent), recent_size_(recent_size) {}
  ~View();
  View(const View&) = delete;
  View& operator=(const View&) = delete;
  // Whether nothing was written since.
  bool is_newest() const;
  const std::vector<const Segment*>& segments() const { return segments_; }

 private:
  std::vector<const Segment*> segments_;
  std::string manifest_;
  Stamp stamp_;
  int recent_;
  uint64_t recent_size_;
};

}  // namespace unseen
