"""One file of a scan: fingerprint it, look for it in the bank, and say what its line says."""

import threading
from enum import StrEnum
from typing import Any

from unseen.fingerprint import DecoderPool, Fingerprint, FingerprintError, Forms, Source
from unseen.matching.labelled import LabelledBank, LabelMatch, forms_of

Facts = dict[str, Any]
"""{"matches": [...]}, perhaps empty, or {"error": {"code", "message"}}: what a line says beside naming its file."""


class Level(StrEnum):
    """How hard a search tries."""

    COMPATIBLE = "compatible"
    REGIONS = "regions"
    DEEP = "deep"

    @property
    def forms(self) -> Forms:
        """What the child computes of a file that is searched for at this level."""
        return Forms.NONE if self is Level.COMPATIBLE else Forms.QUERY


def matches_at(level: Level, kept: LabelledBank, fingerprint: Fingerprint) -> list[LabelMatch]:
    """What the bank knows of a file whose fingerprint was made with `level.forms`. Raises BankError."""
    return kept.match(forms_of(fingerprint), originals_only=level is Level.COMPATIBLE)


class Looker:
    """Looks at one file after another, from any number of threads."""

    def __init__(self, kept: LabelledBank, level: Level, pool: DecoderPool) -> None:
        self.pool = pool
        self._kept = kept
        self._level = level
        self._lock = threading.Lock()

    def look(self, source: Source) -> Facts:
        """The facts of one file; a file that cannot be read is a fact too. Raises BankError, ChildDidNotStart."""
        try:
            fingerprint = self.pool.fingerprint(source, forms=self._level.forms)
        except FingerprintError as error:
            return {"error": error.facts()}
        with self._lock:  # the bank is opened once; a search takes a thousandth of the time of decoding
            matches = matches_at(self._level, self._kept, fingerprint)
        return {"matches": [match.facts() for match in matches]}
