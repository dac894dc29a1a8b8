"""What is done to a film before it is uploaded again. Each edit answers the copy and where the film lies in it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from benchmarks.video.clips import Clip, Pixels


@dataclass(frozen=True)
class Edited:
    """`from_s` to `to_s` of the copy shows the film from `film_from_s` on, `speed` times as fast."""

    clip: Clip
    from_s: float
    to_s: float
    film_from_s: float = 0.0
    speed: float = 1.0
    codec: str = "libx264"
    crf: int = 30
    group: int = 60
    width: int = 0
    suffix: str = ".mp4"

    @property
    def film_to_s(self) -> float:
        return self.film_from_s + (self.to_s - self.from_s) * self.speed


Edit = Callable[[Clip, Clip], Edited]  # the film and another one


def whole(clip: Clip, **more: object) -> Edited:
    return Edited(clip, 0.0, clip.duration_s, **more)  # type: ignore[arg-type]


def each(change: Callable[[Pixels], Pixels]) -> Edit:
    return lambda film, _: whole(film.each(change))


def trim(cut_s: float) -> Edit:
    return lambda film, _: Edited(
        film.part(cut_s, film.duration_s), 0.0, film.duration_s - cut_s, cut_s, crf=33, width=280
    )


def excerpt(share: float, length_s: float, rate: float, codec: str, group: int) -> Edit:
    """`length_s` seconds (less where the film is shorter), beginning at a share of what is left."""

    def cut(film: Clip, _: Clip) -> Edited:
        length = min(length_s, film.duration_s)
        start = round(share * (film.duration_s - length) * film.rate) / film.rate
        part = film.part(start, start + length).resampled(rate)
        suffix = ".webm" if codec == "libvpx-vp9" else ".mp4"
        return Edited(
            part, 0.0, part.duration_s, start, codec=codec, group=group, width=240, crf=34, suffix=suffix
        )

    return cut


def faster(speed: float) -> Edit:
    return lambda film, _: whole(film.resampled(film.rate, speed), speed=speed)


def cropped(share: float) -> Edit:
    """A share of the width and of the height is cut off, half on each side."""

    def cut(frame: Pixels) -> Pixels:
        height, width = frame.shape[:2]
        down, across = round(height * share / 2), round(width * share / 2)
        return even(frame[down : height - down, across : width - across])

    return each(cut)


def even(frame: Pixels) -> Pixels:
    return frame[: frame.shape[0] // 2 * 2, : frame.shape[1] // 2 * 2]


def padded(down: float, across: float, level: int) -> Edit:
    def pad(frame: Pixels) -> Pixels:
        rows, columns = round(frame.shape[0] * down), round(frame.shape[1] * across)
        return even(np.pad(frame, ((rows, rows), (columns, columns), (0, 0)), constant_values=level))

    return each(pad)


def with_logo(frame: Pixels) -> Pixels:
    image = Image.fromarray(frame)
    width, height = image.size
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle(
        (width * 0.72, height * 0.05, width * 0.96, height * 0.17), height * 0.03, (240, 240, 240)
    )
    draw.text((width * 0.75, height * 0.07), "any tube", (200, 20, 60), font_size=max(8, height // 14))
    return np.asarray(image)


def with_intro(film: Clip, other: Clip) -> Edited:
    """A title card of two seconds and three seconds of another film come first."""
    height, width = film.frames[0].shape[:2]
    card = title(width, height)
    intro = Clip([card] * round(2 * film.rate), film.rate).then(other.part(0, 3))
    begins_s = intro.duration_s
    return Edited(intro.then(film), begins_s, begins_s + film.duration_s)


def in_compilation(film: Clip, other: Clip) -> Edited:
    """Six seconds from the middle, between two pieces of another film."""
    length = min(6.0, film.duration_s)
    start = (film.duration_s - length) / 2
    part = film.part(start, start + length)
    before = film.part(0, 0).frames
    opening = Clip([*before, *Clip(film.frames[:1], film.rate).then(other.part(0, 6)).frames[1:]], film.rate)
    joined = opening.then(part).then(other.part(6, 10))
    return Edited(joined, opening.duration_s, opening.duration_s + part.duration_s, start)


def title(width: int, height: int, words: str = "BEST OF THE WEEK") -> Pixels:
    image = Image.new("RGB", (width, height), (8, 8, 12))
    ImageDraw.Draw(image).text(
        (width * 0.12, height * 0.42), words, (235, 235, 235), font_size=max(10, width // 14)
    )
    return np.asarray(image)


def chain(film: Clip, other: Clip) -> Edited:
    """Mirrored, cropped by a tenth, a logo, fewer frames, small and coarse."""
    made = cropped(0.10)(film.each(lambda frame: with_logo(frame[:, ::-1])), other).clip
    return whole(made.resampled(15), crf=36, width=240)


EDITS: dict[str, Edit] = {
    "re-encoded": lambda film, _: whole(film, crf=36, width=240),
    "VP9, 24 a second": lambda film, _: whole(
        film.resampled(24), codec="libvpx-vp9", crf=40, group=120, suffix=".webm"
    ),
    "12 frames a second": lambda film, _: whole(film.resampled(12)),
    "trim 0.4 s": trim(0.4),
    "trim 0.8 s": trim(0.8),
    "trim 1.3 s": trim(1.3),
    "trim 2.1 s": trim(2.1),
    "trim 3.0 s": trim(3.0),
    "excerpt 5 s, early": excerpt(0.13, 5.0, 25, "libx264", 250),
    "excerpt 5 s, middle": excerpt(0.47, 5.0, 30, "libvpx-vp9", 60),
    "excerpt 5 s, late": excerpt(0.91, 5.0, 15, "libx264", 30),
    "intro": with_intro,
    "in a compilation": in_compilation,
    "mirror": each(lambda frame: frame[:, ::-1]),
    "crop 5 %": cropped(0.05),
    "crop 10 %": cropped(0.10),
    "crop 15 %": cropped(0.15),
    "letterbox": padded(0.16, 0.0, 0),
    "border": padded(0.07, 0.07, 245),
    "logo": each(with_logo),
    "speed 0.8": faster(0.8),
    "speed 1.25": faster(1.25),
    "GIF": lambda film, _: whole(film.part(0, 8), suffix=".gif"),
    "mirror, crop, logo, 15 a second": chain,
}
