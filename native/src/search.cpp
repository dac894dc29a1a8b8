// Search: each query looks into the buckets of the plan, or scans all rows where that is cheaper.
#include "search.hpp"

#include <algorithm>
#include <cstring>
#include <exception>
#include <thread>
#include <tuple>

#include "kernels.hpp"
#include "plan.hpp"

namespace unseen {
namespace {

constexpr size_t PIECE = 4096;      // rows of a scan: 128 KiB, compared with all queries while in the cache
constexpr size_t SLACK = 16;        // what a kernel may write beyond its last entry
constexpr size_t EACH_MIN = 64;     // queries: fewer are not worth a thread

struct Scratch {
  std::vector<const uint8_t*> probes;
  std::vector<Run> runs;
  std::vector<uint32_t> numbers;
  std::vector<Near> near = std::vector<Near>(PIECE);
};

bool before(const Hit& one, const Hit& other) {
  return std::tie(one.query, one.distance, one.id) < std::tie(other.query, other.distance, other.id);
}

class Worker {
 public:
  Worker(const uint8_t* queries, size_t first, size_t end, uint32_t radius, double scan_price)
      : queries_(queries), first_(first), end_(end), radius_(radius), scan_price_(scan_price) {}

  void run(const std::vector<const Segment*>& segments) {
    for (const Segment* each : segments) {
      if (each->layout() == nullptr) {
        scan(*each, first_, end_);
        continue;
      }
      const Plan planned = plan(*each->layout(), radius_, scan_price_ * scan_ns(each->count()));
      if (planned.scan) {
        scan(*each, first_, end_);
        continue;
      }
      for (size_t query = first_; query < end_; ++query)
        if (!look_up(*each, planned, query)) scan(*each, query, query + 1);
    }
    std::sort(hits.begin(), hits.end(), before);
  }

  std::vector<Hit> hits;
  std::exception_ptr trouble;

 private:
  const uint8_t* query(size_t number) const { return queries_ + ROW_BYTES * number; }

  void keep(const Segment& segment, size_t query, const Near& near) {
    hits.push_back({static_cast<int64_t>(query), segment.id(near.row), near.distance});
  }

  void scan(const Segment& segment, size_t first, size_t end) {
    for (size_t row = 0; row < segment.count(); row += PIECE) {
      const size_t taken = std::min(PIECE, static_cast<size_t>(segment.count() - row));
      segment.file().touch(segment.rows_at(row), ROW_BYTES * taken);
      for (size_t at = first; at < end; ++at) {
        Near* near = scratch_.near.data();
        const size_t found = kernels().scan(segment.rows() + ROW_BYTES * row, taken, query(at), radius_, near);
        for (size_t each = 0; each < found; ++each)
          keep(segment, at, {static_cast<uint32_t>(row + near[each].row), near[each].distance});
      }
    }
  }

  // False where the buckets of this query are so full that a scan is cheaper.
  bool look_up(const Segment& segment, const Plan& planned, size_t number) {
    const Layout& layout = *segment.layout();
    const Bits bits = permuted(query(number));
    size_t runs_of[TABLES_MAX + 1];
    const uint64_t entries = find_runs(segment, planned, bits, runs_of);
    const double entry_ns = layout.entry_bytes == 16 ? FAST_NS : SMALL_NS;
    if (static_cast<double>(entries) * entry_ns > scan_price_ * scan_ns(layout.count)) return false;
    scratch_.numbers.resize(entries + SLACK);
    const size_t candidates = layout.entry_bytes == 16 ? filtered(layout, bits, runs_of) : copied();
    const uint32_t* numbers = scratch_.numbers.data();
    for (size_t at = 0; at < candidates; ++at) segment.file().touch(segment.rows_at(numbers[at]), ROW_BYTES);
    if (scratch_.near.size() < candidates) scratch_.near.resize(candidates);
    Near* near = scratch_.near.data();
    Near* end = near + kernels().gather(segment.rows(), numbers, candidates, query(number), radius_, near);
    // A near row comes from each table in which it is near.
    std::sort(near, end, [](const Near& one, const Near& other) { return one.row < other.row; });
    end = std::unique(near, end, [](const Near& one, const Near& other) { return one.row == other.row; });
    for (; near < end; ++near) keep(segment, number, *near);
    return true;
  }

  // The buckets to look into, table by table, with their first lines on their way into the cache. Returns all entries.
  uint64_t find_runs(const Segment& segment, const Plan& planned, const Bits& bits, size_t* runs_of) {
    const Layout& layout = *segment.layout();
    const Checked& body = *segment.body();
    scratch_.probes.clear();
    for (int at = 0; at < layout.tables; ++at) {
      if (planned.errors[at] < 0) continue;
      const Table& table = layout.table[at];
      const uint8_t* offsets = body.bytes() + table.offsets;
      const uint32_t key = table.key(bits);
      for (const uint32_t flip : flips(table.width, planned.errors[at])) {
        const uint8_t* probe = offsets + 4 * size_t{key ^ flip};
        __builtin_prefetch(probe);
        scratch_.probes.push_back(probe);
      }
    }
    scratch_.runs.resize(scratch_.probes.size());
    Run* run = scratch_.runs.data();
    const uint8_t* const* probe = scratch_.probes.data();
    uint64_t entries = 0;
    for (int at = 0; at < layout.tables; ++at) {
      runs_of[at] = static_cast<size_t>(run - scratch_.runs.data());
      if (planned.errors[at] < 0) continue;
      const Table& table = layout.table[at];
      const auto bytes = static_cast<size_t>(layout.entry_bytes);
      for (size_t left = flips(table.width, planned.errors[at]).size(); left; --left, ++probe) {
        body.touch(static_cast<size_t>(*probe - body.bytes()), 8);
        uint32_t ends[2];
        std::memcpy(ends, *probe, 8);
        if (ends[0] >= ends[1]) continue;
        const size_t from = table.entries + bytes * ends[0];
        const uint32_t count = ends[1] - ends[0];
        __builtin_prefetch(body.bytes() + from);
        *run++ = {body.bytes() + from, count};
        entries += count;
      }
    }
    runs_of[layout.tables] = static_cast<size_t>(run - scratch_.runs.data());
    scratch_.runs.resize(runs_of[layout.tables]);
    for (const Run& each : scratch_.runs)
      body.touch(static_cast<size_t>(each.first - body.bytes()), static_cast<size_t>(layout.entry_bytes) * each.count);
    return entries;
  }

  size_t filtered(const Layout& layout, const Bits& bits, const size_t* runs_of) {
    const Run* runs = scratch_.runs.data();
    const Run* ahead = runs + scratch_.runs.size();
    size_t found = 0;
    for (int at = 0; at < layout.tables; ++at) {
      const unsigned after = layout.table[at].start + layout.table[at].width;
      const uint64_t inlined[2] = {bits.at(after, 64), bits.at(after + 64, 32)};
      uint8_t bytes[INLINE_BYTES];
      std::memcpy(bytes, inlined, INLINE_BYTES);
      found += kernels().filter(runs + runs_of[at], runs + runs_of[at + 1], ahead, bytes, radius_,
                                scratch_.numbers.data() + found);
    }
    return found;
  }

  size_t copied() {
    uint32_t* to = scratch_.numbers.data();
    for (const Run& run : scratch_.runs) {
      std::memcpy(to, run.first, 4 * size_t{run.count});
      to += run.count;
    }
    return static_cast<size_t>(to - scratch_.numbers.data());
  }

  const uint8_t* queries_;
  size_t first_, end_;
  uint32_t radius_;
  double scan_price_;
  Scratch scratch_;
};

}  // namespace

uint64_t Segment::id(uint64_t row) const {
  const size_t at = 64 + 8 * row;
  file_.touch(at, 8);
  uint64_t id;
  std::memcpy(&id, file_.bytes() + at, 8);
  return id;
}

std::vector<Hit> search(const std::vector<const Segment*>& segments, const uint8_t* queries, size_t count, uint32_t radius,
                        unsigned threads, double scan_price) {
  const size_t shares = std::clamp<size_t>(count / EACH_MIN, 1, std::max(1u, threads));
  std::vector<Worker> workers;
  for (size_t at = 0; at < shares; ++at)
    workers.emplace_back(queries, count * at / shares, count * (at + 1) / shares, radius, scan_price);
  const auto run = [&segments](Worker& worker) {
    try {
      worker.run(segments);
    } catch (...) {
      worker.trouble = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> others;
    for (size_t at = 1; at < shares; ++at) others.emplace_back(run, std::ref(workers[at]));
    run(workers[0]);
  }
  std::vector<Hit> hits;
  for (Worker& worker : workers) {
    if (worker.trouble) std::rethrow_exception(worker.trouble);
    if (hits.empty()) hits = std::move(worker.hits);
    else hits.insert(hits.end(), worker.hits.begin(), worker.hits.end());
  }
  return hits;
}

}  // namespace unseen
