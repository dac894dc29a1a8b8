"""Every way in which a peer's fingerprints reach us, with a sample that each must read."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from unseen.exchange.peers.lists import csv_lists, json_lines
from unseen.exchange.peers.local_file import lines
from unseen.exchange.peers.ncmec import entries
from unseen.exchange.peers.record import Batch
from unseen.exchange.peers.stopncii import records

ONE = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22"
TWO = "d8f8f0cee0f4a84f0e370a22028f67f0b36e2ed596623e1d33e6339c4e9c9b27"


@dataclass(frozen=True, slots=True)
class Format:
    """`sample` makes a body of these texts, each in the place of a fingerprint."""

    name: str
    read: Callable[[bytes], Batch]
    sample: Callable[[Sequence[str]], bytes]


def _stopncii(values: Sequence[str]) -> bytes:
    blocked = [{"tags": [], "feedbackValue": "Blocked"}]
    told = [
        {
            "lastModtimestamp": 5,
            "signalType": "StopNCIISignalType.ImagePDQ",
            "hashValue": one,
            "CSPFeedbacks": blocked,
        }
        for one in values
    ]
    return json.dumps({"count": len(values), "hashRecords": told}).encode()


def _ncmec(values: Sequence[str]) -> bytes:
    images = "".join(
        f'<image><member id="42">Example Member</member><timestamp>2026-10-24T15:00:00Z</timestamp><id>image{at}</id>'
        f"<classification>A1</classification><fingerprints><md5>{'a1' * 16}</md5><pdq>{one}</pdq></fingerprints></image>"
        for at, one in enumerate(values)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><queryResult xmlns="{entries.NAMESPACE}">'
        f'<images count="{len(values)}" maxTimestamp="2026-10-24T15:10:00Z">{images}</images></queryResult>'
    ).encode()


FORMATS = (
    Format("stopncii", records.read_submitted, _stopncii),
    Format("ncmec", entries.read, _ncmec),
    Format("local_file", lines.read, lambda values: "".join(f"pdq {one}\n" for one in values).encode()),
    Format("csv", csv_lists.read, lambda values: "".join(f"{one}\n" for one in ("pdq", *values)).encode()),
    Format(
        "json_lines",
        json_lines.read,
        lambda values: "".join(json.dumps({"id": f"n{at}", "pdq": one}) + "\n" for at, one in enumerate(values)).encode(),
    ),
)  # fmt: skip
