"""Demultiplexers and video decoders as the child calls them: any bytes give a fingerprint or a FingerprintError."""

from contextlib import suppress
from io import BytesIO
from typing import Any, cast

import atheris
import av
import numpy as np

with atheris.instrument_imports(include=["unseen"]):
    from unseen.fingerprint import decode_video
    from unseen.fingerprint.decode import fingerprint_file
    from unseen.fingerprint.decode_picture import prepare
    from unseen.fingerprint.model import ANYTHING, FingerprintError

from tests.fuzz.harness import fuzz
from tests.hostile.made import MADE, photo

CODECS = (
    ("mp4", "libx264"),
    ("mov", "mpeg4"),
    ("webm", "libvpx-vp9"),
    ("avi", "mjpeg"),
    ("mpegts", "libx264"),
)
LENGTH_BYTES_MAX = 30_000
# Larger films cost seconds each and teach nothing about reading them.
PIXELS_MAX = 300_000


def film(container: str, codec: str) -> bytes:
    """Three frames of 64 x 64."""
    file = BytesIO()
    with av.open(file, "w", format=container) as out:
        stream: Any = out.add_stream(codec, rate=2)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        frame = av.VideoFrame.from_ndarray(np.asarray(photo(64, 64)), format="rgb24")
        for _ in range(3):
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return file.getvalue()


def one(data: bytes) -> None:
    with suppress(FingerprintError):
        file: Any = cast("Any", BytesIO(data))
        fingerprint_file(file, len(data), ANYTHING)


def main() -> None:
    prepare()
    av.logging.set_level(None)
    vars(decode_video)["VIDEO_PIXELS_MAX"] = PIXELS_MAX
    small = [make() for name, make in MADE.items() if name.startswith(("MP4", "WebM", "AVI", "transport"))]
    seeds = [film(*each) for each in CODECS] + [data for data in small if len(data) < LENGTH_BYTES_MAX]
    fuzz("fuzz_videos", seeds, one, LENGTH_BYTES_MAX)


if __name__ == "__main__":
    main()
