"""Pictures in every format and mode that a reporter's device may hold, made from photographs of the repository."""

import struct
from collections.abc import Iterator
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import av
import cv2
import numpy as np
import pillow_heif
from av.video.stream import VideoStream
from PIL import ExifTags, Image, ImageCms

import unseen.testing

MEDIA = Path(unseen.testing.__file__).parent / "media"
PHOTOS = sorted((MEDIA / "photos").glob("*.jpg"))
VIDEOS = sorted((MEDIA / "videos").glob("*.mp4"))


def photo(number: int = 0, size: tuple[int, int] = (601, 447)) -> Image.Image:
    with Image.open(PHOTOS[number]) as image:
        return image.convert("RGB").resize(size)


def _saved(image: Image.Image, form: str, **options: object) -> bytes:
    into = BytesIO()
    image.save(into, form, **options)
    return into.getvalue()


def jpegs() -> Iterator[tuple[str, bytes]]:
    image = photo()
    for name, subsampling in (("444", 0), ("422", 1), ("420", 2)):
        yield f"{name}.jpg", _saved(image, "JPEG", quality=81, subsampling=subsampling)
        yield (
            f"{name}-progressive.jpg",
            _saved(image, "JPEG", quality=60, subsampling=subsampling, progressive=True),
        )
    yield "grey.jpg", _saved(image.convert("L"), "JPEG")
    yield "rgb.jpg", _saved(image, "JPEG", keep_rgb=True)
    yield "restarts.jpg", _saved(image, "JPEG", restart_marker_blocks=3)
    yield "worst.jpg", _saved(image, "JPEG", quality=3)
    yield "tiny.jpg", _saved(image.resize((33, 21)), "JPEG")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    yield "profile.jpg", _saved(image, "JPEG", icc_profile=profile)
    for orientation in range(2, 9):
        exif = Image.Exif()
        exif[ExifTags.Base.Orientation] = orientation
        yield f"turned-{orientation}.jpg", _saved(image, "JPEG", exif=exif)
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><r tiff:Orientation="6"/></x:xmpmeta>'
    yield "turned-in-xmp.jpg", _saved(image, "JPEG", xmp=xmp)


def pngs() -> Iterator[tuple[str, bytes]]:
    image = photo(1)
    for mode in ("RGB", "L", "LA", "1"):
        yield f"{mode}.png", _saved(image.convert(mode), "PNG")
    yield "alpha.png", _saved(_with_alpha(image), "PNG")
    yield "palette.png", _saved(image.quantize(200), "PNG")
    yield "palette-of-12-with-a-hole.png", _saved(image.quantize(12), "PNG", transparency=3)
    values = np.asarray(image).astype(np.uint16) * 256 + np.arange(601, dtype=np.uint16)[None, :, None] % 256
    yield "colour-of-16-bit.png", cv2.imencode(".png", values)[1].tobytes()
    yield "grey-of-16-bit.png", _saved(Image.fromarray(values[:, :, 1]), "PNG")
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 8
    yield "turned.png", _saved(image, "PNG", exif=exif)


def webps() -> Iterator[tuple[str, bytes]]:
    image = photo(2)
    yield "lossy.webp", _saved(image, "WEBP", quality=70)
    yield "lossless.webp", _saved(image, "WEBP", lossless=True)
    yield "alpha.webp", _saved(_with_alpha(image), "WEBP", quality=70)
    yield "alpha-lossless.webp", _saved(_with_alpha(image), "WEBP", lossless=True)
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 3
    yield "turned.webp", _saved(image, "WEBP", exif=exif)


def newer() -> Iterator[tuple[str, bytes]]:
    image = photo(3)
    yield "colour.avif", _saved(image, "AVIF", quality=70)
    yield "alpha.avif", _saved(_with_alpha(image), "AVIF", quality=70)
    pillow_heif.register_heif_opener()
    yield "colour.heic", _saved(image, "HEIF", quality=70)


def films(folder: Path) -> Iterator[Path]:
    """Two seconds each: other codecs and containers, a phone held upright, luma in full range or of ten bits."""
    yield _film(folder / "plain.mp4", "libx264")
    yield _film(folder / "vp9.webm", "libvpx-vp9")
    yield _film(folder / "av1.mkv", "libsvtav1")
    yield _film(folder / "stream.ts", "libx264")
    yield _film(folder / "ten-bits.mp4", "libsvtav1", pixels="yuv420p10le")
    yield _film(folder / "full-range.mp4", "libx264", pixels="yuvj420p")
    for turn, matrix in _MATRICES.items():
        path = _film(folder / f"turned-{turn}.mp4", "libx264")
        data = path.read_bytes()
        place = data.index(b"tkhd") + 4 + 40  # ISO/IEC 14496-12, 8.3.2: version 0
        path.write_bytes(data[:place] + struct.pack(">9i", *matrix) + data[place + 36 :])
        yield path


_ONE, _WHOLE = 1 << 16, 1 << 30
_MATRICES = {
    90: (0, _ONE, 0, -_ONE, 0, 0, 240 * _ONE, 0, _WHOLE),
    180: (-_ONE, 0, 0, 0, -_ONE, 0, 320 * _ONE, 240 * _ONE, _WHOLE),
    270: (0, -_ONE, 0, _ONE, 0, 0, 0, 320 * _ONE, _WHOLE),
}


def _film(path: Path, codec: str, pixels: str = "yuv420p", begins: int = 0) -> Path:
    with av.open(str(VIDEOS[0])) as source, av.open(str(path), "w") as into:
        stream = into.add_stream(codec, rate=24)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = 320, 240, pixels
        for number, frame in zip(range(48), source.decode(video=0), strict=False):
            made = frame.reformat(320, 240, pixels)
            made.pts, made.time_base = number + begins, Fraction(1, 24)
            into.mux(stream.encode(made))
        into.mux(stream.encode())
    return path


def late(folder: Path) -> Path:
    """A film whose first frame comes after half a second."""
    return _film(folder / "late.mp4", "libx264", begins=12)


def refused() -> Iterator[tuple[str, bytes, str]]:
    """Files that get no fingerprint, each with a word of the sentence that says why."""
    image = photo(4)
    yield "cut.jpg", _saved(image, "JPEG")[:9000], "damaged"
    yield "four-colours.jpg", _saved(image.convert("CMYK"), "JPEG"), "not a picture or video"
    yield "text.jpg", b"no picture at all", "not a picture or video"
    yield "nothing.jpg", b"", "empty"
    yield "blank.png", _saved(Image.new("RGB", (300, 300), "navy"), "PNG"), "too little"
    frames = [photo(number, (90, 60)) for number in range(3)]
    for form in ("GIF", "WEBP", "PNG", "AVIF"):
        moving = _saved(frames[0], form, save_all=True, append_images=frames[1:], duration=300)
        yield f"moving.{form.lower()}", moving, "moving"
    yield "turned.avif", _turned_avif(image), "not a picture or video"
    yield "huge.png", _saved(Image.new("1", (8001, 8001)), "PNG"), "too large"
    with TemporaryDirectory() as folder:
        hevc = _film(Path(folder) / "hevc.mp4", "libx265")
        yield "hevc.mp4", hevc.read_bytes(), "cannot read file 1 reliably"
        avi = _film(Path(folder) / "film.avi", "mpeg4")
        yield "film.avi", avi.read_bytes(), "not a picture or video"
    yield "cut.mp4", VIDEOS[0].read_bytes()[:2000], "damaged"


def _turned_avif(image: Image.Image) -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    return _saved(image, "AVIF", exif=exif)


def _with_alpha(image: Image.Image) -> Image.Image:
    made = image.copy()
    made.putalpha(image.convert("L").point(lambda value: 0 if value < 90 else value))
    return made
