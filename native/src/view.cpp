#include "view.hpp"

#include <sys/stat.h>
#include <unistd.h>

namespace unseen {

View::~View() {
  if (recent_ >= 0) close(recent_);
}

bool View::is_newest() const {
  struct stat facts;
  if (recent_ >= 0 && (fstat(recent_, &facts) != 0 || static_cast<uint64_t>(facts.st_size) != recent_size_)) return false;
  if (stat(manifest_.c_str(), &facts) != 0) return false;
  const uint64_t changed_ns = static_cast<uint64_t>(facts.st_mtim.tv_sec) * 1'000'000'000u + static_cast<uint64_t>(facts.st_mtim.tv_nsec);
  return Stamp{facts.st_ino, changed_ns, static_cast<uint64_t>(facts.st_size)} == stamp_;
}

}  // namespace unseen
