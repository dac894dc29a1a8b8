"""Films as lists of frames, and back into files of other sizes, codecs and rates, by PyAV alone."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]  # [H, W, 3]


@dataclass(frozen=True)
class Clip:
    """Frames of one size at a constant rate."""

    frames: list[Pixels]
    rate: float

    @property
    def duration_s(self) -> float:
        return len(self.frames) / self.rate

    def part(self, from_s: float, to_s: float) -> "Clip":
        return replace(self, frames=self.frames[round(from_s * self.rate) : round(to_s * self.rate)])

    def resampled(self, rate: float, speed: float = 1.0) -> "Clip":
        """Shown `speed` times as fast, at another rate: the frame that is on at each moment."""
        count = int(self.duration_s / speed * rate)
        places = (int(number / rate * speed * self.rate) for number in range(count))
        return Clip([self.frames[min(place, len(self.frames) - 1)] for place in places], rate)

    def each(self, change: Any) -> "Clip":
        return replace(self, frames=[np.ascontiguousarray(change(frame)) for frame in self.frames])

    def then(self, other: "Clip") -> "Clip":
        """This, then the other at this size and rate."""
        height, width = self.frames[0].shape[:2]
        fitted = [
            np.asarray(Image.fromarray(frame).resize((width, height)))
            for frame in other.resampled(self.rate).frames
        ]
        return replace(self, frames=[*self.frames, *fitted])


def read(path: Path, width_max: int = 320, duration_s_max: float = 12.0) -> tuple[Clip, float]:
    """A stretch of a film, reduced, and the second at which it begins: at once, or in the middle of a long film."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        rate = float(stream.average_rate or 25)
        length_s = float(container.duration or 0) / av.time_base
        start_s = round(0.4 * length_s * rate) / rate if length_s > 2 * duration_s_max else 0.0
        frames = []
        for number, frame in enumerate(container.decode(stream)):
            if number < round(start_s * rate):
                continue
            width = min(width_max, frame.width) // 2 * 2
            height = round(frame.height * width / frame.width) // 2 * 2
            frames.append(frame.to_ndarray(format="rgb24", width=width, height=height))
            if len(frames) >= duration_s_max * rate:
                break
    return Clip(frames, rate), start_s


def write(
    clip: Clip, path: Path, codec: str = "libx264", crf: int = 30, group: int = 60, width: int = 0
) -> Path:
    """Encode; the container follows the file's name."""
    if path.suffix == ".gif":
        return write_gif(clip, path)
    height, wide = clip.frames[0].shape[:2]
    scale = (width or wide) / wide
    with av.open(str(path), mode="w") as container:
        stream: Any = container.add_stream(codec, rate=Fraction(clip.rate).limit_denominator(1001))
        stream.width, stream.height = round(wide * scale) // 2 * 2, round(height * scale) // 2 * 2
        stream.pix_fmt = "yuv420p"
        stream.options = options(codec, crf, group)
        for frame in pictures(clip):
            for packet in stream.encode(frame.reformat(stream.width, stream.height, "yuv420p")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return path


def options(codec: str, crf: int, group: int) -> dict[str, str]:
    made = {"crf": str(crf), "g": str(group), "threads": "2"}
    if codec == "libx264":
        return made | {"preset": "veryfast"}
    return made | {"b": "0", "deadline": "realtime", "cpu-used": "8"}


def pictures(clip: Clip) -> Iterator[av.VideoFrame]:
    for number, pixels in enumerate(clip.frames):
        frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
        frame.pts = number
        yield frame


def write_gif(clip: Clip, path: Path) -> Path:
    """240 pixels wide, ten frames a second, as sites make them."""
    slow = clip.resampled(10)
    height, width = slow.frames[0].shape[:2]
    size = (240, round(height * 240 / width))
    images = [Image.fromarray(frame).resize(size).quantize(128) for frame in slow.frames]
    images[0].save(path, save_all=True, append_images=images[1:], duration=100, loop=0)
    return path
