"""Processor seconds to decode and fingerprint films, in turn, the least of several rounds."""

import sys
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from unseen.fingerprint.decode_video import Film
from unseen.fingerprint.film import Dense, Every, EverySecond, sampled
from unseen.fingerprint.frame_forms import former_of
from unseen.fingerprint.model import Forms

try:
    import vpdq
except ImportError:
    vpdq = None

SLOW_S = 8.0  # an engine slower than this runs once
RATE = Fraction(30000, 1001)


def measure(media: Path, work: Path, rounds: int) -> list[dict[str, Any]]:
    """One line a film: seconds of film, and processor seconds by engine."""
    lines = []
    for name, path in films(media, work).items():
        engines = engines_of(path)
        best = dict.fromkeys(engines, float("inf"))
        for _ in range(rounds):
            for engine, run in engines.items():
                if SLOW_S < best[engine] < float("inf"):
                    continue
                begun = time.process_time()
                run()
                best[engine] = min(best[engine], time.process_time() - begun)
        with av.open(str(path)) as container:
            length_s = float(container.duration or 0) / av.time_base
        lines.append({"film": name, "length_s": length_s, "cpu_s": best})
        print(name, {engine: round(length_s / taken, 1) for engine, taken in best.items()}, file=sys.stderr)
    return lines


def films(media: Path, work: Path) -> dict[str, Path]:
    """Shipped films, and 1080p made of two of them: 20 s with a keyframe every 60 and every 250 frames."""
    folder = media / "videos"
    sources = [folder / "sam2_01_dog.mp4", folder / "sam2_02_cups.mp4"]
    return {
        "480 x 720, 22 s": folder / "threatexchange_chair-orig-22-sd-bar.mp4",
        "720p, 10 s": sources[1],
        "1080p, 20 s, group of 60": enlarged(sources, work / "1080p-60.mp4", 60),
        "1080p, 20 s, group of 250": enlarged(sources, work / "1080p-250.mp4", 250),
    }


def enlarged(sources: list[Path], path: Path, group: int) -> Path:
    if path.exists():
        return path
    with av.open(str(path), mode="w") as made:
        stream: Any = made.add_stream("libx264", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = 1920, 1080, "yuv420p"
        stream.options = {"preset": "veryfast", "crf": "23", "g": str(group), "sc_threshold": "0"}
        number = 0
        for source in sources:
            with av.open(str(source)) as container:
                for frame in container.decode(video=0):
                    large = frame.reformat(1920, 1080, "yuv420p")
                    large.pts, large.time_base = number, 1 / RATE
                    number += 1
                    made.mux(stream.encode(large))
        made.mux(stream.encode())
    return path


def engines_of(path: Path) -> dict[str, Callable[[], object]]:
    engines: dict[str, Callable[[], object]] = {
        "decode all (limit)": lambda: decode_all(path),
        "every frame": lambda: every_frame(path),
        "dense, bank forms": lambda: ours(path, Dense(former_of(Forms.BANK))),
        "second": lambda: ours(path, EverySecond(former_of(Forms.NONE))),
        "second, query forms": lambda: ours(path, EverySecond(former_of(Forms.QUERY))),
        "keyframes": lambda: ours(path, Every(former_of(Forms.NONE)), keyframes=True),
        "keyframes, query forms": lambda: ours(path, Every(former_of(Forms.QUERY)), keyframes=True),
    }
    if vpdq is not None:
        engines["vpdq, 1 a second"] = lambda: vpdq.computeHash(str(path), seconds_per_hash=1, thread_count=1)
        engines["vpdq, every frame"] = lambda: vpdq.computeHash(str(path), seconds_per_hash=0, thread_count=1)
    return engines


def decode_all(path: Path) -> None:
    with av.open(str(path)) as container:
        container.streams.video[0].codec_context.thread_count = 1
        for _ in container.decode(video=0):
            pass


def every_frame(path: Path) -> None:
    with path.open("rb") as file:
        for shown in Film(file, "mp4").frames():
            assert shown.look().quality >= 0


def ours(path: Path, sampler: Any, keyframes: bool = False) -> None:
    with path.open("rb") as file:
        sampled(Film(file, "mp4", keyframes_only=keyframes).frames(), sampler)
