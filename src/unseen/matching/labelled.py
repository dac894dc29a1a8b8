"""A bank with names: materials go in with a label and their edited forms, and come out as one match a label."""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unseen.domain.limits import QUALITY_MIN, RADIUS_BITS, REGIONS_RADIUS_BITS
from unseen.fingerprint.deep_model import Original, Query
from unseen.fingerprint.model import ImageFingerprint, VideoFingerprint
from unseen.fingerprint.pool import Align, Fingerprint
from unseen.matching import labelled_deep, labels
from unseen.matching.alignment import Segment
from unseen.matching.bank import Bank, Verified
from unseen.matching.files import write_lock
from unseen.matching.films import FilmQuery, is_film
from unseen.matching.labels import Entry
from unseen.matching.level import Level
from unseen.matching.scan import Hits

_LOCK = "labels.lock"


@dataclass(frozen=True, slots=True)
class Form:
    """One fingerprint to keep or to search with: `full`, `mirror`, `crop:5-0-0-5`, `frame`, `content:0`..."""

    name: str
    pdq: str
    at_s: float | None = None
    until_s: float | None = None  # when the film's next frame begins


@dataclass(frozen=True, slots=True)
class LabelMatch:
    """A label found: its nearest distance, how that pair of forms explains it, and the query video's seconds.

    `segments`: which seconds show which, where both are films.
    """

    label: str
    distance_bits: int
    how: str
    at_s: tuple[float, ...]
    segments: tuple[Segment, ...] = ()

    def facts(self) -> dict[str, Any]:
        """The JSON of the command line."""
        facts: dict[str, Any] = {
            "label": self.label,
            "distance_bits": self.distance_bits,
            "how": self.how,
            "at_s": list(self.at_s),
        }
        return facts | ({"segments": [each.facts() for each in self.segments]} if self.segments else {})


def forms_of(fingerprint: ImageFingerprint | VideoFingerprint) -> tuple[Form, ...]:
    """Everything in a fingerprint that can be searched: quality below 50 says nothing and is left out."""
    if isinstance(fingerprint, VideoFingerprint):
        return _film_forms(fingerprint)
    parts = [("full", fingerprint.pdq, fingerprint.quality)]
    parts += [(form.name, form.pdq, form.quality) for form in fingerprint.variants]
    return tuple(Form(name, pdq) for name, pdq, quality in parts if quality >= QUALITY_MIN)


def _film_forms(film: VideoFingerprint) -> tuple[Form, ...]:
    forms = []
    ends_s = [*(frame.at_s for frame in film.frames[1:]), film.duration_s]
    for frame, end_s in zip(film.frames, ends_s, strict=True):
        parts = [("frame", frame.pdq, frame.quality)]
        parts += [(f"frame+{form.name}", form.pdq, form.quality) for form in frame.variants]
        until_s = max(end_s, frame.at_s)
        forms += [
            Form(name, pdq, frame.at_s, until_s) for name, pdq, quality in parts if quality >= QUALITY_MIN
        ]
    return tuple(forms)


class LabelledBank:
    """A `Bank` and its labels in one folder."""

    def __init__(self, folder: Path, bank: Bank) -> None:
        self._folder = folder
        self.bank = bank
        self._read: tuple[tuple[int, int, int], list[Entry]] = ((-1, -1, -1), [])

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> "LabelledBank":
        """Open or make it. Raises BankError."""
        return cls(Path(path), Bank.open(path))

    def entries(self) -> list[Entry]:
        """Materials with rows in the bank, in order of their ids."""
        present = set(self.bank.ids().tolist())
        return sorted((each for each in labels.read(self._folder) if each.first_id in present), key=_first_id)

    def _known(self) -> list[Entry]:
        """All entries in order of their ids, read again only when their file changed: a search meets them every time."""
        stamp, entries = labels.stamp(self._folder), self._read[1]
        if stamp != self._read[0]:
            entries = sorted(labels.read(self._folder), key=_first_id)
            self._read = (stamp, entries)
        return entries

    def state(self) -> str:
        """A digest that changes with every material added or removed, and with nothing else."""
        digest = hashlib.sha256()
        for each in self.entries():
            digest.update(repr((each.first_id, each.label, each.sha256, each.forms)).encode())
        return digest.hexdigest()

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
                names = tuple(form.name for form in forms)
                seconds = tuple(form.at_s for form in forms if form.at_s is not None)
                entries.append(Entry(next_id, label, fingerprint.sha256, names, seconds))
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

    def matcher(self, level: Level) -> Callable[[Fingerprint, Align], list[LabelMatch]]:
        """What finds the matches of one fingerprint (made with `level.forms`) at this level. Raises BankError where the
        bank keeps no local features for the level deep.
        """
        if level is Level.DEEP:
            return partial(self.match_deep, self.deep_search())
        if level is Level.REGIONS:
            return lambda made, _: self.match_regions(made)
        return lambda made, _: self.match(forms_of(made))

    def deep_search(self) -> labelled_deep.DeepSearch:
        """The local features of this bank. Raises BankError where it keeps none."""
        return labelled_deep.DeepSearch(self._folder)

    def match_deep(
        self, search: labelled_deep.DeepSearch, fingerprint: Fingerprint, align: Align
    ) -> list[LabelMatch]:
        """What `match_regions` finds, and the labels that only the aligned parts of a picture find (`how` is `deep`)."""
        matches = self.match_regions(fingerprint)
        if isinstance(fingerprint, ImageFingerprint) and isinstance(fingerprint.deep, Query):
            known = {match.label for match in matches}
            found = search.labels(fingerprint.deep, align, self._known)
            matches += [LabelMatch(*each, "deep", ()) for each in found.items() if each[0] not in known]
        return sorted(matches, key=lambda match: (match.distance_bits, match.label))

    def match_regions(self, query: Fingerprint) -> list[LabelMatch]:
        """`match` for our own scanners: parts of a picture may differ by more bits; a film's frames are many, and may not."""
        still = isinstance(query, ImageFingerprint)
        return self.match(forms_of(query), REGIONS_RADIUS_BITS if still else RADIUS_BITS)

    def match(self, forms: Sequence[Form], radius_bits: int = RADIUS_BITS) -> list[LabelMatch]:
        """One match a label, nearest first."""
        entries = self._known()
        starts = np.array([each.first_id for each in entries], np.uint64)
        hits = self.bank.search(_rows([bytes.fromhex(form.pdq) for form in forms]), radius_bits)
        film = FilmQuery(forms) if is_film(forms) else None
        found: list[LabelMatch] = []
        place = np.searchsorted(starts, hits.id, side="right") - 1
        for number in np.unique(place[place >= 0]).tolist():
            of_entry = _of_entry(hits, place == number, entries[number])
            if film is not None and entries[number].is_film:
                found += _film_match(entries[number], of_entry, forms, film)
            elif of_entry:
                found.append(_nearest(entries[number], of_entry, forms))
        return _one_a_label(found)


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


@dataclass(frozen=True, slots=True)
class _EntryHits:
    """The hits of one entry, nearest first: number of the query's form, row in the entry, distance."""

    form: NDArray[np.int64]
    row: NDArray[np.int64]
    distance_bits: NDArray[np.uint16]

    def __bool__(self) -> bool:
        return len(self.form) > 0


def _of_entry(hits: Hits, chosen: NDArray[np.bool_], entry: Entry) -> _EntryHits:
    form, distance = hits.query[chosen], hits.distance_bits[chosen]
    row = (hits.id[chosen] - np.uint64(entry.first_id)).astype(np.int64)
    kept = row < len(entry.forms)  # others were added after the labels were read; the next search names them
    order = np.nonzero(kept)[0]
    order = order[np.argsort(distance[order], kind="stable")]
    return _EntryHits(form[order], row[order], distance[order])


def _nearest(entry: Entry, hits: _EntryHits, forms: Sequence[Form]) -> LabelMatch:
    """A still picture on one side: one frame is enough."""
    seconds = {forms[at].at_s for at in hits.form.tolist()}
    how = explained(entry.forms[hits.row[0]], forms[hits.form[0]].name)
    return LabelMatch(
        entry.label,
        int(hits.distance_bits[0]),
        how,
        tuple(sorted(each for each in seconds if each is not None)),
    )


def _film_match(
    entry: Entry, hits: _EntryHits, forms: Sequence[Form], film: FilmQuery
) -> Iterator[LabelMatch]:
    seconds = np.array(entry.at_s)
    film_s = float(np.ptp(seconds))
    segments = film.segments(hits.form, seconds[hits.row], hits.distance_bits, film_s)
    if segments:
        nearest = min(segments, key=lambda each: each.distance_bits)
        shown_s = tuple(sorted({at_s for each in segments for at_s in each.frames_s}))
        yield LabelMatch(entry.label, nearest.distance_bits, "frame", shown_s, segments)


def _one_a_label(found: list[LabelMatch]) -> list[LabelMatch]:
    """Nearest first; of several materials under one label the nearest, with the seconds of all."""
    best: dict[str, LabelMatch] = {}
    for match in sorted(found, key=lambda each: (each.distance_bits, each.label)):
        known = best.get(match.label)
        seconds = tuple(sorted({*match.at_s, *(known.at_s if known else ())}))
        segments = (*(known.segments if known else ()), *match.segments)
        best[match.label] = replace(known or match, at_s=seconds, segments=segments)
    return list(best.values())


def _first_id(entry: Entry) -> int:
    return entry.first_id


def _ids(entry: Entry) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    return np.arange(entry.first_id, entry.first_id + len(entry.forms), dtype=np.uint64)


def _rows(hashes: Sequence[bytes]) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    return np.frombuffer(b"".join(hashes), np.uint8).reshape(len(hashes), 32)
