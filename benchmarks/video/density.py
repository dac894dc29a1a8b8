"""How many frames a bank must keep so that a copy's one frame a second meets them, whatever was cut off its start."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unseen.fingerprint import VideoFingerprint
from unseen.fingerprint.decode_video import Film

Looks = list[tuple[float, bytes]]  # second, fingerprint
DEMULTIPLEXERS = {".mp4": "mp4", ".mkv": "matroska"}


def measure(paths: list[Path], queries: dict[tuple[str, str], Any]) -> list[dict[str, Any]]:
    """For each density: rows a minute, and the share of the trimmed copies' frames that meet a row within 31 bits."""
    looks = {path.name: all_looks(path) for path in paths}
    minutes = sum(each[-1][0] for each in looks.values() if each) / 60
    lines = []
    for name, keep in DENSITIES.items():
        banks = {film: rows(keep(each)) for film, each in looks.items()}
        met, asked = 0, 0
        for (film, _), query in queries.items():
            if isinstance(query, VideoFingerprint):
                seconds = [frame for frame in query.frames if frame.quality >= 50]
                near = nearest(rows([(0, bytes.fromhex(frame.pdq)) for frame in seconds]), banks[film])
                met, asked = met + int((near <= 31).sum()), asked + len(near)
        count = sum(len(each) for each in banks.values())
        lines.append({"density": name, "rows_a_minute": count / minutes, "frames_met": met / max(1, asked)})
    return lines


def all_looks(path: Path) -> Looks:
    with path.open("rb") as file:
        shown = ((each.from_s, each.look()) for each in Film(file, DEMULTIPLEXERS[path.suffix]).frames())
        return [(from_s, look.value) for from_s, look in shown if look.quality >= 50]


def a_second(times: float) -> Callable[[Looks], Looks]:
    return lambda looks: list({int(at_s * times): (at_s, value) for at_s, value in reversed(looks)}.values())


def thinned(step_bits: int, step_s: float) -> Callable[[Looks], Looks]:
    def keep(looks: Looks) -> Looks:
        kept: Looks = []
        for at_s, value in looks:
            apart = 256 if not kept else (int.from_bytes(value) ^ int.from_bytes(kept[-1][1])).bit_count()
            if apart > step_bits or at_s - kept[-1][0] >= step_s:
                kept.append((at_s, value))
        return kept

    return keep


DENSITIES: dict[str, Callable[[Looks], Looks]] = {
    "one a second": a_second(1),
    "two a second": a_second(2),
    "steps of more than 48 bits": thinned(48, 1e9),
    "steps of more than 24 bits": thinned(24, 1e9),
    "steps of more than 24 bits or half a second (kept)": thinned(24, 0.5),
    "steps of more than 12 bits": thinned(12, 1e9),
    "every frame": lambda looks: looks,
}


def rows(looks: Looks) -> NDArray[np.uint8]:
    return np.frombuffer(b"".join(value for _, value in looks), np.uint8).reshape(-1, 32)


def nearest(query: NDArray[np.uint8], bank: NDArray[np.uint8]) -> NDArray[np.int64]:
    if not len(query) or not len(bank):
        return np.full(len(query), 256)
    apart = np.bitwise_count(query[:, None] ^ bank[None]).sum(axis=2)
    return np.asarray(apart.min(axis=1), np.int64)
