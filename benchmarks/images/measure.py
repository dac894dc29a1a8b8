"""What is measured: time by size, agreement of the ways, parts of a fingerprint, a very large file, a folder on all cores."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from benchmarks.images import engines
from unseen.fingerprint import Pixels
from unseen.fingerprint.decode_picture import opened, still
from unseen.fingerprint.pdq import WHOLE
from unseen.fingerprint.picture import pdq_of
from unseen.native import kernels

SIZES_MP = (0.3, 1.0, 4.0, 12.0)
ROUNDS = {0.3: 15, 1.0: 9, 4.0: 5, 12.0: 3}
PHOTOS = 10
LARGE_MP = 100
Facts = dict[str, Any]


def photos(media: Path) -> list[Path]:
    """The photographs with most pixels; names break ties."""
    found = sorted((media / "images").glob("*.jpg"))
    by_size = sorted(found, key=lambda path: (-int(np.prod(_size(path))), path.name))
    return by_size[:PHOTOS]


def resized(path: Path, megapixels: float) -> bytes:
    with Image.open(path) as image:
        factor = (megapixels * 1e6 / (image.width * image.height)) ** 0.5
        size = (round(image.width * factor), round(image.height * factor))
        file = BytesIO()
        image.convert("RGB").resize(size, Image.Resampling.LANCZOS).save(
            file, "JPEG", quality=85, subsampling="4:2:0"
        )
    return file.getvalue()


def times(chosen: list[Path], megapixels: float) -> Facts:
    """Each engine on each photograph in turn; the median of the rounds of a photograph, the mean of those medians."""
    every = engines.engines()
    taken: dict[str, list[list[float]]] = {each.name: [] for each in every}
    for path in chosen:
        data = resized(path, megapixels)
        rounds: dict[str, list[float]] = {each.name: [] for each in every}
        for turn in range(ROUNDS[megapixels]):
            for each in every if turn % 2 else every[::-1]:
                rounds[each.name].append(cpu_ms(lambda each=each, data=data: each.of(data)))
        for name, values in rounds.items():
            taken[name].append(values)
    means = {name: float(np.mean([np.median(values) for values in each])) for name, each in taken.items()}
    print(
        json.dumps({"megapixels": megapixels, **{name: round(ms, 2) for name, ms in means.items()}}),
        file=sys.stderr,
    )
    return {"megapixels": megapixels, "ms": means, "parts_ms": parts(chosen, megapixels)}


def cpu_ms(call: Callable[[], object]) -> float:
    begun = time.process_time_ns()
    call()
    return (time.process_time_ns() - begun) / 1e6


def parts(chosen: list[Path], megapixels: float) -> dict[str, float]:
    """Where our time goes, one part at a time: medians of all photographs and rounds."""
    native = kernels()
    assert native is not None
    kept: dict[str, list[float]] = {}
    for path in chosen[:5]:
        data = resized(path, megapixels)
        plane = native.jpeg_reduced(data, (0, 0), 1, 10**9)[:, :, 0]
        colour = np.asarray(Image.open(BytesIO(data)).convert("RGBX"))
        height, width = plane.shape
        samples, side = _sampled(native, plane), max(height, width)
        for _ in range(ROUNDS[megapixels]):
            for name, call in {
                "open, EXIF": lambda data=data: opened(data, "JPEG").getexif().get(274),
                "luma, whole": lambda data=data: engines.ours_of(data, Pixels.LUMA),
                "sample grey": lambda plane=plane: _sampled(native, plane),
                "sample RGB": lambda colour=colour: _sampled(native, colour),
                "bits, quality": lambda samples=samples, side=side: native.verdict(samples, *WHOLE.at(side)),
            }.items():
                kept.setdefault(name, []).append(cpu_ms(call))
    made = {name: float(np.median(values)) for name, values in kept.items()}
    rest = made["open, EXIF"] + made["sample grey"] + made["bits, quality"]
    return made | {"grey decode, rows not kept": made["luma, whole"] - rest}


def _sampled(native: Any, rows: np.ndarray) -> np.ndarray:
    """As often as the picture has rows, but always the same 32, which stay in the cache as a decoder leaves its own."""
    height, width = rows.shape[:2]
    sampler, few = native.Sampler(height, width, False, False, False), np.ascontiguousarray(rows[:32])
    for top in range(0, height, 32):
        sampler.rows(few[: min(32, height - top)])
    return sampler.samples()


def agreement(media: Path, large: list[Path]) -> list[Facts]:
    """Bits apart on every photograph of quality 50 or more, and on the large ones enlarged, which are reduced by 4."""
    found = [path.read_bytes() for path in sorted((media / "images").glob("*.jpg"))]
    enlarged = [resized(path, 4.0) for path in large]
    rival = next(each for each in engines.engines() if each.name == "pdqhash + Pillow")
    exact = [_value(data, Pixels.EXACT) for data in found]
    good = [(data, value) for data, (value, quality) in zip(found, exact, strict=True) if quality >= 50]
    reducible = [pair for pair in good if min(Image.open(BytesIO(pair[0])).size) >= 640]
    made = [
        _apart("exact against pdqhash + Pillow", [(value, rival.of(data)) for data, value in good]),
        _apart("luma against exact", [(value, engines.ours_of(data, Pixels.LUMA)) for data, value in good]),
    ]
    for name, pairs in (
        ("scaled against exact, of those that are reduced", reducible),
        (
            "scaled against exact, enlarged to 4 megapixels",
            [(data, engines.ours_of(data, Pixels.EXACT)) for data in enlarged],
        ),
    ):
        made.append(_apart(name, [(value, engines.ours_of(data, Pixels.SCALED)) for data, value in pairs]))
    return made


def _value(data: bytes, pixels: Pixels) -> tuple[str, int]:
    value = pdq_of(still(opened(data, "JPEG"), data, pixels))
    return value.value.hex(), value.quality


def _apart(name: str, pairs: list[tuple[str, str]]) -> Facts:
    bits = [(int(one, 16) ^ int(other, 16)).bit_count() for one, other in pairs]
    return {
        "name": name,
        "pictures": len(bits),
        "median": float(np.median(bits)),
        "mean": float(np.mean(bits)),
        "p99": float(np.quantile(bits, 0.99, method="higher")),
        "max": max(bits),
    }


def very_large(path: Path, rivals: bool) -> list[Facts]:
    """A JPEG of 100 megapixels, each engine in a process of its own."""
    names = ["unseen exact", "unseen luma", "unseen scaled"] + ([engines.RIVAL] if rivals else [])
    with tempfile.TemporaryDirectory(prefix="unseen-benchmark-") as folder:
        file = Path(folder, "large.jpg")
        file.write_bytes(resized(path, LARGE_MP))
        made = []
        for name in names:
            run = subprocess.run(
                [sys.executable, "-m", "benchmarks.images.large", name, str(file)],
                stdout=subprocess.PIPE,
                check=True,
            )
            made.append(json.loads(run.stdout))
    return made


def pool(chosen: list[Path], python: Path) -> Facts:
    """What `benchmarks.images.pool` measures, run by the project's own Python, with which its children start."""
    with tempfile.TemporaryDirectory(prefix="unseen-benchmark-") as folder:
        for number, path in enumerate(chosen):
            Path(folder, f"{number:03}.jpg").write_bytes(resized(path, 1.0))
        run = [str(python), "-m", "benchmarks.images.pool", folder]
        return json.loads(subprocess.run(run, stdout=subprocess.PIPE, check=True).stdout)


def _size(path: Path) -> tuple[int, int]:
    with Image.open(path) as image:
        return image.size
