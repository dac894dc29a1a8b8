"""Recall of edited copies by edit and engine, and false matches: `make benchmark-robustness`.

Writes results.json, README.md and robustness.svg. Every picture was held out: nothing was tuned on it.
"""

import argparse
import json
import multiprocessing
import os
import random
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import cv2
import faiss
from PIL import Image

from benchmarks import machine
from benchmarks.robustness import report
from benchmarks.robustness.edits import EDITS, Edit, edited, saved
from benchmarks.robustness.engines import ENGINES, Engine
from benchmarks.robustness.pictures import BANK_PICTURES, Parts, media_folder, opened, parts

FOLDER = Path(__file__).parent
_BUILT: list[Engine] = []
_PARTS: list[Parts] = []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--media", help="folder with MANIFEST.csv, images/ and unrelated/ (default: UNSEEN_MEDIA)"
    )
    parser.add_argument("--pictures", type=int, default=150, help="held-out photographs that are edited")
    parser.add_argument("--bank", type=int, default=BANK_PICTURES, help="pictures in the bank")
    parser.add_argument("--unrelated", type=int, default=10_000, help="queries that must match nothing")
    parser.add_argument("--engine", action="append", choices=ENGINES, help="only these (default: all)")
    parser.add_argument("--processes", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--note", default="", help="what else the machine did")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    faiss.omp_set_num_threads(1)
    _PARTS.append(parts(media_folder(options.media), options.bank))
    results = machine.facts(options.note) | {"pictures": options.pictures, "bank_pictures": options.bank}
    results["bank"] = built(options.engine or list(ENGINES))
    with multiprocessing.get_context("fork").Pool(options.processes) as pool:
        results["engines"] = recall(pool.imap_unordered(_copies, range(options.pictures)))
        false = pool.imap_unordered(_unrelated, range(options.unrelated), chunksize=20)
        results["false_matches"] = false_matches(false)
        pool.close()
        pool.join()
    (FOLDER / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    report.write(results, FOLDER)


def built(names: list[str]) -> dict[str, dict[str, float]]:
    """Each engine with the whole bank, its entries and seconds a picture."""
    facts = {}
    for name in names:
        begun = time.process_time()
        engine = ENGINES[name]()
        engine.build(opened(path) for path in _PARTS[0].bank)
        pictures = len(_PARTS[0].bank)
        spent = (time.process_time() - begun) / pictures
        facts[name] = {"entries_a_picture": engine.rows / pictures, "ms_a_picture": 1000 * spent}
        print(name, facts[name], file=sys.stderr, flush=True)
        _BUILT.append(engine)
    return facts


Found = dict[str, tuple[list[int], float]]  # engine: numbers found, seconds


def _asked(picture: Image.Image) -> Found:
    answer = {}
    for engine in _BUILT:
        begun = time.process_time()
        numbers = sorted(engine.found(picture))
        answer[engine.name] = (numbers, time.process_time() - begun)
    return answer


def _copies(number: int) -> list[tuple[str, int, Found]]:
    """Every edit of one held-out picture."""
    bank = _PARTS[0].bank
    picture = opened(bank[number])
    made = []
    for edit in EDITS:
        other = opened(_PARTS[0].unrelated[random.Random(f"{number}/{edit.name}").randrange(1000)])
        made.append((edit.name, number, _asked(_as_uploaded(edit, picture, bank[number].name, other))))
    return made


def _unrelated(number: int) -> tuple[int, str, str, Found]:
    """A picture that the bank does not hold: first each as it is, then each under a random edit, again and again."""
    paths = _PARTS[0].unrelated
    path = paths[number % len(paths)]
    if number < len(paths):
        return number, path.name, "", _asked(opened(path))
    drawn = random.Random(f"unrelated {number}")
    edit = drawn.choice(EDITS)
    other = opened(paths[drawn.randrange(len(paths))])
    return (
        number,
        path.name,
        edit.name,
        _asked(_as_uploaded(edit, opened(path), f"{path.name}/{number}", other)),
    )


def _as_uploaded(edit: Edit, picture: Image.Image, seed: str, other: Image.Image) -> Image.Image:
    return Image.open(BytesIO(saved(edited(edit, picture, seed, other)))).convert("RGB")


def recall(copies: Iterator[list[tuple[str, int, Found]]]) -> dict[str, Any]:
    """Recall by engine and edit, and milliseconds a query."""
    hits: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    spent: dict[str, list[float]] = defaultdict(list)
    for done, group in enumerate(copies, start=1):
        for name, number, found in group:
            for engine, (numbers, seconds) in found.items():
                hits[engine][name].append(number in numbers)
                spent[engine].append(seconds)
        print(f"\rcopies of {done} pictures", end="", file=sys.stderr, flush=True)
    made = {}
    for engine, by_edit in hits.items():
        shares = {edit.name: sum(by_edit[edit.name]) / len(by_edit[edit.name]) for edit in EDITS}
        made[engine] = {
            "mean": sum(shares.values()) / len(shares),
            "ms_a_query": 1000 * sum(spent[engine]) / len(spent[engine]),
            "recall": shares,
        }
    return made


def false_matches(asked: Iterator[tuple[int, str, str, Found]]) -> dict[str, Any]:
    """Every pair of an unrelated query and a picture of the bank that it matched."""
    pairs: dict[str, list[list[Any]]] = defaultdict(list)
    total = 0
    for total, (query, name, edit, found) in enumerate(asked, start=1):
        for engine, (numbers, _) in found.items():
            pairs[engine] += [[query, name, edit, _PARTS[0].bank[number].name] for number in numbers]
        if total % 100 == 0:
            print(f"\runrelated queries {total}   ", end="", file=sys.stderr, flush=True)
    return {engine.name: {"queries": total, "pairs": pairs[engine.name]} for engine in _BUILT}


if __name__ == "__main__":
    main()
