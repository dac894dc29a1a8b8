"""Which edited copies of films are found, at which seconds, and what is found wrongly; beside vpdq's own settings."""

import csv
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np

from benchmarks.video import clips, density, edits
from unseen.fingerprint import Ask, DecoderPool, Fingerprint, FingerprintError, Forms, Frames
from unseen.fingerprint.children import COMMAND, Child
from unseen.matching.labelled import Form, LabelledBank, LabelMatch, forms_of

try:
    import vpdq
except ImportError:
    vpdq = None

# The rivals' interpreter runs this; the decoding child needs the one that PyAV was installed for.
PYTHON = str(Path(av.__file__).parents[4] / "bin" / "python")
POOL = DecoderPool(start=lambda: Child((PYTHON, *COMMAND[1:])))
VPDQ_QUALITY_MIN, VPDQ_RADIUS_BITS, VPDQ_SHARE = 50, 31, 0.8  # ThreatExchange vpdq/README: F, D, Pc
EXPECTED_OTHERS = ("intro", "in a compilation")  # these hold another film on purpose


@dataclass
class Kept:
    """The bank, its films, and the same films as vpdq keeps them."""

    bank: LabelledBank
    rows: dict[str, int]
    length_s: dict[str, float]
    vpdq: dict[str, np.ndarray[Any, Any]]


def fingerprint(path: str, forms: Forms, frames: Frames = Frames.SECOND) -> Fingerprint:
    return POOL.fingerprint(path, Ask(forms=forms, frames=frames))


def measure(media: Path, work: Path, count: int, pictures: int) -> dict[str, Any]:
    paths = sorted((media / "videos").iterdir())
    kept = keep(paths, work)
    lines, queries = [], {}
    for number, path in enumerate(paths[:count]):
        film, begins_s = clips.read(path)
        other, _ = clips.read(paths[(number + 7) % len(paths)])
        for name, edit in edits.EDITS.items():
            made = edit(film, other)
            if made.to_s - made.from_s < 1:
                continue
            file = work / f"{path.stem}__{name.replace(' ', '_').replace('%', '')}{made.suffix}"
            if not file.exists():
                clips.write(made.clip, file, made.codec, made.crf, made.group, made.width)
            query = fingerprint(str(file), Forms.QUERY)
            if name.startswith("trim"):
                queries[path.name, name] = query
            lines.append(
                {"film": path.name, "edit": name, **judged(kept, path.name, made, begins_s, query, file)}
            )
        print(path.name, file=sys.stderr)
    return {
        "copies": lines,
        "bank": {"rows": kept.rows, "length_s": kept.length_s, "labels_bytes": labels_bytes(work)},
        "density": density.measure(paths[:count], queries),
        "twins": twins(media, kept),
        "chance": chance(media, kept, pictures, work),
    }


def keep(paths: list[Path], work: Path) -> Kept:
    bank = LabelledBank.open(work / "bank")
    kept = Kept(bank, {}, {}, {})
    for path in paths:
        film = fingerprint(str(path), Forms.BANK, Frames.DENSE)
        bank.remove(path.name)
        kept.rows[path.name] = bank.add([(path.name, film)])
        kept.length_s[path.name] = film.duration_s  # type: ignore[union-attr]
        kept.vpdq[path.name] = vpdq_rows(path)
    return kept


def labels_bytes(work: Path) -> int:
    return (work / "bank" / "labels.jsonl").stat().st_size


def judged(
    kept: Kept, film: str, made: edits.Edited, begins_s: float, query: Fingerprint, file: Path
) -> dict[str, Any]:
    """Whether the copy is found, how far its times are off at worst, and what else it seems to be."""
    forms = forms_of(query)
    matches = kept.bank.match(forms) if forms else []
    segments = [each for match in matches if match.label == film for each in match.segments]
    error_s = None
    if segments:
        longest = max(segments, key=lambda each: each.to_s - each.from_s)
        said = (longest.from_s, longest.to_s, longest.bank_from_s, longest.bank_to_s)
        true = (made.from_s, made.to_s, begins_s + made.film_from_s, begins_s + made.film_to_s)
        error_s = max(abs(one - other) for one, other in zip(said, true, strict=True))
    rows = vpdq_rows(file)
    return {
        "found": bool(segments),
        "error_s": error_s,
        "seconds": made.to_s - made.from_s,
        "searchable_frames": len({form.at_s for form in forms}),
        "others": sorted({match.label for match in matches} - {film}),
        "vpdq": vpdq_share(rows, kept.vpdq[film]) >= VPDQ_SHARE,
        "vpdq_any": vpdq_share(rows, kept.vpdq[film]) > 0,
        "vpdq_others": [
            name for name, bank in kept.vpdq.items() if name != film and vpdq_share(rows, bank) >= VPDQ_SHARE
        ],
    }


def vpdq_rows(path: Path) -> np.ndarray[Any, Any]:
    """One PDQ a second of quality 50 or more, uint8[N,32]; none for what vpdq cannot read."""
    try:
        found = vpdq.computeHash(str(path), seconds_per_hash=1, thread_count=1) if vpdq is not None else []
    except (ValueError, RuntimeError):
        found = []
    rows = [bytes.fromhex(each.hex) for each in found if each.quality >= VPDQ_QUALITY_MIN]
    return np.frombuffer(b"".join(rows), np.uint8).reshape(-1, 32)


def vpdq_share(query: np.ndarray[Any, Any], bank: np.ndarray[Any, Any]) -> float:
    """The share of the bank's frames that a frame of the query is near to."""
    if not len(query) or not len(bank):
        return 0.0
    apart = np.bitwise_count(bank[:, None] ^ query[None]).sum(axis=2)
    return float((apart.min(axis=1) <= VPDQ_RADIUS_BITS).mean())


def twins(media: Path, kept: Kept) -> list[dict[str, Any]]:
    """The pairs of video_pairs.csv whose files are here; films that the bank lacks are added for it."""
    lines = []
    for pair in csv.DictReader((media / "video_pairs.csv").open()):
        original, edited = media / pair["original"], media / pair["edited"]
        if not (original.exists() and edited.exists()):
            continue
        if original.name not in kept.rows:
            kept.bank.add([(original.name, fingerprint(str(original), Forms.BANK, Frames.DENSE))])
        found = kept.bank.match(forms_of(fingerprint(str(edited), Forms.QUERY)))
        lines.append(
            {
                "edited": edited.name,
                "found": original.name in {match.label for match in found},
                "others": [match.label for match in found if match.label != original.name],
            }
        )
    return lines


def chance(media: Path, kept: Kept, pictures: int, work: Path) -> dict[str, Any]:
    """Unrelated pictures as stills and as slide shows, blank and title films: all should match nothing."""
    paths = sorted((media / "unrelated").iterdir())[:pictures]
    shown = [
        each
        for each in POOL.fingerprint_all(paths, Ask(forms=Forms.QUERY))
        if not isinstance(each, FingerprintError)
    ]
    stills = [kept.bank.match(forms) for each in shown if (forms := forms_of(each))]
    shows = [
        kept.bank.match([timed(form, at) for at, each in enumerate(group) for form in forms_of(each)])
        for group in (shown[start : start + 20] for start in range(0, len(shown), 20))
    ]
    card = [edits.title(320, 180, words) for words in ("BEST OF THE WEEK", "PART TWO", "THE END")]
    blank = [np.full((180, 320, 3), level, np.uint8) for level in (0, 90, 255)]
    films = {
        f"blank-or-title-{number}": frames for number, frames in enumerate([card, blank, [*card, *blank]])
    }
    empty = []
    for name, frames in films.items():
        clip = clips.Clip([frame for frame in frames for _ in range(30)], 15)
        path = clips.write(clip, work / f"{name}.mp4")
        forms = forms_of(fingerprint(str(path), Forms.QUERY))
        empty.append(kept.bank.match(forms) if forms else [])
    return {
        "stills": len(stills),
        "stills_matched": matched(stills),
        "slide_shows": len(shows),
        "slide_shows_matched": matched(shows),
        "blank_and_title_films": len(films),
        "blank_and_title_films_matched": matched(empty),
    }


def timed(form: Form, at: int) -> Form:
    return Form("frame", form.pdq, float(at), float(at + 1))


def matched(answers: list[list[LabelMatch]]) -> int:
    return sum(bool(each) for each in answers)


def by_edit(lines: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    grouped = defaultdict(list)
    for line in lines:
        grouped[line["edit"]].append(line)
    return dict(grouped)
