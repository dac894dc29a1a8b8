// Search: each query looks into the buckets of the plan, or scans all rows where that is cheaper.
#include "search.hpp"

#include <algorithm>
#include <cstring>
#include <exception>
#include <thread>
#include <tuple>

#include "kernels.hpp"

namespace unseen {
namespace {

constexpr size_t PIECE = 4096;             // rows of a scan: 128 KiB, compared with all queries while in the cache
constexpr size_t SLACK = 16;               // what a kernel may write beyond its last entry
constexpr double THREAD_NS_MIN = 200'000;  // work that pays for starting a thread
constexpr size_t KEPT_ENTRIES_MAX = 1 << 20;  // room that one thread keeps from search to search
constexpr size_t LINE_BYTES = 64;
constexpr int LINES_AHEAD = 4;             // of a long bucket; the processor itself fetches what follows

// Where a file's bytes are read now: from this process's own copy as far as it goes, else from the map, checked.
struct Source {
  Source(const Checked& checked, const Resident& own)
      : file(&checked), map(checked.bytes()), copied(own.copied()), copy(copied != 0 ? own.copy() : nullptr) {}
  bool whole() const { return copied == file->size(); }
  const uint8_t* unchecked(size_t from, size_t length) const { return (from + length <= copied ? copy : map) + from; }
  const uint8_t* at(size_t from, size_t length) const {
    if (from + length <= copied) return copy + from;
    file->touch(from, length);
    return map + from;
  }
  const Checked* file;
  const uint8_t* map;
  size_t copied;
  const uint8_t* copy;
};

// A query's way through the tables; the next query's first reads are under way while this one's entries are compared.
struct Asked {
  Bits bits;
  std::vector<size_t> probes;
  std::vector<Run> runs;
  std::array<size_t, TABLES_MAX + 1> runs_of;
  uint64_t entries;
};

struct Scratch {
  Asked asked[2];
  std::vector<uint32_t> numbers;
  std::vector<Near> near = std::vector<Near>(PIECE);
};

bool before(const Hit& one, const Hit& other) {
  return std::tie(one.query, one.distance, one.id) < std::tie(other.query, other.distance, other.id);
}

class Worker {
 public:
  Worker(const uint8_t* queries, size_t first, size_t end, uint32_t radius, double scan_price, Scratch& scratch)
      : queries_(queries), first_(first), end_(end), radius_(radius), scan_price_(scan_price), scratch_(scratch) {}

  void run(const std::vector<const Segment*>& segments, std::vector<Hit>& hits) {
    hits_ = &hits;
    const size_t kept = hits.size();
    for (const Segment* each : segments) {
      Segment::Index* index = each->index();
      const Plan* planned = index != nullptr ? &index->plan(radius_) : nullptr;
      if (planned == nullptr || planned->look_up_ns > scan_price_ * scan_ns(each->count(), end_ - first_)) scan(*each, first_, end_);
      else look_up_all(*each, *planned);
    }
    std::sort(hits.begin() + static_cast<std::ptrdiff_t>(kept), hits.end(), before);
  }

 private:
  const uint8_t* query(size_t number) const { return queries_ + ROW_BYTES * number; }

  void keep(const Segment& segment, size_t query, const Near& near) {
    hits_->push_back({static_cast<int64_t>(query), segment.id(near.row), near.distance});
  }

  void scan(const Segment& segment, size_t first, size_t end) {
    for (size_t row = 0; row < segment.count(); row += PIECE) {
      const size_t taken = std::min(PIECE, static_cast<size_t>(segment.count() - row));
      segment.file().touch(segment.rows_at(row), ROW_BYTES * taken);
      const uint8_t* rows = segment.file().bytes() + segment.rows_at(row);
      for (size_t at = first; at < end; ++at) {
        Near* near = scratch_.near.data();
        const size_t found = kernels().scan(rows, taken, query(at), radius_, near);
        for (size_t each = 0; each < found; ++each)
          keep(segment, at, {static_cast<uint32_t>(row + near[each].row), near[each].distance});
      }
    }
  }

  void look_up_all(const Segment& segment, const Plan& planned) {
    Segment::Index& index = *segment.index();
    const Source body(index.body, index.own_body);
    find_probes(index, planned, body, first_, scratch_.asked[first_ % 2]);
    for (size_t query = first_; query < end_; ++query) {
      Asked& asked = scratch_.asked[query % 2];
      find_runs(index, planned, body, asked);
      if (query + 1 < end_) find_probes(index, planned, body, query + 1, scratch_.asked[(query + 1) % 2]);
      // Where the buckets of this query are so full that a scan is cheaper, it is scanned.
      const auto entries = static_cast<double>(asked.entries);
      if (entries_ns(index.layout, entries, radius_) > scan_price_ * scan_ns(segment.count(), 1)) scan(segment, query, query + 1);
      else compare(segment, body, asked, query);
    }
    index.count_look_ups(static_cast<uint32_t>(std::min<size_t>(end_ - first_, UINT16_MAX)));
  }

  // Where the tables say which buckets to look into; those places are on their way into the cache.
  void find_probes(const Segment::Index& index, const Plan& planned, const Source& body, size_t number, Asked& asked) {
    asked.bits = permuted(query(number));
    size_t all = 0;
    for (int at = 0; at < index.layout.tables; ++at)
      if (planned.errors[at] >= 0) all += flips(index.layout.table[at].width, planned.errors[at]).size();
    asked.probes.resize(all);
    size_t* probe = asked.probes.data();
    for (int at = 0; at < index.layout.tables; ++at) {
      if (planned.errors[at] < 0) continue;
      const Table& table = index.layout.table[at];
      const uint32_t key = table.key(asked.bits);
      for (const uint32_t flip : flips(table.width, planned.errors[at])) {
        *probe = table.offsets + 4 * size_t{key ^ flip};
        __builtin_prefetch(body.unchecked(*probe++, 8));
      }
    }
  }

  // The buckets themselves, table by table, with their first lines on their way into the cache.
  void find_runs(const Segment::Index& index, const Plan& planned, const Source& body, Asked& asked) {
    const Layout& layout = index.layout;
    const auto bytes = static_cast<size_t>(layout.entry_bytes);
    asked.runs.resize(asked.probes.size());
    asked.entries = 0;
    Run* run = asked.runs.data();
    const size_t* probe = asked.probes.data();
    for (int at = 0; at < layout.tables; ++at) {
      asked.runs_of[at] = static_cast<size_t>(run - asked.runs.data());
      if (planned.errors[at] < 0) continue;
      const Table& table = layout.table[at];
      for (size_t left = flips(table.width, planned.errors[at]).size(); left; --left) {
        uint32_t ends[2];
        std::memcpy(ends, body.at(*probe++, 8), 8);
        if (ends[0] >= ends[1]) continue;
        if (ends[1] > layout.count) index.body.damaged();
        const uint32_t count = ends[1] - ends[0];
        const uint8_t* first = body.unchecked(table.entries + bytes * ends[0], bytes * count);
        const uint8_t* line = first;
        for (int lines = LINES_AHEAD; lines && line < first + bytes * count; --lines, line += LINE_BYTES)
          __builtin_prefetch(line);
        *run++ = {first, count};
        asked.entries += count;
      }
    }
    asked.runs_of[layout.tables] = static_cast<size_t>(run - asked.runs.data());
    asked.runs.resize(asked.runs_of[layout.tables]);
    if (body.whole()) return;
    for (const Run& each : asked.runs)
      if (each.first >= body.map && each.first < body.map + index.body.size())
        index.body.touch(static_cast<size_t>(each.first - body.map), bytes * each.count);
  }

  void compare(const Segment& segment, const Source& body, const Asked& asked, size_t number) {
    const Segment::Index& index = *segment.index();
    scratch_.numbers.resize(std::max(scratch_.numbers.size(), static_cast<size_t>(asked.entries) + SLACK));
    const size_t candidates = index.layout.entry_bytes == FAST_BYTES ? filtered(index.layout, asked) : copied(index.layout, asked);
    const uint32_t* numbers = scratch_.numbers.data();
    for (size_t at = 0; at < candidates; ++at)
      if (numbers[at] >= segment.count()) body.file->damaged();
    if (scratch_.near.size() < candidates) scratch_.near.resize(candidates);
    Near* near = scratch_.near.data();
    Near* end = near + kernels().gather(rows(segment, candidates), numbers, candidates, query(number), radius_, near);
    // A near row comes from each table in which it is near.
    std::sort(near, end, [](const Near& one, const Near& other) { return one.row < other.row; });
    end = std::unique(near, end, [](const Near& one, const Near& other) { return one.row == other.row; });
    for (; near < end; ++near) keep(segment, number, *near);
  }

  const uint8_t* rows(const Segment& segment, size_t candidates) {
    const size_t first = segment.rows_at(0);
    if (segment.index()->own_rows) {
      const Source own(segment.file(), *segment.index()->own_rows);
      if (own.whole()) return own.copy + first;
    }
    for (size_t at = 0; at < candidates; ++at) segment.file().touch(segment.rows_at(scratch_.numbers[at]), ROW_BYTES);
    return segment.file().bytes() + first;
  }

  size_t filtered(const Layout& layout, const Asked& asked) {
    const Run* runs = asked.runs.data();
    const Run* ahead = runs + asked.runs.size();
    size_t found = 0;
    for (int at = 0; at < layout.tables; ++at) {
      const unsigned after = layout.table[at].start + layout.table[at].width;
      const uint64_t inlined[2] = {asked.bits.at(after, 64), asked.bits.at(after + 64, 32)};
      uint8_t bytes[INLINE_BYTES];
      std::memcpy(bytes, inlined, INLINE_BYTES);
      found += kernels().filter(runs + asked.runs_of[at], runs + asked.runs_of[at + 1], ahead, bytes, radius_,
                                scratch_.numbers.data() + found);
    }
    return found;
  }

  size_t copied(const Layout& layout, const Asked& asked) {
    uint32_t* to = scratch_.numbers.data();
    for (const Run& run : asked.runs) {
      if (layout.entry_bytes == 4) {
        std::memcpy(to, run.first, 4 * size_t{run.count});
        to += run.count;
        continue;
      }
      for (uint32_t at = 0; at < run.count; ++at, ++to) {
        *to = 0;
        std::memcpy(to, run.first + 3 * size_t{at}, 3);
      }
    }
    return static_cast<size_t>(to - scratch_.numbers.data());
  }

  const uint8_t* queries_;
  size_t first_, end_;
  uint32_t radius_;
  double scan_price_;
  Scratch& scratch_;
  std::vector<Hit>* hits_ = nullptr;
};

double query_ns(const std::vector<const Segment*>& segments, size_t queries, uint32_t radius) {
  double all = 0;
  for (const Segment* each : segments) {
    const double scan = scan_ns(each->count(), queries);
    all += each->index() == nullptr ? scan : std::min(scan, each->index()->plan(radius).look_up_ns);
  }
  return all;
}

Scratch& scratch_of_thread() {
  static thread_local Scratch scratch;
  if (scratch.numbers.size() > KEPT_ENTRIES_MAX) scratch = Scratch();
  return scratch;
}

struct Share {
  size_t first, end;
  std::vector<Hit> hits = {};
  std::exception_ptr trouble = nullptr;
};

}  // namespace

void search(const std::vector<const Segment*>& segments, const uint8_t* queries, size_t count, uint32_t radius,
            unsigned threads, double scan_price, std::vector<Hit>& hits) {
  if (count == 0) return;
  const size_t most = std::min<size_t>(count, std::max(1u, threads));
  const auto paying = most < 2 ? 1.0 : query_ns(segments, count, radius) * static_cast<double>(count) / THREAD_NS_MIN;
  const size_t shares = std::clamp<size_t>(static_cast<size_t>(std::min(paying, 1e6)), 1, std::max<size_t>(most, 1));
  if (shares == 1) {
    Worker(queries, 0, count, radius, scan_price, scratch_of_thread()).run(segments, hits);
    return;
  }
  std::vector<Share> parts;
  for (size_t at = 0; at < shares; ++at) parts.push_back({count * at / shares, count * (at + 1) / shares});
  const auto run = [&](Share& part) {
    try {
      Worker(queries, part.first, part.end, radius, scan_price, scratch_of_thread()).run(segments, part.hits);
    } catch (...) {
      part.trouble = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> others;
    for (size_t at = 1; at < shares; ++at) others.emplace_back(run, std::ref(parts[at]));
    run(parts[0]);
  }
  for (const Share& part : parts) {
    if (part.trouble) std::rethrow_exception(part.trouble);
    hits.insert(hits.end(), part.hits.begin(), part.hits.end());
  }
}

}  // namespace unseen
