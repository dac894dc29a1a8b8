// What Python sees of the kernels for pictures; `unseen.fingerprint` is the only caller.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include "module.hpp"
#include "windows.hpp"

namespace nb = nanobind;

namespace unseen {
namespace {

using Luma = nb::ndarray<const float, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using Boxes = nb::ndarray<const int32_t, nb::shape<-1, 4>, nb::c_contig, nb::device::cpu>;
using Spectra = nb::ndarray<const float, nb::shape<-1, 256>, nb::c_contig, nb::device::cpu>;

template <typename Value, typename... Sizes>
nb::ndarray<nb::numpy, Value> array(Value*& values, Sizes... sizes) {
  values = new Value[(size_t{1} * ... * sizes)];
  nb::capsule owner(values, [](void* each) noexcept { delete[] static_cast<Value*>(each); });
  return nb::ndarray<nb::numpy, Value>(values, {sizes...}, owner);
}

nb::tuple spectra(const Luma& luma, const Boxes& boxes) {
  static_assert(sizeof(Box) == 4 * sizeof(int32_t));
  float* coefficients;
  uint8_t* qualities;
  const size_t count = boxes.shape(0);
  auto made = array(coefficients, count, size_t{16}, size_t{16});
  auto grades = array(qualities, count);
  {
    nb::gil_scoped_release release;
    window_spectra(luma.data(), luma.shape(0), luma.shape(1), reinterpret_cast<const Box*>(boxes.data()), count,
                   coefficients, qualities);
  }
  return nb::make_tuple(nb::cast(made), nb::cast(grades));
}

nb::object bits(const Spectra& coefficients) {
  uint8_t* packed;
  auto made = array(packed, coefficients.shape(0), size_t{32});
  for (size_t at = 0; at < coefficients.shape(0); ++at) spectrum_bits(coefficients.data() + 256 * at, packed + 32 * at);
  return nb::cast(made);
}

}  // namespace

void add_fingerprint(nb::module_& module) {
  module.def("window_spectra", &spectra);
  module.def("spectrum_bits", &bits);
}

}  // namespace unseen
