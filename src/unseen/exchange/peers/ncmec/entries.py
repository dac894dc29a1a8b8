"""NCMEC's hash sharing, version 2: a page of entries as XML, and the feedback on one.

Sources: https://hashsharing.ncmec.org/npo/v2/documentation and https://exttest.cybertip.org/hashsharing (read 2026-11).
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from unseen.exchange.peers.record import (
    Batch,
    PeerKind,
    PeerRecord,
    PeerTrouble,
    Reading,
    Reason,
    sensible_kind,
)
from unseen.exchange.peers.safe_xml import Element, parse

NAMESPACE = "https://hashsharing.ncmec.org/hashsharing/v2"
TIME = "%Y-%m-%dT%H:%M:%SZ"
_KINDS = (("pdq", PeerKind.PDQ), ("sha256", PeerKind.SHA256))
_LISTS = ("images", "videos")
_ENTRIES = ("image", "video", "deletedImage", "deletedVideo")


def read(raw: bytes) -> Batch:
    """A `queryResult`. The cursor is where the next page is, relative to the service; nothing at the last one.

    Raises PeerTrouble where the page is no such XML.
    """
    root = parse(raw)
    if root.tag != "queryResult":
        raise PeerTrouble("the answer is no queryResult: look at the address, the name and the password")
    reading = Reading()
    for name in _LISTS:
        found = root.child(name)
        for each in found.children if found is not None else ():
            _entry(reading, each)
    paging = root.child("paging")
    next_page = paging.text_of("next") if paging is not None else ""
    return reading.batch(next_page, more=bool(next_page))


def _entry(reading: Reading, entry: Element) -> None:
    """One entry may have several fingerprints: each is a record of its own, named `member/entry/kind`."""
    member = entry.child("member")
    member_id = member.attributes.get("id", "") if member is not None else ""
    name = f"{member_id}/{entry.text_of('id')}"
    raw = _as_sent(entry)
    at = _time(entry.text_of("timestamp"))
    if entry.tag not in _ENTRIES or not member_id or not entry.text_of("id") or at is None:
        return reading.refuse(raw, name if len(name) > 1 else "", Reason.MALFORMED)
    if entry.tag.startswith("deleted"):
        for known in PeerKind:
            reading.take(raw, f"{name}/{known}", known, None, withdrawn=True, changed_at=at)
        return None
    fingerprints = entry.child("fingerprints")
    for each in fingerprints.children if fingerprints is not None else ():
        kind = sensible_kind(each.tag, _KINDS)
        # What is said of a film's PDQ is not said: a film has many. Only pictures are compared.
        used = kind if entry.tag == "image" or kind is not PeerKind.PDQ else None
        reading.take(raw, f"{name}/{kind or each.tag}", used, each.text.strip(), changed_at=at)
    return None


def _time(text: str) -> int | None:
    for form in (TIME, "%Y-%m-%dT%H:%M:%S.%fZ"):
        try:
            return max(0, int(datetime.strptime(text, form).replace(tzinfo=UTC).timestamp()))
        except ValueError:
            continue
    return None


def _as_sent(entry: Element) -> bytes:
    """The same entry gives the same bytes; what was sent is not at hand any more."""
    inner = b"".join(_as_sent(each) for each in entry.children)
    return f"<{entry.tag} {sorted(entry.attributes.items())}>{entry.text}".encode("utf-8", "replace") + inner


def write(records: Iterable[PeerRecord], member: int, now: datetime) -> Iterator[bytes]:
    """A `queryResult` of one page, which any reader of this format understands. Only pictures, as images."""
    when = now.astimezone(UTC).strftime(TIME)
    yield f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<queryResult xmlns="{NAMESPACE}">\n'.encode()
    yield f'<images maxTimestamp="{when}">\n'.encode()
    for each in records:
        tag = "deletedImage" if each.withdrawn else "image"
        told = f'<member id="{member}">Unseen</member><timestamp>{when}</timestamp><id>{escape(each.theirs)}</id>'
        if not each.withdrawn:
            told += f"<fingerprints><{each.kind}>{each.value.hex()}</{each.kind}></fingerprints>"
        yield f"<{tag}>{told}</{tag}>\n".encode()
    yield b"</images>\n</queryResult>\n"


def feedback(affirmative: bool, reason: str = "") -> bytes:
    """The body of a PUT that agrees with an entry, or does not for one of the reasons that the service lists."""
    inside = "<affirmative/>" if affirmative else _negative(reason)
    return f'<feedbackSubmission xmlns="{NAMESPACE}">{inside}</feedbackSubmission>'.encode()


def _negative(reason: str) -> str:
    return f"<negative><reasonIds><guid>{escape(reason)}</guid></reasonIds></negative>"
