"""Measures the level deep on pictures that were not used to tune it: `python -m benchmarks.deep --media DIR --minutes 30`.

Finds edited copies of held-out pictures and asks unrelated ones, in turn until the time is up; writes results.json, README.md and
margins.svg into this folder. The table of recall beside other engines is in benchmarks/robustness.
"""

import argparse
import csv
import itertools
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

from PIL import Image

from benchmarks import machine
from benchmarks.deep import report
from benchmarks.robustness.deep_engine import DeepEngine, Looked
from benchmarks.robustness.edits import EDITS, edited, saved
from unseen.matching import deep

FOLDER = Path(__file__).parent
BANK_PICTURES = 1000
SIDE_PIXELS = 1280  # an upload as platforms keep it; edits of 12-megapixel originals would only cost time
HELD_OUT = frozenset("89abcdef")


@dataclass(frozen=True)
class Asked:
    """A query and the number of the original that it shows, None for an unrelated picture."""

    name: str
    edit: str
    shows: int | None
    data: bytes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--media", type=Path, default=os.environ.get("UNSEEN_MEDIA", "../shared/media"))
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--note", default="", help="what else the machine did; stands beside the figures")
    options = parser.parse_args()
    if not (options.media / "MANIFEST.csv").exists():
        sys.exit(f"{options.media} has no MANIFEST.csv: give the folder of test media with --media")
    held, others = media(options.media)
    kept = [*held, *others[: BANK_PICTURES - len(held)]]
    begun = time.process_time()
    engine = DeepEngine("deep")
    engine.build(opened(path) for path in kept)
    added_s = (time.process_time() - begun) / len(kept)
    size = engine.size_bytes() / len(kept)
    results = measure(engine, kept, held, others[BANK_PICTURES - len(held) :], options.minutes * 60)
    facts = {"bank_pictures": len(kept), "bytes_a_picture": size, "add_ms": added_s * 1000}
    results = machine.facts(options.note) | facts | results
    (FOLDER / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    report.write(results, FOLDER)


def media(folder: Path) -> tuple[list[Path], list[Path]]:
    """The held-out photographs, in an order that mixes their sources, and the unrelated ones."""
    with (folder / "MANIFEST.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == "image"]
    held = sorted((row for row in rows if row["sha256"][-1] in HELD_OUT), key=lambda row: row["sha256"])
    return [folder / row["file"] for row in held], sorted((folder / "unrelated").glob("*.jpg"))


def measure(
    engine: DeepEngine, kept: list[Path], held: list[Path], others: list[Path], within_s: float
) -> dict[str, Any]:
    until = time.monotonic() + within_s
    found: dict[str, list[bool]] = defaultdict(list)
    lost, wrong, margins, spent = [], [], [], defaultdict(list)
    unrelated = 0
    for asked in itertools.chain.from_iterable(zip(copies(held, others), strangers(others), strict=False)):
        if time.monotonic() > until:
            break
        looked = engine.looked(uploaded(asked.data))
        for step, seconds in looked.seconds.items():
            spent[step].append(seconds)
        numbers = {match.first_id for match in looked.matches}
        if asked.shows is None:
            unrelated += 1
        else:
            found[asked.edit].append(asked.shows in numbers)
            if asked.shows not in numbers:
                lost.append([asked.name, asked.edit])
        wrong += [[asked.name, asked.edit, kept[number].name] for number in numbers - {asked.shows}]
        margins += list(margins_of(asked, looked, kept))
    return {
        "recall": {edit: [sum(hits), len(hits)] for edit, hits in found.items()},
        "lost": lost,
        "unrelated": unrelated,
        "wrong": wrong,
        "margins": margins,
        "ms": {step: 1000 * sum(each) / len(each) for step, each in spent.items()},
        "resident_mb": report.resident_mb(),
    }


def copies(held: list[Path], others: list[Path]) -> Iterator[Asked]:
    """Every picture with one edit, then every picture with the next: after a while each edit was met equally often."""
    for turn in range(len(EDITS)):
        for number, path in enumerate(held):
            edit = EDITS[(number + turn) % len(EDITS)]
            picture, other = opened(path), opened(others[-1 - number])
            copy = edited(edit, picture, path.stem, other)
            yield Asked(path.stem, edit.name, number, saved(copy))


def strangers(others: list[Path]) -> Iterator[Asked]:
    """Every unrelated picture as it is, then each with a random edit, again and again."""
    for turn in itertools.count():
        for path in others:
            edit = Random(f"{turn}/{path.stem}").choice(EDITS)
            if turn == 0:
                yield Asked(path.stem, "as it is", None, path.read_bytes())
            else:
                copy = edited(edit, opened(path), f"{turn}/{path.stem}", opened(others[0]))
                yield Asked(path.stem, edit.name, None, saved(copy))


def opened(path: Path) -> Image.Image:
    with Image.open(path) as image:
        made = image.convert("RGB")
    made.thumbnail((SIDE_PIXELS, SIDE_PIXELS))
    return made


def uploaded(data: bytes) -> Image.Image:
    with Image.open(BytesIO(data)) as image:
        image.load()
        return image


def margins_of(asked: Asked, looked: Looked, kept: list[Path]) -> Iterator[list[Any]]:
    """Of every fit: whether it is true, points that agree, bits of its second nearest part (256: it shows fewer than two)."""
    for candidate, answer in zip(looked.candidates, looked.answers, strict=True):
        apart = sorted(deep.distances(candidate.record.parts, answer).tolist())
        second = apart[1] if len(apart) > 1 else 256
        number = candidate.record.first_id
        names = (asked.name, asked.edit, kept[number].name)
        yield [int(number == asked.shows), candidate.agreeing, second, *names]


if __name__ == "__main__":
    main()
