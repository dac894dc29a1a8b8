// What Python sees of search: `unseen.matching` is the only caller and gives the types and the words.
#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <cstring>

#include "build.hpp"
#include "kernels.hpp"
#include "module.hpp"
#include "search.hpp"
#include "view.hpp"

namespace nb = nanobind;
using Bytes = nb::ndarray<const uint8_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Writable = nb::ndarray<uint8_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Rows = nb::ndarray<const uint8_t, nb::shape<-1, 32>, nb::c_contig, nb::device::cpu>;

namespace {

constexpr size_t HIT_BYTES = 18;
constexpr size_t KEPT_HITS_MAX = 1 << 16;

void need(bool holds, const char* what) {
  if (!holds) throw std::invalid_argument(what);
}

unseen::Checked checked(const Bytes& bytes, const Bytes& checksums, const std::string& path) {
  const size_t blocks = (bytes.size() + unseen::BLOCK - 1) / unseen::BLOCK;
  need(checksums.size() == 0 || checksums.size() == 4 * blocks, "give one checksum a block, or none");
  return {bytes.data(), bytes.size(), checksums.size() ? checksums.data() : nullptr, path};
}

// Fingerprints as NumPy holds them, without the cost of nanobind's general arrays: a search takes only microseconds.
class Queries {
 public:
  explicit Queries(nb::handle from) {
    held_ = PyObject_GetBuffer(from.ptr(), &view_, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT) == 0;
    if (!held_) PyErr_Clear();
  }
  ~Queries() {
    if (held_) PyBuffer_Release(&view_);
  }
  Queries(const Queries&) = delete;
  Queries& operator=(const Queries&) = delete;
  bool fit() const {
    return held_ && view_.ndim == 2 && view_.shape[1] == 32 && view_.itemsize == 1 && std::strcmp(view_.format, "B") == 0;
  }
  const uint8_t* rows() const { return static_cast<const uint8_t*>(view_.buf); }
  size_t count() const { return static_cast<size_t>(view_.shape[0]); }

 private:
  Py_buffer view_;
  bool held_;
};

// All queries (8 bytes each), then all ids (8), then all distances (2).
nb::object packed(const std::vector<unseen::Hit>& hits) {
  nb::object made = nb::steal(PyByteArray_FromStringAndSize(nullptr, static_cast<Py_ssize_t>(HIT_BYTES * hits.size())));
  if (!made.is_valid()) throw nb::python_error();
  auto* to = PyByteArray_AsString(made.ptr());
  for (const auto& hit : hits) std::memcpy(to, &hit.query, 8), to += 8;
  for (const auto& hit : hits) std::memcpy(to, &hit.id, 8), to += 8;
  for (const auto& hit : hits) {
    const auto distance = static_cast<uint16_t>(hit.distance);
    std::memcpy(to, &distance, 2), to += 2;
  }
  return made;
}

nb::object found_in(const std::vector<const unseen::Segment*>& segments, const uint8_t* queries, size_t count,
                    uint32_t radius, unsigned threads, double scan_price) {
  need(radius <= unseen::RADIUS_MAX, "the radius is at most 256");
  static thread_local std::vector<unseen::Hit> hits;
  if (hits.capacity() > KEPT_HITS_MAX) hits = {};
  hits.clear();
  {
    nb::gil_scoped_release release;
    unseen::search(segments, queries, count, radius, threads, scan_price, hits);
  }
  return packed(hits);
}

// None: another state was written, or the arguments are for the caller to judge.
nb::object search_view(const unseen::View& view, nb::handle asked, nb::handle radius, unsigned threads) {
  const Queries queries(asked);
  uint32_t radius_bits;
  if (!queries.fit() || !nb::try_cast(radius, radius_bits) || radius_bits > unseen::RADIUS_MAX || !view.is_newest())
    return nb::none();
  return found_in(view.segments(), queries.rows(), queries.count(), radius_bits, threads, 1.0);
}

nb::object search_segments(const std::vector<const unseen::Segment*>& segments, const Rows& queries, uint32_t radius,
                  unsigned threads, double scan_price) {
  return found_in(segments, queries.data(), queries.shape(0), radius, threads, scan_price);
}

void build_body(uint64_t count, int scheme, int entry_bytes, const Rows& rows, const Writable& body) {
  const unseen::Layout layout(count, scheme, entry_bytes);
  need(rows.shape(0) == count && body.size() == layout.size, "rows or body of another size than the layout says");
  nb::gil_scoped_release release;
  unseen::build(layout, rows.data(), body.data());
}

nb::object block_sums(const Bytes& bytes) {
  const size_t blocks = (bytes.size() + unseen::BLOCK - 1) / unseen::BLOCK;
  auto* sums = new uint32_t[blocks];
  nb::capsule owner(sums, [](void* each) noexcept { delete[] static_cast<uint32_t*>(each); });
  {
    nb::gil_scoped_release release;
    for (size_t at = 0; at < blocks; ++at)
      sums[at] = unseen::kernels().crc32c(bytes.data() + at * unseen::BLOCK,
                                          std::min(unseen::BLOCK, bytes.size() - at * unseen::BLOCK));
  }
  return nb::cast(nb::ndarray<nb::numpy, uint32_t, nb::ndim<1>>(sums, {blocks}, owner));
}

void bind_segment(nb::module_& module) {
  nb::class_<unseen::Segment>(module, "Segment")
      .def("__init__",
           [](unseen::Segment* self, Bytes file, uint64_t count, Bytes sums, const std::string& path) {
             need(count <= UINT32_MAX && file.size() == unseen::FILE_HEAD + 40 * count, "the file's size is not what its count says");
             new (self) unseen::Segment(checked(file, sums, path), count);
           },
           nb::keep_alive<1, 2>(), nb::keep_alive<1, 4>())
      .def("set_index",
           [](unseen::Segment& self, Bytes body, int scheme, int entry_bytes, Bytes sums, const std::string& path,
              uint32_t copy_after) {
             const unseen::Layout layout(self.count(), scheme, entry_bytes);
             need(body.size() == layout.size, "the body's size is not what its layout says");
             self.set_index(checked(body, sums, path), layout, copy_after);
           },
           nb::keep_alive<1, 2>(), nb::keep_alive<1, 5>(), nb::arg("body"), nb::arg("scheme"), nb::arg("entry_bytes"),
           nb::arg("sums"), nb::arg("path"), nb::arg("copy_after") = 0)
      .def("warm", [](const unseen::Segment& self) {
        nb::gil_scoped_release release;
        self.warm();
      });
}

}  // namespace

void unseen::add_search(nb::module_& module) {
  nb::exception<unseen::Damaged>(module, "Damaged");
  bind_segment(module);
  nb::class_<unseen::View>(module, "View")
      .def("__init__",
           [](unseen::View* self, std::vector<const unseen::Segment*> segments, std::string manifest, uint64_t inode,
              uint64_t changed_ns, uint64_t size, int recent, uint64_t recent_size) {
             new (self) unseen::View(std::move(segments), std::move(manifest), {inode, changed_ns, size}, recent, recent_size);
           },
           nb::keep_alive<1, 2>())
      .def("is_newest", &unseen::View::is_newest)
      .def("search", &search_view, nb::arg("queries").none(), nb::arg("radius").none(), nb::arg("threads"));
  module.def("search", &search_segments, nb::arg("segments"), nb::arg("queries"), nb::arg("radius"), nb::arg("threads"),
             nb::arg("scan_price") = 1.0);
  module.def("build", &build_body);
  module.def("block_sums", &block_sums);
  module.def("body_bytes", [](uint64_t count, int scheme, int entry_bytes) {
    return unseen::Layout(count, scheme, entry_bytes).size;
  });
}
