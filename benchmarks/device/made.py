"""What a phone's files look like: pictures of twelve megapixels and a minute of 720p, made from those at hand."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import cycle
from pathlib import Path

import av
import pillow_heif
from PIL import ExifTags, Image

WIDTH, HEIGHT = 4000, 3000
FILM_S, FILM_WIDTH, FILM_HEIGHT, FILM_RATE = 60, 1280, 720, 30


def pictures(photos: list[Path], folder: Path) -> Iterator[tuple[str, Path]]:
    """The largest photographs side by side, in each format."""
    whole = Image.new("RGB", (WIDTH, HEIGHT))
    for place, photo in enumerate(photos[:12]):
        with Image.open(photo) as image:
            part = image.convert("RGB").resize((WIDTH // 4, HEIGHT // 3), Image.Resampling.LANCZOS)
        whole.paste(part, (place % 4 * (WIDTH // 4), place // 4 * (HEIGHT // 3)))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    pillow_heif.register_heif_opener()
    forms = {
        "JPEG": ("plain.jpg", {"quality": 90}),
        "JPEG, turned by EXIF": ("turned.jpg", {"quality": 90, "exif": exif}),
        "JPEG, progressive": ("progressive.jpg", {"quality": 90, "progressive": True}),
        "PNG": ("plain.png", {"compress_level": 1}),
        "WebP": ("plain.webp", {"quality": 85, "method": 2}),
        "AVIF": ("plain.avif", {"quality": 75, "speed": 9}),
        "HEIC": ("plain.heic", {"quality": 75}),
    }
    for name, (file, options) in forms.items():
        whole.save(folder / file, **options)
        yield name, folder / file


def film(videos: list[Path], folder: Path) -> Path:
    """A minute of 720p at 30 frames a second in H.264, from the frames of films in turn."""
    path = folder / "minute.mp4"
    with av.open(str(path), "w") as into:
        stream = into.add_stream("libx264", rate=FILM_RATE, options={"preset": "veryfast", "crf": "23"})
        stream.width, stream.height, stream.pix_fmt = FILM_WIDTH, FILM_HEIGHT, "yuv420p"
        for number, frame in zip(range(FILM_S * FILM_RATE), _frames(videos), strict=False):
            made = frame.reformat(FILM_WIDTH, FILM_HEIGHT, "yuv420p")
            made.pts, made.time_base = number, Fraction(1, FILM_RATE)
            into.mux(stream.encode(made))
        into.mux(stream.encode())
    return path


def _frames(videos: list[Path]) -> Iterator[av.VideoFrame]:
    for video in cycle(videos):
        with av.open(str(video)) as source:
            yield from source.decode(video=0)
