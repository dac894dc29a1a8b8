"""Makes src/unseen/exchange/harmless.txt anew: `python -m benchmarks.exchange.harmless ../shared/media`.

Drawn pictures (drawn.py) and product photographs whose licence allows it; each line is a fingerprint, the licence and a name.
"""

import csv
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.exchange.drawn import all_drawings
from unseen.domain.limits import QUALITY_MIN
from unseen.exchange.harmless import is_degenerate
from unseen.fingerprint import ImageFingerprint, fingerprint_all

TABLE = Path("src/unseen/exchange/harmless.txt")
PER_ORIGIN = 100
_HEAD = """\
# Fingerprints of common harmless pictures: nothing within the radius of one is acted on without a person.
# Made by `python -m benchmarks.exchange.harmless`. Fingerprint, licence of the picture, name; drawn ones are drawn by that program.
# Photographs: grocery = marcusklasson/GroceryStoreDataset (MIT); clothing = alexeygrigorev/clothing-dataset-small (CC0).
"""
Line = tuple[str, str, str]


def main() -> None:
    """Write the table."""
    media = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        lines = [*_drawn(Path(folder)), *_photographs(media / "unrelated")]
    TABLE.write_text(_HEAD + "".join("\t".join(line) + "\n" for line in lines), encoding="utf-8")
    print(f"{len(lines)} harmless pictures in {TABLE}")


def _drawn(folder: Path) -> Iterator[Line]:
    names, paths = [], []
    for number, (name, image) in enumerate(all_drawings()):
        names.append((name, "drawn"))
        paths.append(folder / f"{number:04d}.png")
        image.save(paths[-1])
    yield from _lines(paths, names)


def _photographs(folder: Path) -> Iterator[Line]:
    with (folder / "MANIFEST.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    random.Random(6).shuffle(rows)
    for origin in ("grocery", "clothing"):
        chosen = [row for row in rows if row["file"].startswith(origin)][:PER_ORIGIN]
        names = [(row["file"].removesuffix(".jpg"), row["licence"]) for row in chosen]
        yield from _lines([folder / row["file"] for row in chosen], names)


def _lines(paths: Sequence[Path], names: Sequence[tuple[str, str]]) -> Iterator[Line]:
    """Those that say something at all: the others are refused for their quality or their emptiness."""
    for made, (name, licence) in zip(fingerprint_all(paths), names, strict=True):
        says_something = isinstance(made, ImageFingerprint) and made.quality >= QUALITY_MIN
        if says_something and not is_degenerate([bytes.fromhex(made.pdq)])[0]:
            yield made.pdq, licence, name


if __name__ == "__main__":
    main()
