// What Python sees of the kernels for pictures; `unseen.fingerprint` is the only caller.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/array.h>

#include <algorithm>
#include <array>
#include <vector>

#include "jpeg.hpp"
#include "module.hpp"
#include "sampler.hpp"
#include "verdict.hpp"
#include "windows.hpp"

namespace nb = nanobind;

namespace unseen {
namespace {

using Grey = nb::ndarray<const uint8_t, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using Rows = nb::ndarray<const uint8_t, nb::c_contig, nb::device::cpu>;
using Samples = nb::ndarray<const float, nb::shape<SIDE, SIDE>, nb::c_contig, nb::device::cpu>;
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

nb::object plane(const Pixels& pixels) {
  uint8_t* values;
  auto made = array(values, pixels.height, pixels.width, static_cast<size_t>(pixels.channels));
  std::copy(pixels.values.begin(), pixels.values.end(), values);
  return nb::cast(made);
}

// (samples, reduced copy or None), or None where the file is not plain.
nb::object jpeg(nb::bytes file, bool colour, bool rows_reversed, bool columns_reversed, bool swapped, size_t small_side,
                size_t buffered_pixels_max) {
  float* samples;
  Pixels small;
  auto made = array(samples, size_t{SIDE}, size_t{SIDE});
  const JpegWanted wanted{colour, {rows_reversed, columns_reversed, swapped}, small_side, buffered_pixels_max};
  bool whole;
  {
    nb::gil_scoped_release release;
    whole = jpeg_samples(static_cast<const uint8_t*>(file.data()), file.size(), wanted, samples, small);
  }
  if (!whole) return nb::none();
  return nb::make_tuple(nb::cast(made), small_side > 0 ? plane(small) : nb::none());
}

nb::object reduced_jpeg(nb::bytes file, unsigned shrink, size_t buffered_pixels_max) {
  Pixels made;
  bool whole;
  {
    nb::gil_scoped_release release;
    whole = jpeg_reduced(static_cast<const uint8_t*>(file.data()), file.size(), shrink, buffered_pixels_max, made);
  }
  return whole ? plane(made) : nb::none();
}

nb::tuple reduced(const Grey& grey, std::array<int, 3> down, std::array<int, 3> across) {
  float* coefficients;
  uint8_t quality;
  auto made = array(coefficients, size_t{FREQUENCIES}, size_t{FREQUENCIES});
  reduced_spectrum(grey.data(), grey.shape(0), grey.shape(1), {down[0], down[1], down[2]},
                   {across[0], across[1], across[2]}, coefficients, quality);
  return nb::make_tuple(nb::cast(made), static_cast<int>(quality));
}

// uint8[rows][width] or uint8[rows][width][3].
void push(Sampler& sampler, const Rows& rows) {
  const bool colour = rows.ndim() == 3;
  if (!(rows.ndim() == 2 || (colour && rows.shape(2) == 3)) || rows.shape(1) != sampler.width())
    throw std::invalid_argument("not rows of this picture");
  nb::gil_scoped_release release;
  const size_t width = rows.shape(1);
  std::vector<uint8_t> four(colour ? 4 * width : 0);
  for (size_t row = 0; row < rows.shape(0); ++row) {
    const uint8_t* from = rows.data() + row * width * (colour ? 3 : 1);
    for (size_t at = 0; at < four.size() / 4; ++at) std::copy_n(from + 3 * at, 3, &four[4 * at]);
    sampler.row(colour ? four.data() : from, colour ? 4 : 1);
  }
}

nb::object samples_of(const Sampler& sampler) {
  float* samples;
  auto made = array(samples, size_t{SIDE}, size_t{SIDE});
  sampler.samples(samples);
  return nb::cast(made);
}

nb::tuple judged(const Samples& samples, double side) {
  const Verdict made = verdict(samples.data(), side);
  return nb::make_tuple(nb::bytes(made.bits, sizeof made.bits), made.quality, made.certain);
}

}  // namespace

void add_fingerprint(nb::module_& module) {
  module.def("window_spectra", &spectra);
  module.def("spectrum_bits", &bits);
  module.def("reduced_spectrum", &reduced);
  module.def("jpeg_is_read", &jpeg_is_read);
  module.def("jpeg_samples", &jpeg);
  module.def("jpeg_reduced", &reduced_jpeg);
  module.def("verdict", &judged);
  nb::class_<Sampler>(module, "Sampler")
      .def("__init__",
           [](Sampler* self, size_t height, size_t width, bool rows_reversed, bool columns_reversed, bool swapped) {
             new (self) Sampler(height, width, {rows_reversed, columns_reversed, swapped});
           })
      .def("rows", &push)
      .def("samples", &samples_of);
}

}  // namespace unseen
