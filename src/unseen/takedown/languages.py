"""The languages that notices are written in: one file each in `texts/`. A further language is a further file."""

from pathlib import Path

TEXTS = Path(__file__).with_name("texts")
# English first: it is what an addressee gets who reads none of the others.
WRITTEN = (
    "en",
    *sorted(file.stem for file in TEXTS.glob("*.toml") if len(file.stem) < 4 and file.stem != "en"),
)
