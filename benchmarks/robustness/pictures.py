"""Which pictures play which part: tuned on, held out, kept in the bank beside them, asked though unrelated."""

import csv
import os
import random
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

BANK_PICTURES = 1000
# Whose photographs fill the bank. The queries' photographs are of other series: within one series many show one scene from
# several sides (a heap of fruit, a shelf, a sofa), and the level deep rightly finds such a scene again.
_FILLERS = "clothing_"


@dataclass(frozen=True, slots=True)
class Parts:
    """`bank` begins with the held-out pictures; `unrelated` are none of them, no copies and of no series of the fillers."""

    held_out: list[Path]
    tuning: list[Path]
    bank: list[Path]
    unrelated: list[Path]


def media_folder(asked: str | None) -> Path:
    """Raises SystemExit with what to do where there is none."""
    folder = Path(asked or os.environ.get("UNSEEN_MEDIA") or Path(__file__).parents[3] / "shared" / "media")
    if not (folder / "MANIFEST.csv").exists():
        raise SystemExit(
            f"{folder} holds no MANIFEST.csv: give the folder of photographs by --media or UNSEEN_MEDIA"
        )
    return folder


def tuned_on(sha256: str) -> bool:
    """Half of the photographs, by the last digit of the digest of the file."""
    return sha256[-1] in "01234567"


def parts(folder: Path, bank_pictures: int = BANK_PICTURES) -> Parts:
    """The same for everybody: sorted by file, then shuffled with one seed. A smaller bank is for a quick look."""
    with (folder / "MANIFEST.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == "image"]
    held_out = sorted(folder / row["file"] for row in rows if not tuned_on(row["sha256"]))
    tuning = sorted(folder / row["file"] for row in rows if tuned_on(row["sha256"]))
    others = sorted((folder / "unrelated").glob("*.jpg"))
    for group in (held_out, tuning, others):
        random.Random(3).shuffle(group)
    fillers = [path for path in others if path.name.startswith(_FILLERS)]
    bank = (held_out + fillers)[:bank_pictures]
    asked = [path for path in (*others, *tuning) if not path.name.startswith(_FILLERS)]
    return Parts(held_out, tuning, bank, asked)


def opened(path: Path) -> Image.Image:
    with Image.open(path) as image:
        return image.convert("RGB")
