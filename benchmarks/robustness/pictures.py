"""Which pictures play which part: tuned on, held out, kept in the bank beside them, asked though unrelated."""

import csv
import os
import random
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

BANK_PICTURES = 1000
# Queries that show what a picture of the bank shows: two photographs of one hand with one carton, or of one heap of fruit, taken
# moments apart. Found by looking at every pair that matched; the value is the bank's picture. They are not asked.
SAME_SCENE = {
    "grocery_2a04b7ebda2d.jpg": "d1f78017139f",
    "grocery_93df2ae2bc17.jpg": "52b2bd5bf39a",
    "grocery_18119e75e9f1.jpg": "ebefe83c9f8a",
    "grocery_6ed140629415.jpg": "79e893f4f800",
    "grocery_9b3b973fd29b.jpg": "0c86f8d839db",
    "grocery_0d448d158c6c.jpg": "7cc950e911ff",
    "grocery_c6438288983e.jpg": "fa9334634650",
    "grocery_426ee6eb383b.jpg": "da85d04e1fc4",
    "grocery_cea739e9ade7.jpg": "642674d1e533",
    "grocery_1900bc115489.jpg": "53098aff4a21",
    "grocery_790216682843.jpg": "f1dfb9ba231c",
    "grocery_3abf5fd469f6.jpg": "ba13033bb4bc",
    "grocery_f48cc5730f0a.jpg": "3bb83a41d342",
    "grocery_35f4f234e803.jpg": "45b2d0f300c3",
    "grocery_38e8158090ca.jpg": "c4b5091c3b07",
}


@dataclass(frozen=True, slots=True)
class Parts:
    """`bank` begins with the held-out pictures; `unrelated` are none of them and no copies."""

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
    more = max(0, bank_pictures - len(held_out))
    asked = [path for path in others[more:] if path.name not in SAME_SCENE]
    return Parts(held_out, tuning, (held_out + others[:more])[:bank_pictures], asked + tuning)


def opened(path: Path) -> Image.Image:
    with Image.open(path) as image:
        return image.convert("RGB")
