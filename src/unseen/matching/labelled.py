"""A bank with names: materials go in with a label and their edited forms, and come out as one match a label."""

import os
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np

from unseen.domain.limits import QUALITY_MIN, RADIUS_BITS, REGIONS_RADIUS_BITS
from unseen.fingerprint.deep_model import Original, Query
from unseen.fingerprint.model import ImageFingerprint, VideoFingerprint
from unseen.fingerprint.pool import Align
from unseen.matching import labelled_deep, labels
from unseen.matching.bank import Bank, Verified
from unseen.matching.files import write_lock
from unseen.matching.labels import Entry

_LOCK = "labels.lock"


@dataclass(frozen=True, slots=True)
class Form:
    """One fingerprint to keep or to search with: `full`, `mirror`, `crop:5-0-0-5`, `frame`, `content:0`..."""

    name: str
    pdq: str
    at_s: float | None = None


@dataclass(frozen=True, slots=True)
class LabelMatch:
    """A label found: its nearest distance, how that pair of forms explains it, and the query video's seconds."""

    label: str
    distance_bits: int
    how: str
    at_s: tuple[float, ...]


def forms_of(fingerprint: ImageFingerprint | VideoFingerprint) -> tuple[Form, ...]:
    """Everything in a fingerprint that can be searched: quality below 50 says nothing and is left out."""
    if isinstance(fingerprint, ImageFingerprint):
        parts: list[tuple[str, str, int, float | None]] = [
            ("full", fingerprint.pdq, fingerprint.quality, None)
        ]
        parts += [(form.name, form.pdq, form.quality, None) for form in fingerprint.variants]
    else:
        parts = []
        for frame in fingerprint.frames:
            parts.append(("frame", frame.pdq, frame.quality, frame.at_s))
            parts += [(f"frame+{form.name}", form.pdq, form.quality, frame.at_s) for form in frame.variants]
    return tuple(Form(name, pdq, at_s) for name, pdq, quality, at_s in parts if quality >= QUALITY_MIN)


class LabelledBank:
    """A `Bank` and its labels in one folder."""

    def __init__(self, folder: Path, bank: Bank) -> None:
        self._folder = folder
        self.bank = bank

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> "LabelledBank":
        """Open or make it. Raises BankError."""
        return cls(Path(path), Bank.open(path))

    def entries(self) -> list[Entry]:
        """Materials with rows in the bank, in order of their ids."""
        present = set(self.bank.ids().tolist())
        return sorted((each for each in labels.read(self._folder) if each.first_id in present), key=_first_id)

    def add(self, materials: Iterable[tuple[str, ImageFingerprint | VideoFingerprint]]) -> int:
        """Keep materials under their labels; one already kept under the same label is passed over. Returns new rows."""
        with write_lock(self._folder, _LOCK):
            known = {(each.label, each.sha256) for each in self.entries()}
            next_id = 1 + max(
                (each.first_id + len(each.forms) for each in labels.read(self._folder)), default=0
            )
            entries: list[Entry] = []
            hashes: list[bytes] = []
            originals: dict[tuple[str, str], Original] = {}
            for label, fingerprint in materials:
                forms = forms_of(fingerprint)
                if isinstance(fingerprint, ImageFingerprint) and isinstance(fingerprint.deep, Original):
                    originals[label, fingerprint.sha256] = fingerprint.deep
                if not forms or (label, fingerprint.sha256) in known:
                    continue
                known.add((label, fingerprint.sha256))
                entries.append(Entry(next_id, label, fingerprint.sha256, tuple(form.name for form in forms)))
                hashes += [bytes.fromhex(form.pdq) for form in forms]
                next_id += len(forms)
            if entries:  # the words first: rows without a label would match and name nobody
                labels.append(self._folder, entries)
                ids = np.concatenate([_ids(each) for each in entries])
                self.bank.add(_rows(hashes), ids)
            if originals:
                labelled_deep.keep(self._folder, self.entries(), originals)
        return len(hashes)

    def remove(self, label: str) -> int:
        """Remove every material of this label: local features, rows, then its words. Returns how many there were."""
        with write_lock(self._folder, _LOCK):
            entries = self.entries()
            gone = [each for each in entries if each.label == label]
            if gone:
                labelled_deep.forget(self._folder, gone)
                self.bank.remove(np.concatenate([_ids(each) for each in gone]))
            labels.replace(self._folder, (each for each in entries if each.label != label))
        return len(gone)

    def verify(self) -> Verified:
        """Read every byte again, the local features too. Raises BankError at the first fault."""
        labels.read(self._folder)
        checked = [self.bank.verify(), *labelled_deep.verified(self._folder)]
        sums = zip(*((each.rows, each.files, each.size_bytes) for each in checked), strict=True)
        return Verified(*map(sum, sums))

    def deep_search(self) -> labelled_deep.DeepSearch:
        """The local features of this bank. Raises BankError where it keeps none."""
        return labelled_deep.DeepSearch(self._folder)

    def match_deep(
        self, fingerprint: ImageFingerprint | VideoFingerprint, search: labelled_deep.DeepSearch, align: Align
    ) -> list[LabelMatch]:
        """What `match_regions` finds, and the labels that only the aligned parts of a picture find (`how` is `deep`)."""
        matches = self.match_regions(fingerprint)
        if isinstance(fingerprint, ImageFingerprint) and isinstance(fingerprint.deep, Query):
            known = {match.label for match in matches}
            found = search.labels(fingerprint.deep, align, self.entries)
            matches += [LabelMatch(*each, "deep", ()) for each in found.items() if each[0] not in known]
        return sorted(matches, key=lambda match: (match.distance_bits, match.label))

    def match_regions(self, query: ImageFingerprint | VideoFingerprint) -> list[LabelMatch]:
        """`match` for our own scanners: parts of a picture may differ by more bits; a film's frames are many, and may not."""
        still = isinstance(query, ImageFingerprint)
        return self.match(forms_of(query), REGIONS_RADIUS_BITS if still else RADIUS_BITS)

    def match(self, forms: Sequence[Form], radius_bits: int = RADIUS_BITS) -> list[LabelMatch]:
        """One match a label, nearest first: every form of the query against every form of the bank."""
        entries = self.entries()
        starts = [each.first_id for each in entries]
        hits = self.bank.search(_rows([bytes.fromhex(form.pdq) for form in forms]), radius_bits)
        found: list[tuple[str, int, str, float | None]] = []
        for query, row_id, distance in zip(
            hits.query.tolist(), hits.id.tolist(), hits.distance_bits.tolist(), strict=True
        ):
            place = bisect_right(starts, row_id) - 1
            if place < 0 or row_id >= starts[place] + len(entries[place].forms):
                continue  # added after the labels were read; the next search names it
            kept, asked = entries[place].forms[row_id - starts[place]], forms[query]
            found.append((entries[place].label, distance, explained(kept, asked.name), asked.at_s))
        found.sort(key=lambda each: (each[0], each[1]))
        matches = [_nearest(label, list(pairs)) for label, pairs in groupby(found, key=lambda each: each[0])]
        return sorted(matches, key=lambda match: (match.distance_bits, match.label))


def explained(kept: str, asked: str) -> str:
    """How a query's form and a bank's form explain a match: `full`, `mirror`, `crop:...`, `frame` or `region`."""
    if kept.startswith("frame") or asked.startswith("frame"):
        return "frame"
    if asked == "full":
        return kept
    if asked != "mirror":
        return "region"
    if kept in ("full", "mirror"):
        return "mirror" if kept == "full" else "full"
    return kept.removeprefix("mirror+") if kept.startswith("mirror+") else f"mirror+{kept}"


def _nearest(label: str, pairs: list[tuple[str, int, str, float | None]]) -> LabelMatch:
    seconds = sorted({at_s for _, _, _, at_s in pairs if at_s is not None})
    return LabelMatch(label, pairs[0][1], pairs[0][2], tuple(seconds))


def _first_id(entry: Entry) -> int:
    return entry.first_id


def _ids(entry: Entry) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    return np.arange(entry.first_id, entry.first_id + len(entry.forms), dtype=np.uint64)


def _rows(hashes: Sequence[bytes]) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    return np.frombuffer(b"".join(hashes), np.uint8).reshape(len(hashes), 32)
