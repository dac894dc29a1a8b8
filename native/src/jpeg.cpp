#include "jpeg.hpp"

#ifdef UNSEEN_JPEG

#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <memory>

#include <jpeglib.h>

#include "reducer.hpp"
#include "reference.hpp"

namespace unseen {
namespace {

constexpr size_t ROWS_AT_ONCE = 8;

// libjpeg ends an error with a jump out of its C frames, so each method that calls it sets its own place to land and
// holds nothing that needs a destructor.
class Reader {
 public:
  Reader() {
    decoder_.err = jpeg_std_error(&errors_.manager);
    errors_.manager.error_exit = [](j_common_ptr decoder) { land(decoder); };
    errors_.manager.emit_message = [](j_common_ptr decoder, int level) {
      if (level < 0) land(decoder);  // a warning: the data are damaged
    };
    errors_.manager.output_message = [](j_common_ptr) {};
    made_ = setjmp(errors_.landing) == 0;
    if (made_) jpeg_create_decompress(&decoder_);
  }
  ~Reader() {
    if (setjmp(errors_.landing) == 0) jpeg_destroy_decompress(&decoder_);
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  // Reads the header and starts. `shrink` 1, 2, 4 or 8.
  bool start(const uint8_t* bytes, size_t size, bool colour, unsigned shrink, const JpegWanted& wanted) {
    if (!made_ || setjmp(errors_.landing) != 0) return false;
    jpeg_mem_src(&decoder_, const_cast<uint8_t*>(bytes), size);  // it only reads them
    if (jpeg_read_header(&decoder_, TRUE) != JPEG_HEADER_OK || !plain()) return false;
    const size_t width = decoder_.image_width, height = decoder_.image_height;
    if ((wanted.width != 0 && wanted.width != width) || (wanted.height != 0 && wanted.height != height)) return false;
    if (jpeg_has_multiple_scans(&decoder_) && width * height > wanted.buffered_pixels_max) return false;
    grey_ = !colour || decoder_.num_components == 1;
    decoder_.out_color_space = grey_ ? JCS_GRAYSCALE : JCS_EXT_RGBX;
    decoder_.scale_num = 1;
    decoder_.scale_denom = shrink;
    return jpeg_start_decompress(&decoder_);
  }

  // Up to ROWS_AT_ONCE next rows; 0 at an error.
  size_t read(uint8_t* rows) {
    if (setjmp(errors_.landing) != 0) return 0;
    JSAMPROW places[ROWS_AT_ONCE];
    for (size_t row = 0; row < ROWS_AT_ONCE; ++row) places[row] = rows + row * row_bytes();
    return jpeg_read_scanlines(&decoder_, places, ROWS_AT_ONCE);
  }

  // Whether the file ends as it should.
  bool finish() { return setjmp(errors_.landing) == 0 && jpeg_finish_decompress(&decoder_); }

  size_t height() const { return decoder_.output_height; }
  size_t width() const { return decoder_.output_width; }
  int bytes_a_pixel() const { return grey_ ? 1 : 4; }
  size_t row_bytes() const { return width() * bytes_a_pixel(); }

 private:
  struct Errors {
    jpeg_error_mgr manager;  // first: libjpeg hands back its address
    std::jmp_buf landing;
  };

  [[noreturn]] static void land(j_common_ptr decoder) {
    std::longjmp(reinterpret_cast<Errors*>(decoder->err)->landing, 1);
  }

  bool plain() const {
    if (decoder_.data_precision != 8 || decoder_.arith_code) return false;
    if (decoder_.image_width < SIDE_PIXELS_MIN || decoder_.image_height < SIDE_PIXELS_MIN) return false;
    if (decoder_.num_components == 1) return decoder_.jpeg_color_space == JCS_GRAYSCALE;
    if (decoder_.num_components != 3 || decoder_.jpeg_color_space != JCS_YCbCr) return false;
    const jpeg_component_info* part = decoder_.comp_info;
    for (int chroma = 1; chroma < 3; ++chroma)
      if (part[chroma].h_samp_factor != 1 || part[chroma].v_samp_factor != 1) return false;
    return part[0].h_samp_factor <= 2 && part[0].v_samp_factor <= 2;
  }

  jpeg_decompress_struct decoder_ = {};
  Errors errors_;
  bool made_ = false, grey_ = true;
};

template <typename Each>
bool each_row(Reader& reader, Each each) {
  std::vector<uint8_t> rows(ROWS_AT_ONCE * reader.row_bytes());
  for (size_t done = 0; done < reader.height();) {
    const size_t count = reader.read(rows.data());
    if (count == 0) return false;
    for (size_t row = 0; row < count; ++row) each(rows.data() + row * reader.row_bytes());
    done += count;
  }
  return reader.finish();
}

}  // namespace

bool jpeg_is_read() { return true; }

bool jpeg_samples(const uint8_t* bytes, size_t size, const JpegWanted& wanted, float* samples, Pixels& small) {
  Reader reader;
  if (!reader.start(bytes, size, wanted.colour, 1, wanted)) return false;
  const size_t height = reader.height(), width = reader.width();
  Sampler sampler(height, width, wanted.turn, wanted.colour ? Weights::FLOAT : Weights::WHOLE);
  std::unique_ptr<Reducer> reducer;
  small.channels = reader.bytes_a_pixel() == 1 ? 1 : 3;
  if (wanted.small_side > 0) {
    const size_t factor = std::max(size_t{1}, std::min(height, width) / wanted.small_side);
    reducer = std::make_unique<Reducer>(height, width, factor, reader.bytes_a_pixel(), small.channels);
  }
  const bool whole = each_row(reader, [&](const uint8_t* row) {
    sampler.row(row, reader.bytes_a_pixel());
    if (reducer) reducer->row(row);
  });
  if (!whole) return false;
  sampler.samples(samples);
  if (reducer) {
    small.height = reducer->height();
    small.width = reducer->width();
    small.values = reducer->take();
  }
  return true;
}

bool jpeg_reference(const uint8_t* bytes, size_t size, const JpegWanted& wanted, float* samples) {
  Reader reader;
  if (!reader.start(bytes, size, wanted.colour, 1, wanted)) return false;
  Reference reference(reader.height(), reader.width());
  std::vector<float> luma(reader.width());
  const bool whole = each_row(reader, [&](const uint8_t* row) {
    if (reader.bytes_a_pixel() == 1)
      std::copy_n(row, luma.size(), luma.begin());
    else
      for (size_t at = 0; at < luma.size(); ++at, row += 4)
        luma[at] = static_cast<float>(299 * row[0] + 587 * row[1] + 114 * row[2]) / 1000.0f;
    reference.row(luma.data());
  });
  if (whole) reference.samples(samples);
  return whole;
}

bool jpeg_reduced(const uint8_t* bytes, size_t size, unsigned shrink, const JpegWanted& wanted, Pixels& plane) {
  Reader reader;
  if (shrink != 1 && shrink != 2 && shrink != 4 && shrink != 8) return false;
  if (!reader.start(bytes, size, false, shrink, wanted)) return false;
  plane = {reader.height(), reader.width(), 1, {}};
  plane.values.reserve(plane.height * plane.width);
  return each_row(reader, [&](const uint8_t* row) { plane.values.insert(plane.values.end(), row, row + plane.width); });
}

}  // namespace unseen

#else

namespace unseen {

bool jpeg_is_read() { return false; }

bool jpeg_samples(const uint8_t*, size_t, const JpegWanted&, float*, Pixels&) { return false; }

bool jpeg_reference(const uint8_t*, size_t, const JpegWanted&, float*) { return false; }

bool jpeg_reduced(const uint8_t*, size_t, unsigned, const JpegWanted&, Pixels&) { return false; }

}  // namespace unseen

#endif
