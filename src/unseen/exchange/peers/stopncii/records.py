"""StopNCII's hash exchange, version 1: bodies of its three routes, as its client in `threatexchange` 1.2.17 writes and reads them."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from unseen.exchange.peers.record import (
    Batch,
    PeerKind,
    PeerTrouble,
    Reading,
    Reason,
    sensible_kind,
    value_of,
)

RECORDS_MAX = 2_000  # in one body; the client's own page has 800
_IMAGE = "ImagePDQ"
# The client writes Python's name of a member where it submits, and the value everywhere else.
_KINDS = ((_IMAGE, PeerKind.PDQ), (f"StopNCIISignalType.{_IMAGE}", PeerKind.PDQ))
_GONE = ("Withdrawn", "Deleted")


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a peer says about a value that we served it."""

    value: bytes
    verdict: str  # in StopNCII's words
    digest: str  # SHA-256 of the record as sent


def read_submitted(raw: bytes) -> Batch:
    """A body of SubmitHashes. Raises PeerTrouble where it has no list of records."""
    reading = Reading()
    for record, sent in _listed(raw, "hashRecords"):
        word = record.get("signalType")
        kind = sensible_kind(word, _KINDS) if isinstance(word, str) else None
        value = record.get("hashValue")
        status = record.get("hashStatus")
        if not isinstance(word, str):
            reading.refuse(sent, value, Reason.MALFORMED)
            continue
        reading.take(
            sent, _name(value), kind, value,
            withdrawn=status in _GONE or _withdrawn_by_feedback(record),
            changed_at=record.get("lastModtimestamp"),
        )  # fmt: skip
    return reading.batch()


def read_feedback(raw: bytes) -> tuple[list[Feedback], Batch]:
    """A body of SubmitFeedback: what can be read, and what cannot. Raises PeerTrouble as above."""
    reading, found = Reading(), []
    for record, sent in _listed(raw, "hashFeedbacks"):
        value, verdict = value_of(PeerKind.PDQ, record.get("hashValue")), record.get("feedbackValue")
        if isinstance(value, Reason) or verdict not in VERDICTS:
            reading.refuse(
                sent, record.get("hashValue"), value if isinstance(value, Reason) else Reason.MALFORMED
            )
        else:
            found.append(Feedback(value, str(verdict), hashlib.sha256(sent).hexdigest()))
    return found, reading.batch()


# Our word for each of theirs; None says nothing that we keep.
VERDICTS: Mapping[str, str | None] = {
    "Unknown": None,
    "None": None,
    "QualityUnknown": None,
    "PendingReview": None,
    "Blocked": "blocked",
    "NotBlocked": "cannot_tell",
    "Withdrawn": None,
    "Deleted": None,
}


@dataclass(frozen=True, slots=True)
class Served:
    """One live value of a peer's feed."""

    value: bytes
    changed_at: int  # Unix seconds


def page(records: Sequence[Served], *, next_token: str, checkpoint: int) -> dict[str, Any]:
    """An answer of FetchHashes. Only live values: what is withdrawn is not named again (docs/decisions/0057)."""
    return {
        "count": len(records),
        "nextPageToken": next_token,
        "nextSetTimestamp": checkpoint,
        "hasMoreRecords": bool(next_token),
        "hashRecords": [
            {
                "lastModtimestamp": each.changed_at,
                "signalType": _IMAGE,
                "hashValue": each.value.hex(),
                "hashStatus": "Active",
                "caseNumbers": {},  # always empty: which values belong together is nobody's business (promise 9)
                "CSPFeedbacks": [],
            }
            for each in records
        ],
    }


def _listed(raw: bytes, field: str) -> Iterable[tuple[dict[str, Any], bytes]]:
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError):
        raise PeerTrouble("the body is no JSON: send one object") from None
    records = told.get(field) if isinstance(told, dict) else None
    if not isinstance(records, list):
        raise PeerTrouble(f"the body has no list {field}")
    if len(records) > RECORDS_MAX:
        raise PeerTrouble(f"{len(records)} records at once; {RECORDS_MAX} are taken: send several bodies")
    for record in records:
        sent = json.dumps(record, sort_keys=True).encode()
        yield (record if isinstance(record, dict) else {}), sent


def _name(value: object) -> object:
    """Here a value is the name of its record; one letter case, so that it is the same name each time."""
    return value.lower() if isinstance(value, str) else value


def _withdrawn_by_feedback(record: Mapping[str, Any]) -> bool:
    """Who submits has one field to say so in: the feedback that goes with the record."""
    given = record.get("CSPFeedbacks")
    values = (
        [one.get("feedbackValue") for one in given if isinstance(one, dict)]
        if isinstance(given, list)
        else []
    )
    return bool(values) and all(value in _GONE for value in values)
