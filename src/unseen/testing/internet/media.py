"""Makes the copies: each is one photograph with one named edit, always the same bytes from the same file."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps

PHOTO_SUFFIXES: Final = {".jpg", ".jpeg", ".png", ".webp"}
VIDEO_TYPES: Final = {".mp4": "video/mp4", ".mkv": "video/x-matroska", ".webm": "video/webm"}
IMAGE_TYPES: Final = {
    "JPEG": ("jpg", "image/jpeg"),
    "PNG": ("png", "image/png"),
    "WEBP": ("webp", "image/webp"),
}
MATERIAL_PHOTOS: Final = 4
BYSTANDER_EDGE_PX: Final = (
    320  # bystanders only have to be looked at, not recognised: small keeps the demo quick
)


class MediaMissing(Exception):
    """The media folder holds too little for the small internet's copies."""


@dataclass(frozen=True)
class Picture:
    """Media bytes as served, with the extension and content type that belong to them."""

    data: bytes
    extension: str
    content_type: str

    @property
    def is_video(self) -> bool:
        return self.content_type.startswith("video/")


@dataclass(frozen=True)
class Library:
    """The files behind the posts: the case's own photographs and video, and the bystanders' photographs."""

    photos: tuple[Path, ...]
    video: Path
    bystanders: tuple[Path, ...]

    @classmethod
    def of(cls, folder: Path) -> "Library":
        """Read `folder`/photos (or images) and `folder`/videos in name order. Raises MediaMissing."""
        photo_folder = folder / "photos" if (folder / "photos").is_dir() else folder / "images"
        photos = _files(photo_folder, PHOTO_SUFFIXES)[:16]
        videos = _files(folder / "videos", set(VIDEO_TYPES))
        if len(photos) < MATERIAL_PHOTOS + 2 or not videos:
            raise MediaMissing(
                f"{folder} has {len(photos)} photographs and {len(videos)} videos;"
                f" put at least {MATERIAL_PHOTOS + 2} into photos/ and 1 into videos/"
            )
        return cls(tuple(photos[:MATERIAL_PHOTOS]), videos[0], tuple(photos[MATERIAL_PHOTOS:]))


def _files(folder: Path, suffixes: set[str]) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in suffixes)


def picture(path: Path, edit: str) -> Picture:
    """The file at `path` after the edit named `edit`: a key of EDITS, or "as-is" for the untouched bytes."""
    if edit == "as-is":
        suffix = path.suffix.lower()
        extension = suffix.removeprefix(".")
        return Picture(path.read_bytes(), extension, VIDEO_TYPES.get(suffix, f"image/{extension}"))
    with Image.open(path) as opened:
        upright = ImageOps.exif_transpose(opened).convert("RGB")
    return EDITS[edit](upright)


def _encode(image: Image.Image, form: str, quality: int) -> Picture:
    out = io.BytesIO()
    image.save(out, form, quality=quality)
    extension, content_type = IMAGE_TYPES[form]
    return Picture(out.getvalue(), extension, content_type)


def _resized(image: Image.Image, factor: float) -> Image.Image:
    size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
    return image.resize(size, Image.Resampling.LANCZOS)


def _mirrored_and_cropped(image: Image.Image) -> Image.Image:
    """Plain PDQ loses both (see measurements.md)."""
    return _cropped(ImageOps.mirror(image))


def _cropped(image: Image.Image) -> Image.Image:
    """5 % off every edge."""
    left, top = round(image.width * 0.05), round(image.height * 0.05)
    return image.crop((left, top, image.width - left, image.height - top))


EDITS: Final[dict[str, Callable[[Image.Image], Picture]]] = {
    "re-encode": lambda image: _encode(image, "JPEG", 70),
    "resize": lambda image: _encode(_resized(image, 0.6), "JPEG", 85),
    "png": lambda image: _encode(_resized(image, 0.6), "PNG", 0),
    "webp": lambda image: _encode(image, "WEBP", 75),
    "mirror": lambda image: _encode(ImageOps.mirror(image), "JPEG", 80),
    "crop": lambda image: _encode(_cropped(image), "JPEG", 80),
    "mirror-crop": lambda image: _encode(_mirrored_and_cropped(image), "JPEG", 75),
    "bystander": lambda image: _encode(_resized(image, BYSTANDER_EDGE_PX / max(image.size)), "JPEG", 75),
}
