"""A line of the feed: 88 bytes, each number big-endian. docs/exchange.md is the specification."""

import hashlib
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from unseen.domain import feed as rules
from unseen.feed.refusals import MalformedPage

LINE_BYTES = 88
OPEN_BYTES = 40  # of each line: what stays readable after a withdrawal; salt and value follow
VALUE_BYTES = 32
LINE = np.dtype(
    [
        ("sequence", ">u8"),  # from 0, without a gap
        ("entry", "V16"),  # random, of this peer's feed only
        ("operation", "u1"),
        ("kind", "u1"),
        ("quality", "u1"),
        ("level", "u1"),
        ("action", "u1"),
        ("reserved", "u1"),
        ("part", ">u2"),  # which frame of a video; 0 for all else
        ("at_ms", ">u4"),  # where in the video
        ("expires", ">u4"),  # Unix seconds; 0 is never
        ("salt", "V16"),
        ("value", "V32"),
    ]
)


class LineOperation(IntEnum):
    """What a line says about its entry. A later line about the same entry outweighs an earlier one; a withdrawal is final."""

    ADD = 1
    WITHDRAW = 2
    SUSPEND = 3


class LineKind(IntEnum):
    """What the value is. Only an addition has one."""

    NONE = 0
    PDQ_IMAGE = 1
    PDQ_FRAME = 2
    SHA256 = 3


# How far a claim is verified, and what the centre recommends: words of the domain, in two bytes of a line.
Level = rules.Level
LineAction = rules.LineAction

Lines = npt.NDArray[np.void]
"""LINE[N]."""


def read_lines(raw: bytes, first: int) -> Lines:
    """The lines of a page whose first has this sequence.

    Raises MalformedPage naming the first line that breaks a rule; no line of such a page may be used.
    """
    if len(raw) % LINE_BYTES:
        raise MalformedPage(f"{len(raw)} bytes of lines are no multiple of {LINE_BYTES}")
    lines = np.frombuffer(raw, LINE)
    _refuse(
        lines["sequence"] != np.arange(first, first + len(lines), dtype=np.uint64), lines, "is out of order"
    )
    operation, kind = lines["operation"], lines["kind"]
    adds = operation == LineOperation.ADD
    _refuse(~np.isin(operation, list(LineOperation)), lines, "has an unknown operation")
    _refuse(lines["reserved"] != 0, lines, "has a reserved byte that is not 0")
    _refuse(
        adds & ((kind == LineKind.NONE) | (kind > LineKind.SHA256)), lines, "adds a value of unknown kind"
    )
    _refuse(
        adds & ((lines["action"] == LineAction.NONE) | (lines["action"] > LineAction.BLOCK)),
        lines,
        "has an unknown action",
    )
    _refuse(adds & (lines["level"] > Level.LEGAL_ORDER), lines, "has an unknown level")
    _refuse(adds & (lines["quality"] > 100), lines, "has a quality above 100")
    _refuse(~adds & _loaded(lines), lines, "carries more than the name of its entry")
    _refuse(adds & ~_filled(lines["value"], VALUE_BYTES), lines, "adds an all-zero value")
    _refuse(
        (kind != LineKind.PDQ_FRAME) & ((lines["part"] != 0) | (lines["at_ms"] != 0)),
        lines,
        "has a place in a video but is no frame",
    )
    return lines


def erased(lines: Lines) -> npt.NDArray[np.bool_]:
    """bool[N]: additions whose value was taken out after a withdrawal; the commitment to it stands in its place."""
    gone: npt.NDArray[np.bool_] = (lines["operation"] == LineOperation.ADD) & ~_filled(lines["salt"], 16)
    return gone


def leaves(raw: bytes) -> list[bytes]:
    """The leaf of each line: SHA-256(0 || head || commitment). The commitment hides the value behind its salt, so that
    a line whose value was erased still has the leaf that it had (RFC 6962, 2.1, for the leading 0).
    """
    sha256, no_salt = hashlib.sha256, bytes(16)
    made = []
    for at in range(0, len(raw), LINE_BYTES):
        middle, end = at + OPEN_BYTES, at + LINE_BYTES
        salted = raw[middle : middle + 16] != no_salt
        commitment = sha256(raw[middle:end]).digest() if salted else raw[end - VALUE_BYTES : end]
        made.append(sha256(b"\0" + raw[at:middle] + commitment).digest())
    return made


def commitment_of(salt: bytes, value: bytes) -> bytes:
    """What stays of a value after it was erased."""
    return hashlib.sha256(salt + value).digest()


def _filled(column: npt.NDArray[np.void], size: int) -> npt.NDArray[np.bool_]:
    flat = np.ascontiguousarray(column).view(np.uint8).reshape(len(column), size)
    filled: npt.NDArray[np.bool_] = np.asarray(flat.any(axis=1))
    return filled


def _loaded(lines: Lines) -> npt.NDArray[np.bool_]:
    """bool[N]: lines with anything beside sequence, entry and operation."""
    beside = lines["kind"] | lines["quality"] | lines["level"] | lines["action"]
    numbers = lines["part"].astype(np.uint32) | lines["at_ms"] | lines["expires"]
    loaded: npt.NDArray[np.bool_] = (
        (beside != 0) | (numbers != 0) | _filled(lines["salt"], 16) | _filled(lines["value"], VALUE_BYTES)
    )
    return loaded


def _refuse(wrong: npt.NDArray[np.bool_], lines: Lines, why: str) -> None:
    if wrong.any():
        raise MalformedPage(f"line {int(lines['sequence'][int(wrong.argmax())])} {why}")
