// What Python sees: `unseen.native` is the only caller and gives the types and the words.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "build.hpp"
#include "kernels.hpp"
#include "module.hpp"
#include "search.hpp"

namespace nb = nanobind;
using Bytes = nb::ndarray<const uint8_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Writable = nb::ndarray<uint8_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Rows = nb::ndarray<const uint8_t, nb::shape<-1, 32>, nb::c_contig, nb::device::cpu>;

namespace {

void need(bool holds, const char* what) {
  if (!holds) throw std::invalid_argument(what);
}

unseen::Checked checked(const Bytes& bytes, const Bytes& checksums, const std::string& path) {
  const size_t blocks = (bytes.size() + unseen::BLOCK - 1) / unseen::BLOCK;
  need(checksums.size() == 0 || checksums.size() == 4 * blocks, "give one checksum a block, or none");
  return {bytes.data(), bytes.size(), checksums.size() ? checksums.data() : nullptr, path};
}

template <typename Value, typename Get>
nb::object column(const std::vector<unseen::Hit>& hits, Get get) {
  auto* values = new Value[hits.size()];
  nb::capsule owner(values, [](void* each) noexcept { delete[] static_cast<Value*>(each); });
  for (size_t at = 0; at < hits.size(); ++at) values[at] = static_cast<Value>(get(hits[at]));
  return nb::cast(nb::ndarray<nb::numpy, Value, nb::ndim<1>>(values, {hits.size()}, owner));
}

nb::tuple search(const std::vector<const unseen::Segment*>& segments, const Rows& queries, uint32_t radius,
                 unsigned threads, double scan_price) {
  std::vector<unseen::Hit> hits;
  {
    nb::gil_scoped_release release;
    hits = unseen::search(segments, queries.data(), queries.shape(0), radius, threads, scan_price);
  }
  return nb::make_tuple(column<int64_t>(hits, [](const unseen::Hit& hit) { return hit.query; }),
                        column<uint64_t>(hits, [](const unseen::Hit& hit) { return hit.id; }),
                        column<uint16_t>(hits, [](const unseen::Hit& hit) { return hit.distance; }));
}

void build(uint64_t count, int scheme, int entry_bytes, const Rows& rows, const Writable& body) {
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

}  // namespace

NB_MODULE(unseen_native, module) {
  module.attr("INTERFACE") = 2;
  nb::exception<unseen::Damaged>(module, "Damaged");
  nb::class_<unseen::Segment>(module, "Segment")
      .def("__init__",
           [](unseen::Segment* self, Bytes file, uint64_t count, Bytes sums, const std::string& path) {
             need(file.size() == 64 + 40 * count && count <= UINT32_MAX, "the file's size is not what its count says");
             new (self) unseen::Segment(checked(file, sums, path), count);
           },
           nb::keep_alive<1, 2>(), nb::keep_alive<1, 4>())
      .def("set_index",
           [](unseen::Segment& self, Bytes body, int scheme, int entry_bytes, Bytes sums, const std::string& path) {
             const unseen::Layout layout(self.count(), scheme, entry_bytes);
             need(body.size() == layout.size, "the body's size is not what its layout says");
             self.set_index(checked(body, sums, path), layout);
           },
           nb::keep_alive<1, 2>(), nb::keep_alive<1, 5>());
  module.def("search", &search, nb::arg("segments"), nb::arg("queries"), nb::arg("radius"), nb::arg("threads"),
             nb::arg("scan_price") = 1.0);
  module.def("build", &build);
  module.def("block_sums", &block_sums);
  module.def("body_bytes", [](uint64_t count, int scheme, int entry_bytes) {
    return unseen::Layout(count, scheme, entry_bytes).size;
  });
  unseen::add_fingerprint(module);
  module.def("kernels", [] { return unseen::kernels().name; });
  module.def("force", &unseen::force);
}
