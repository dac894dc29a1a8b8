// What Python sees of the kernels for pictures; `unseen.fingerprint` is the only caller.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/array.h>

#include <algorithm>
#include <array>
#include <vector>

#include "jpeg.hpp"
#include "module.hpp"
#include "reference.hpp"
#include "sampler.hpp"
#include "verdict.hpp"
#include "windows.hpp"

namespace nb = nanobind;

namespace unseen {
namespace {

using Grey = nb::ndarray<const uint8_t, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using Rows = nb::ndarray<const uint8_t, nb::device::cpu>;  // the pixels of a row lie together; rows may lie apart
using Size = std::array<size_t, 2>;  // width and height that were read from the file; 0: any
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
nb::object jpeg(nb::bytes file, Size size, bool colour, bool rows_reversed, bool columns_reversed, bool swapped, size_t small_side,
                size_t buffered_pixels_max) {
  float* samples;
  Pixels small;
  auto made = array(samples, size_t{SIDE}, size_t{SIDE});
  const JpegWanted wanted{colour, {rows_reversed, columns_reversed, swapped}, small_side, buffered_pixels_max, size[0], size[1]};
  bool whole;
  {
    nb::gil_scoped_release release;
    whole = jpeg_samples(static_cast<const uint8_t*>(file.data()), file.size(), wanted, samples, small);
  }
  if (!whole) return nb::none();
  return nb::make_tuple(nb::cast(made), small_side > 0 ? plane(small) : nb::none());
}

nb::object reference_of_jpeg(nb::bytes file, Size size, bool colour, size_t buffered_pixels_max) {
  float* samples;
  auto made = array(samples, size_t{SIDE}, size_t{SIDE});
  bool whole;
  {
    nb::gil_scoped_release release;
    whole = jpeg_reference(static_cast<const uint8_t*>(file.data()), file.size(), {colour, {}, 0, buffered_pixels_max, size[0], size[1]}, samples);
  }
  return whole ? nb::cast(made) : nb::none();
}

nb::object reduced_jpeg(nb::bytes file, Size size, unsigned shrink, size_t buffered_pixels_max) {
  Pixels made;
  const JpegWanted wanted{false, {}, 0, buffered_pixels_max, size[0], size[1]};
  bool whole;
  {
    nb::gil_scoped_release release;
    whole = jpeg_reduced(static_cast<const uint8_t*>(file.data()), file.size(), shrink, wanted, made);
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

// uint8[rows][width] of grey, or [3] or [4] of it: red, green, blue and a byte that is ignored.
void push(Sampler& sampler, const Rows& rows) {
  const size_t channels = rows.ndim() == 3 ? rows.shape(2) : 1;
  const size_t width = sampler.width();
  if (!(rows.ndim() == 2 || (rows.ndim() == 3 && (channels == 3 || channels == 4))) || rows.shape(1) != width)
    throw std::invalid_argument("not rows of this picture");
  const auto apart = static_cast<size_t>(rows.stride(0));
  const bool together = rows.stride(1) == static_cast<int64_t>(channels) && (rows.ndim() == 2 || rows.stride(2) == 1);
  if (!together || rows.stride(0) < 0 || apart < width * channels) throw std::invalid_argument("the pixels of a row lie apart");
  nb::gil_scoped_release release;
  std::vector<uint8_t> four(channels == 3 ? 4 * width : 0);
  for (size_t row = 0; row < rows.shape(0); ++row) {
    const uint8_t* from = rows.data() + row * apart;
    if (channels == 3) pixel_kernels().widen(from, width, four.data());
    sampler.row(channels == 3 ? four.data() : from, channels == 1 ? 1 : 4);
  }
}

void push_luma(Reference& reference, const Luma& rows) {
  if (rows.shape(1) != reference.width()) throw std::invalid_argument("not rows of this picture");
  nb::gil_scoped_release release;
  for (size_t row = 0; row < rows.shape(0); ++row) reference.row(rows.data() + row * rows.shape(1));
}

template <typename Rows>
nb::object samples_of(Rows& rows) {
  float* samples;
  auto made = array(samples, size_t{SIDE}, size_t{SIDE});
  rows.samples(samples);
  return nb::cast(made);
}

nb::tuple judged(const Samples& samples, double bit_drift, double step_drift) {
  const Verdict made = verdict(samples.data(), bit_drift, step_drift);
  return nb::make_tuple(nb::bytes(made.bits, sizeof made.bits), made.quality, made.certain);
}

}  // namespace

void add_fingerprint(nb::module_& module) {
  module.def("window_spectra", &spectra);
  module.def("spectrum_bits", &bits);
  module.def("reduced_spectrum", &reduced);
  module.def("jpeg_is_read", &jpeg_is_read);
  module.def("jpeg_samples", &jpeg);
  module.def("jpeg_reference", &reference_of_jpeg);
  module.def("jpeg_reduced", &reduced_jpeg);
  module.def("verdict", &judged);
  nb::class_<Sampler>(module, "Sampler")
      .def("__init__",
           [](Sampler* self, size_t height, size_t width, bool rows_reversed, bool columns_reversed, bool swapped, bool whole) {
             new (self) Sampler(height, width, {rows_reversed, columns_reversed, swapped}, whole ? Weights::WHOLE : Weights::FLOAT);
           },
           nb::arg("height"), nb::arg("width"), nb::arg("rows_reversed"), nb::arg("columns_reversed"), nb::arg("swapped"),
           nb::arg("whole") = false)
      .def("rows", &push)
      .def("samples", &samples_of<Sampler>);
  nb::class_<Reference>(module, "Reference")
      .def(nb::init<size_t, size_t>())
      .def("rows", &push_luma)
      .def("samples", &samples_of<Reference>);
}

}  // namespace unseen
