"""Tiny films made of moving photographs, for tests: a window glides over each picture for some seconds."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]  # [H, W, 3]

WIDTH, HEIGHT, RATE = 192, 128, 10


def glide(photo: Path, seconds: float = 3.0) -> list[Pixels]:
    """`seconds` at ten frames a second: the window crosses a third of the picture, so that each second looks different."""
    with Image.open(photo) as image:
        canvas = np.asarray(image.convert("RGB").resize((WIDTH * 3 // 2, HEIGHT * 3 // 2)))
    frames = []
    for number in range(round(seconds * RATE)):
        share = number / 60
        left, top = round(min(share, 1) * WIDTH / 2), round(min(share, 1) * HEIGHT / 2)
        frames.append(np.ascontiguousarray(canvas[top : top + HEIGHT, left : left + WIDTH]))
    return frames


def film(photos: Sequence[Path], seconds: float = 3.0) -> list[Pixels]:
    """One scene a photograph."""
    return [frame for photo in photos for frame in glide(photo, seconds)]


def encode(
    path: Path, frames: Iterable[Pixels], rate: int = RATE, group: int = 250, codec: str = "libx264"
) -> Path:
    """Write a film; the container follows the name's ending."""
    with av.open(str(path), mode="w") as container:
        stream: Any = container.add_stream(codec, rate=rate)
        stream.pix_fmt = "yuv420p"
        stream.options = {"g": str(group), "crf": "28", "preset": "ultrafast", "sc_threshold": "0"}
        for number, pixels in enumerate(frames):
            if number == 0:
                stream.height, stream.width = pixels.shape[:2]
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def gif(path: Path, frames: Sequence[Pixels], every: int = 2) -> Path:
    """The same as an animated GIF of half the rate."""
    images = [Image.fromarray(frame).quantize(96) for frame in frames[::every]]
    images[0].save(path, save_all=True, append_images=images[1:], duration=1000 * every // RATE, loop=0)
    return path
