// What Python sees of the kernel for planes of luma; `unseen.fingerprint.plane` is the only caller.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <stdexcept>
#include <vector>

#include "module.hpp"
#include "plane.hpp"

namespace nb = nanobind;

namespace unseen {
namespace {

using Plane = nb::ndarray<const uint8_t, nb::ndim<2>, nb::device::cpu>;

// The weights of one side as `unseen.fingerprint.plane.Weights` holds them.
SideWeights side_weights(const nb::object& from, size_t length, std::vector<nb::object>& kept) {
  using Values = nb::ndarray<const float, nb::shape<64, -1>, nb::c_contig, nb::device::cpu>;
  using Ends = nb::ndarray<const int32_t, nb::shape<64>, nb::c_contig, nb::device::cpu>;
  const auto values = nb::cast<Values>(from.attr("values"));
  const auto first = nb::cast<Ends>(from.attr("first")), last = nb::cast<Ends>(from.attr("last"));
  if (values.shape(1) != length) throw std::invalid_argument("weights of another length than the plane's side");
  kept.push_back(from);
  return {values.data(), first.data(), last.data(), length};
}

nb::object sums_of(const Plane& plane, const nb::object& down, const nb::object& across) {
  if (!(plane.stride(1) == 1 && plane.stride(0) >= static_cast<int64_t>(plane.shape(1))))
    throw std::invalid_argument("the pixels of a row lie apart");
  std::vector<nb::object> kept;
  const auto rows = side_weights(down, plane.shape(0), kept), columns = side_weights(across, plane.shape(1), kept);
  auto* sums = new double[SAMPLES * SAMPLES];
  nb::capsule owner(sums, [](void* each) noexcept { delete[] static_cast<double*>(each); });
  {
    nb::gil_scoped_release release;
    plane_sums(plane.data(), static_cast<size_t>(plane.stride(0)), rows, columns, sums);
  }
  return nb::cast(nb::ndarray<nb::numpy, double, nb::ndim<2>>(sums, {SAMPLES, SAMPLES}, owner));
}

}  // namespace

void add_plane(nb::module_& module) { module.def("plane_sums", &sums_of); }

}  // namespace unseen
