"""Pictures through Pillow: one format per file, size checked before a pixel is decoded, orientation read from EXIF.

Runs only in the locked-down child.
"""

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO

import pillow_heif
from PIL import (
    AvifImagePlugin,
    ExifTags,
    GifImagePlugin,
    Image,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

from unseen.fingerprint import jpeg
from unseen.fingerprint.limits import ANIMATION_FRAMES_MAX, PIXELS_MAX, SIDE_PIXELS_MAX, STREAMED_PIXELS_MAX
from unseen.fingerprint.looks import Look, look_at_picture
from unseen.fingerprint.model import ErrorCode, FingerprintError, Pixels
from unseen.fingerprint.picture import TURNS, Picture

_ANIMATED_FORMATS = {
    GifImagePlugin.GifImageFile.format,
    PngImagePlugin.PngImageFile.format,
    WebPImagePlugin.WebPImageFile.format,
    AvifImagePlugin.AvifImageFile.format,
}


_JPEG_FORMATS = {JpegImagePlugin.JpegImageFile.format, MpoImagePlugin.MpoImageFile.format}


@dataclass(frozen=True, slots=True)
class Shown:
    """One frame of an animation or a video and its seconds; `look` reads its pixels, so frames passed over cost nothing.

    `look` holds until the next frame is asked for.
    """

    look: Callable[[], Look]
    from_s: float
    until_s: float


def prepare() -> None:
    """Register the decoders that are allowed, each with one thread; called once, before the lock-down."""
    Image.preinit()
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # half of the limit is no news
    pillow_heif.options.DECODE_THREADS = 1
    pillow_heif.register_heif_opener(thumbnails=False)
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1


def opened(data: bytes, form: str) -> Image.Image:
    """The picture with its header read and its size within limits; not yet decoded. Raises FingerprintError."""
    Image.MAX_IMAGE_PIXELS = None
    image = Image.open(BytesIO(data), formats=[form])
    most = (
        STREAMED_PIXELS_MAX if form == JpegImagePlugin.JpegImageFile.format and jpeg.is_read() else PIXELS_MAX
    )
    _check_size(image, most)
    # A later frame of a GIF may lie outside of the first and make all larger; Pillow refuses at twice its own limit.
    Image.MAX_IMAGE_PIXELS = PIXELS_MAX // 2
    return image


def _check_size(image: Image.Image, pixels_max: int) -> None:
    width, height = image.size
    if width * height > pixels_max or max(width, height) > SIDE_PIXELS_MAX:
        raise FingerprintError(
            ErrorCode.TOO_LARGE,
            f"the picture has {width} x {height} pixels; at most {pixels_max // 10**6} million and "
            f"{SIDE_PIXELS_MAX} a side are decoded: make it smaller first",
        )


def is_animated(image: Image.Image) -> bool:
    return image.format in _ANIMATED_FORMATS and getattr(image, "n_frames", 1) > 1


def still(image: Image.Image, data: bytes, pixels: Pixels = Pixels.EXACT, small: bool = False) -> Picture:
    """The (first) picture with its turn from EXIF; a plain JPEG is sampled as it is read, all others are decoded.

    `data`: the file's bytes. `small`: whether `small_luma` will be wanted. Raises FingerprintError.
    """
    turn = TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    if image.format in _JPEG_FORMATS:
        picture = jpeg.read(data, image, turn, pixels, small)
        if picture is not None:
            return picture
        _check_size(image, PIXELS_MAX)
        image.load()
        return Picture(image, turn, drift=jpeg.drift_of(image, pixels))
    image.load()
    return Picture(image, turn)


def shown_frames(image: Image.Image) -> Iterator[Shown]:
    """Every frame of an animation in order, one at a time in memory. Raises FingerprintError at too many."""
    count = getattr(image, "n_frames", 1)
    if count > ANIMATION_FRAMES_MAX:
        raise FingerprintError(
            ErrorCode.TOO_LARGE,
            f"the animation has {count} frames; at most {ANIMATION_FRAMES_MAX} are decoded: cut it into parts",
        )
    from_s = 0.0
    for place in range(count):
        image.seek(place)
        image.load()
        until_s = from_s + max(0.0, float(image.info.get("duration") or 0)) / 1000
        yield Shown(lambda: look_at_picture(Picture(image)), from_s, until_s)
        from_s = until_s
