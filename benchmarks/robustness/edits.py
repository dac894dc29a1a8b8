"""The edits of the robustness benchmark: one line each, made from a picture, another photograph and a seed.

AugLy (Papakipos and Bitton 2022) is the definition wherever it has the transform; its black corners after a rotation are
cut off, for instance. Where a default is in pixels it is meant for its own 1080-pixel pictures and scaled here. What AugLy
lacks, or does with functions that Pillow and NumPy have removed, is in `drawn.py`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from random import Random

from augly.image import functional as augly
from PIL import Image

from benchmarks.robustness import drawn

# picture, the seeded source of every random choice, another photograph (background, second half of a collage)
Make = Callable[[Image.Image, Random, Image.Image], Image.Image]

PERSPECTIVE_SHARE = (
    50 / 1080
)  # AugLy's default of 50 pixels, on a picture as high as a phone's screen is wide
CAPTION_SHARE = 250 / 1080  # the same for the band of a meme
TEXT_MARKS = (
    12,
    45,
    78,
    101,
    33,
    57,
    21,
)  # AugLy takes its letters by number; its default is random at import


@dataclass(frozen=True, slots=True)
class Edit:
    """`kind` groups the lines of the tables."""

    name: str
    kind: str
    make: Make


def edited(edit: Edit, picture: Image.Image, seed: str, other: Image.Image) -> Image.Image:
    """The edited copy as RGB; the same names and seed give the same pixels."""
    return edit.make(picture, Random(f"{edit.name}/{seed}"), other).convert("RGB")


def saved(image: Image.Image, quality: int = 88) -> bytes:
    """As it would be uploaded: a JPEG."""
    kept = BytesIO()
    image.convert("RGB").save(kept, "JPEG", quality=quality)
    return kept.getvalue()


def _recompressed(image: Image.Image, quality: int) -> Image.Image:
    return Image.open(BytesIO(saved(image, quality))).convert("RGB")


def _plain(make: Callable[[Image.Image], Image.Image]) -> Make:
    return lambda image, random, other: make(image)


def crop_by(percent: float) -> Make:
    """So many percent of each side's length gone, divided at random between its two ends."""

    def make(image: Image.Image, random: Random, other: Image.Image) -> Image.Image:
        kept = 1 - percent / 100
        left, top = random.uniform(0, 1 - kept), random.uniform(0, 1 - kept)
        return augly.crop(image, x1=left, y1=top, x2=left + kept, y2=top + kept)

    return make


def _crop_one_side(image: Image.Image, random: Random, other: Image.Image) -> Image.Image:
    sides = [0.0, 0.0, 1.0, 1.0]
    gone = random.uniform(0.05, 0.3)
    side = random.randrange(4)
    sides[side] += gone if side < 2 else -gone
    return augly.crop(image, x1=sides[0], y1=sides[1], x2=sides[2], y2=sides[3])


def _rotate(degrees: float) -> Make:
    return lambda image, random, other: augly.rotate(image, degrees=degrees * random.choice((-1, 1)))


def _turn(degrees: int) -> Make:
    def make(image: Image.Image, random: Random, other: Image.Image) -> Image.Image:
        return image.rotate(degrees * random.choice((-1, 1)), expand=True)

    return make


def _noise(image: Image.Image, random: Random, other: Image.Image) -> Image.Image:
    return augly.random_noise(image, seed=random.randrange(2**31))


def _pad(image: Image.Image, random: Random, other: Image.Image) -> Image.Image:
    share = random.choice((0.05, 0.1, 0.25))
    return augly.pad(image, w_factor=share, h_factor=share, color=random.choice(drawn.BORDER_COLOURS))


def _pad_square(image: Image.Image, random: Random, other: Image.Image) -> Image.Image:
    return augly.pad_square(image, color=random.choice(drawn.BORDER_COLOURS))


def _text(image: Image.Image, random: Random, other: Image.Image) -> Image.Image:
    place = {"x_pos": random.uniform(0, 0.2), "y_pos": random.uniform(0.1, 0.8)}
    return augly.overlay_text(image, text=random.sample(TEXT_MARKS, 5), **place)


def _emoji(image: Image.Image, random: Random, other: Image.Image) -> Image.Image:
    place = {"x_pos": random.uniform(0.05, 0.8), "y_pos": random.uniform(0.05, 0.8)}
    return augly.overlay_emoji(image, **place)


def _sticker(image: Image.Image, random: Random, other: Image.Image) -> Image.Image:
    place = {"x_pos": random.uniform(0, 0.4), "y_pos": random.uniform(0, 0.55)}
    return augly.overlay_emoji(image, emoji_size=random.uniform(0.35, 0.45), **place)


def _stripes(image: Image.Image, random: Random, other: Image.Image) -> Image.Image:
    return augly.overlay_stripes(
        image, line_width=0.3, line_angle=random.choice((0, 45, -30)), line_opacity=0.6
    )


def _background(image: Image.Image, random: Random, other: Image.Image) -> Image.Image:
    size = random.uniform(0.5, 0.85)  # AugLy takes the share of the height: a wide picture must still fit
    size = min(size, 0.95 * other.width / (image.width * other.height / image.height))
    width = image.width * other.height * size / image.height / other.width
    place = {"x_pos": random.uniform(0, 1 - width), "y_pos": random.uniform(0, 1 - size)}
    return augly.overlay_onto_background_image(image, other, overlay_size=size, **place)


def _aspect(image: Image.Image, random: Random, other: Image.Image) -> Image.Image:
    stretch = random.choice((0.75, 1.33))
    return augly.change_aspect_ratio(image, ratio=image.width / image.height * stretch)


def _chain(*steps: Make) -> Make:
    def make(image: Image.Image, random: Random, other: Image.Image) -> Image.Image:
        for step in steps:
            image = step(image.convert("RGB"), random, other)
        return image

    return make


_JPEG_30 = _plain(lambda image: _recompressed(image, 30))
_MIRROR = _plain(augly.hflip)
_LETTERBOX: Make = lambda image, random, other: drawn.letterbox(image, random)  # noqa: E731
_CAPTION: Make = lambda image, random, other: drawn.caption(image, random, CAPTION_SHARE)  # noqa: E731
_SCREENSHOT: Make = lambda image, random, other: drawn.phone_screenshot(image, random)  # noqa: E731

EDITS = (
    Edit("jpeg 30", "quality", _JPEG_30),
    Edit("scale 0.5", "quality", _plain(lambda image: augly.scale(image, factor=0.5))),
    Edit("scale 2", "quality", _plain(lambda image: augly.scale(image, factor=2.0))),
    Edit("blur", "quality", _plain(augly.blur)),
    Edit("sharpen", "quality", _plain(lambda image: augly.sharpen(image, factor=3.0))),
    Edit("noise", "quality", _noise),
    Edit("brighter", "colour", _plain(lambda image: augly.brightness(image, factor=1.5))),
    Edit("darker", "colour", _plain(lambda image: augly.brightness(image, factor=0.6))),
    Edit("contrast up", "colour", _plain(lambda image: augly.contrast(image, factor=1.6))),
    Edit("contrast down", "colour", _plain(lambda image: augly.contrast(image, factor=0.6))),
    Edit("greyscale", "colour", _plain(augly.grayscale)),
    Edit("saturation", "colour", _plain(lambda image: augly.saturation(image, factor=2.5))),
    Edit("mirror", "turn", _MIRROR),
    Edit("flip", "turn", _plain(augly.vflip)),
    Edit("rotate 3", "turn", _rotate(3)),
    Edit("rotate 8", "turn", _rotate(8)),
    Edit("rotate 90", "turn", _turn(90)),
    Edit("rotate 180", "turn", _turn(180)),
    Edit("crop 5", "crop", crop_by(5)),
    Edit("crop 10", "crop", crop_by(10)),
    Edit("crop 20", "crop", crop_by(20)),
    Edit("crop 30", "crop", crop_by(30)),
    Edit("crop 50 centre", "crop", _plain(augly.crop)),
    Edit("crop 50", "crop", crop_by(50)),
    Edit("crop one side", "crop", _crop_one_side),
    Edit("pad", "frame", _pad),
    Edit("letterbox", "frame", _LETTERBOX),
    Edit("square pad", "frame", _pad_square),
    Edit("meme caption", "frame", _CAPTION),
    Edit("screenshot web", "frame", lambda image, random, other: drawn.augly_screenshot(image, random)),
    Edit("screenshot phone", "frame", _SCREENSHOT),
    Edit("background", "frame", _background),
    Edit("collage", "frame", drawn.collage),
    Edit("text", "overlay", _text),
    Edit("emoji", "overlay", _emoji),
    Edit("stripes", "overlay", _stripes),
    Edit("sticker", "overlay", _sticker),
    Edit("inpainted quarter", "overlay", lambda image, random, other: drawn.inpainted_quarter(image, random)),
    Edit("inpainted middle", "overlay", lambda image, random, other: drawn.inpainted_middle(image, random)),
    Edit("aspect", "shape", _aspect),
    Edit("perspective", "shape", lambda image, random, other: drawn.perspective(image, random, PERSPECTIVE_SHARE)),
    Edit("photo of a screen", "shape", lambda image, random, other: drawn.photo_of_screen(image, random)),
    Edit("mirror, crop 10, text, jpeg", "chain", _chain(_MIRROR, crop_by(10), _text, _JPEG_30)),
    Edit("crop 5, caption, jpeg", "chain", _chain(crop_by(5), _CAPTION, _JPEG_30)),
    Edit("mirror, pad, emoji", "chain", _chain(_MIRROR, _pad, _emoji)),
    Edit("rotate 3, crop 5, brighter", "chain", _chain(_rotate(3), crop_by(5), lambda i, r, o: augly.brightness(i, factor=1.3))),
    Edit("text, screenshot, crop 5", "chain", _chain(_text, _SCREENSHOT, crop_by(5))),
    Edit("sticker, mirror, jpeg", "chain", _chain(_sticker, _MIRROR, _JPEG_30)),
)  # fmt: skip


def kinds() -> Iterator[tuple[str, list[Edit]]]:
    """The edits in groups, in order."""
    for kind in dict.fromkeys(edit.kind for edit in EDITS):
        yield kind, [edit for edit in EDITS if edit.kind == kind]
