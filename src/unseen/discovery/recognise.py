"""From the bytes of a medium to the materials that it matches. Bytes are never stored."""

import hashlib
from collections import OrderedDict
from functools import lru_cache

from unseen.domain.fingerprint import Fingerprint
from unseen.domain.match import Match
from unseen.fingerprint import Ask, FingerprintError, Forms, ImageFingerprint, fingerprint
from unseen.hashbank import queries

REMEMBERED_MAX = 256  # the same file is met from four vantages and in the next sweep


class Recogniser:
    """Fingerprints in the sandboxed child, searches the hash bank, and remembers fingerprints of equal bytes."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[Fingerprint, ...] | None] = OrderedDict()

    def matches(self, body: bytes) -> tuple[Match, ...] | None:
        """The materials that this medium matches, nearest first; None when the bytes could not be understood."""
        fingerprints = self._fingerprints(body)
        return None if fingerprints is None else queries.search(fingerprints)

    def _fingerprints(self, body: bytes) -> tuple[Fingerprint, ...] | None:
        digest = hashlib.sha256(body).hexdigest()
        if digest not in self._known:
            self._known[digest] = _fingerprints_of(body)
            if len(self._known) > REMEMBERED_MAX:
                self._known.popitem(last=False)
        self._known.move_to_end(digest)
        return self._known[digest]


@lru_cache(maxsize=1)
def recogniser() -> Recogniser:
    """The one of this process."""
    return Recogniser()


def _fingerprints_of(body: bytes) -> tuple[Fingerprint, ...] | None:
    try:
        made = fingerprint(body, Ask(forms=Forms.QUERY))
    except FingerprintError:
        return None
    if isinstance(made, ImageFingerprint):
        whole = Fingerprint(bytes.fromhex(made.pdq), made.quality)
        parts = (Fingerprint(bytes.fromhex(each.pdq), each.quality, each.name) for each in made.variants)
        return (whole, *parts)
    return tuple(
        Fingerprint(bytes.fromhex(frame.pdq), frame.quality, at_s=frame.at_s) for frame in made.frames
    )
