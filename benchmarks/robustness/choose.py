"""Chooses which edited forms a bank keeps, by the copies gained for each further entry; tuning half only.

`python -m benchmarks.robustness.choose` prints the names in order and writes choices.json: the evidence for `bank_plan.py`.
"""

import argparse
import json
import multiprocessing
import random
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
from augly.image import functional as augly
from PIL import Image

from benchmarks.robustness.edits import EDITS, crop_by, edited, saved
from benchmarks.robustness.pictures import media_folder, opened, parts
from unseen.domain.limits import QUALITY_MIN, RADIUS_BITS
from unseen.fingerprint.picture import Picture, pdq_of
from unseen.fingerprint.planned import forms_of

FOLDER = Path(__file__).parent
DRAWS = 6  # of each edit with a random part
KEPT_SHARES = (
    0.985,
    0.975,
    0.96,
    0.95,
    0.94,
    0.925,
    0.9,
    0.88,
    0.86,
    0.84,
    0.82,
    0.8,
    0.775,
    0.75,
    0.725,
    0.7,
    0.6,
    0.5,
)
ONE_SIDE = (2, 3.5, 5, 6.5, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
FRAMES = (3, 5, 7, 10, 13, 16, 20, 25, 30)
BARS = (8, 9.5, 11, 12.5, 14, 15.5, 17, 18.5, 20)
BANDS = (12, 14, 16, 18, 20, 22.5, 25, 27.5, 30, 33, 36, 40, 45)
DEGREES = (1, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9, 10)


def candidates() -> list[str]:
    """Every form that could be kept, each also mirrored."""
    names = [*_crops(), *_borders(), *(f"rotate:{sign * each:g}" for each in DEGREES for sign in (1, -1))]
    unique = list(dict.fromkeys(names))
    return [
        "full",
        "mirror",
        "flip",
        "turn:90",
        "turn:180",
        "turn:270",
        *unique,
        *(f"mirror+{each}" for each in unique),
    ]


def _crops() -> Iterator[str]:
    for kept in KEPT_SHARES:
        free = 100 * (1 - kept)
        places = min(9, max(2, round(free / 2) + 1)) if kept >= 0.7 else 5
        steps = np.linspace(0, free, places).tolist()
        for left, top in [*((x, y) for x in steps for y in steps), (free / 2, free / 2)]:
            yield "crop:" + _sides(left, top, free - left, free - top)
    for percent in ONE_SIDE:
        for side in range(4):
            yield "crop:" + _sides(*(percent if place == side else 0 for place in range(4)))


def _borders() -> Iterator[str]:
    for colour in ("black", "grey", "white"):
        yield f"border:{colour}-square"
        yield from (f"border:{colour}-" + _sides(each, each, each, each) for each in FRAMES)
        for bar in BARS:
            yield f"border:{colour}-" + _sides(0, bar, 0, bar)
            yield f"border:{colour}-" + _sides(bar, 0, bar, 0)
    for band in BANDS:
        yield "border:white-" + _sides(0, band, 0, 0)
        yield "border:white-" + _sides(0, 0, 0, band)


def _sides(*percent: float) -> str:
    return "-".join(f"{round(each, 1):g}" for each in percent)


def copies(picture: Image.Image, seed: str, other: Image.Image) -> Iterator[tuple[str, Image.Image]]:
    """The benchmark's edits, and the same with their parameters drawn, so that no form fits only a round number."""
    for edit in EDITS:
        for draw in range(DRAWS):
            yield edit.name, edited(edit, picture, f"{seed}/{draw}", other)
    drawn = random.Random(seed)
    for _ in range(DRAWS):
        for name, low, high in (
            ("crop 5", 2, 7.5),
            ("crop 10", 7.5, 15),
            ("crop 20", 15, 25),
            ("crop 30", 25, 40),
        ):
            yield f"{name} drawn", crop_by(drawn.uniform(low, high))(picture, drawn, other)
        for name, low, high in (("rotate 3", 1, 5.5), ("rotate 8", 5.5, 10)):
            yield (
                f"{name} drawn",
                augly.rotate(picture, degrees=drawn.uniform(low, high) * drawn.choice((-1, 1))),
            )


def coverage(paths: list[Path], names: list[str]) -> tuple[np.ndarray, list[str]]:
    """bool[forms, copies]: which form finds which copy; and the edit of each copy."""
    found, edits = [], []
    others = [paths[-1], *paths]
    with multiprocessing.Pool() as pool:
        each = pool.imap(
            _found_by, ((path, other, names) for path, other in zip(paths, others, strict=False))
        )
        for number, (rows, edits_of_one) in enumerate(each, start=1):
            found.append(rows)
            edits += edits_of_one
            print(f"\r{number} pictures", end="", flush=True)
    return np.concatenate(found).T, edits


def _found_by(task: tuple[Path, Path, list[str]]) -> tuple[np.ndarray, list[str]]:
    """bool[copies, forms] of one picture, and the edit of each copy."""
    path, other, names = task
    picture = opened(path)
    forms = {form.name: form for form in forms_of(Picture(picture).small_luma(), names)}
    values = b"".join(bytes.fromhex(forms[each].pdq) for each in names)
    rows = np.frombuffer(values, np.uint64).reshape(-1, 4)
    good = np.array([forms[each].quality >= QUALITY_MIN for each in names])
    found, edits = [], []
    for name, copy in copies(picture, path.name, opened(other)):
        query = pdq_of(Picture(Image.open(BytesIO(saved(copy)))))
        apart = np.bitwise_count(rows ^ np.frombuffer(query.value, np.uint64)).sum(axis=1)
        found.append((apart <= RADIUS_BITS) & good & (query.quality >= QUALITY_MIN))
        edits.append(name)
    return np.stack(found), edits


def chosen(found: np.ndarray, edits: list[str], count: int) -> Iterator[tuple[int, float]]:
    """Each next form and its gain in mean recall; a drawn edit shares the weight of the one it varies."""
    times = Counter(edits)
    halved = {each.removesuffix(" drawn") for each in times if each.endswith(" drawn")}
    weights = np.array(
        [(0.5 if each.removesuffix(" drawn") in halved else 1) / times[each] / len(EDITS) for each in edits],
        np.float32,
    )
    as_numbers = found.astype(np.float32)
    for _ in range(count):
        gains = as_numbers @ weights
        best = int(gains.argmax())
        yield best, float(gains[best])
        weights = weights * ~found[best]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--media")
    parser.add_argument("--pictures", type=int, default=60)
    parser.add_argument("--entries", type=int, default=150)
    options = parser.parse_args()
    names = candidates()
    found, edits = coverage(parts(media_folder(options.media)).tuning[: options.pictures], names)
    lines, total = [], 0.0
    for best, gain in chosen(found, edits, options.entries):
        total += gain
        lines.append({"form": names[best], "gain": round(gain, 5), "mean_recall": round(total, 4)})
    facts = {"candidates": len(names), "pictures": options.pictures, "chosen": lines}
    (FOLDER / "choices.json").write_text(json.dumps(facts, indent=1) + "\n")
    print("\n" + " ".join(line["form"] for line in lines))


if __name__ == "__main__":
    main()
