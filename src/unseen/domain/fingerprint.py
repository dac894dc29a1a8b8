"""A fingerprint: the value computed from media that finds similar media. Only PDQ in this version."""

import re
from dataclasses import dataclass

from unseen.domain.limits import PDQ_BITS, QUALITY_MIN

ORIGINAL = "full"  # the name of the unedited form among the variants
_SIDES = r"[0-9]{1,2}(?:\.[0-9])?(?:-[0-9]{1,2}(?:\.[0-9])?){3}"  # percent at the left, top, right and bottom
# The grammar of our own edits, such as mirror+crop:5-0-0-5 or border:black-0-11-0-11: no file name fits it (promise 1).
VARIANT_NAME = re.compile(
    r"full|mirror|(?:mirror\+)?(?:flip|trim|turn:(?:90|180|270)|rotate:-?[0-9]{1,2}(?:\.[0-9])?|"
    rf"crop:{_SIDES}|border:(?:black|grey|white)-(?:square|{_SIDES}))"
)


class BadFingerprint(ValueError):
    """The text is not a fingerprint; the message names it and the cure."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """256 bits of PDQ with its quality (0 to 100), the edited form it stands for, and the second in a film."""

    pdq: bytes
    quality: int
    variant: str = ORIGINAL
    at_s: float | None = None

    @property
    def searchable(self) -> bool:
        """Low quality (blank, blurred) matches everything and proves nothing (PDQ: drop below 50)."""
        return self.quality >= QUALITY_MIN


def parse_pdq(text: str) -> bytes:
    """The 32 bytes behind 64 hex digits. Raises BadFingerprint."""
    try:
        value = bytes.fromhex(text)
    except ValueError:
        value = b""
    if len(value) != PDQ_BITS // 8 or len(text) != PDQ_BITS // 4:
        shown = text[:70].encode("unicode_escape").decode()
        raise BadFingerprint(
            f"'{shown}' is not a PDQ fingerprint: send 64 hex digits, as `unseen fingerprint` prints them"
        )
    return value
