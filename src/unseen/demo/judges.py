"""The ten judges. They believe the small internet and the raw tables, never the engine's own opinion of itself."""

import hashlib
import json
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import numpy as np
from django.db import connection

from unseen.demo.result import Verdict
from unseen.demo.run import Run
from unseen.demo.world import World
from unseen.fingerprint import FingerprintError, ImageFingerprint, fingerprint
from unseen.matching import Bank
from unseen.testing.internet.truth import Copy

PROMISES = (
    "The picture never leaves the reporter's device; neither does its file name.",
    "After withdrawal nothing more is sent, and every feed says so.",
    "No rung gets the same notice twice unless a person says so.",
    "Every open item has a due time or a named person.",
    "Unknown never counts as gone; removed needs proof from at least two vantages.",
    "Search misses nothing within the radius: it equals brute force.",
    "The journal only grows, any edit is detected, and it explains every state.",
    "A deadline is the one in force when the valid notice arrived.",
    "Nothing in a feed, a log, a page title or a statistic points to a person.",
    "A killed worker loses no work and repeats no notice.",
)
_WINDOW_BYTES = 48  # a stretch of a file that cannot occur anywhere else by chance
_WINDOWS = 60
_RADIUS_BITS = 31
_FINAL_HOURS = 24
_INTAKE_BYTES_PER_MATERIAL_MAX = 64 * 1024


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the judges are given."""

    run: Run
    feed: bytes  # as a peer gets it over HTTP
    pages: tuple[bytes, ...]  # the desk's pages as staff get them

    @property
    def world(self) -> World:
        """The world that was run."""
        return self.run.world


def judge(evidence: Evidence) -> tuple[Verdict, ...]:
    """One verdict a promise, in order."""
    verdicts = []
    for number, (words, judged) in enumerate(zip(PROMISES, _JUDGES, strict=True), start=1):
        faults, seen = judged(evidence)
        text = "; ".join(faults[:4]) + (f" (and {len(faults) - 4} more)" if len(faults) > 4 else "")
        verdicts.append(Verdict(number, words, not faults, text or seen))
    return tuple(verdicts)


Judgement = tuple[list[str], str]  # what is wrong, and what was seen when nothing is


def _rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def _time(value: object) -> datetime:
    at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return at if at.tzinfo else at.replace(tzinfo=_UTC)


_UTC = datetime.fromisoformat("2000-01-01T00:00:00+00:00").tzinfo


def _the_picture_stays(evidence: Evidence) -> Judgement:
    files = [material.path for material in evidence.world.internet.material.values()]
    faults = []
    places = {"the intake's wire": evidence.run.sent_to_intake}
    kept = [evidence.world.folder / "data", evidence.world.internet.sent_archive]
    for folder in kept:
        places |= {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for place, content in places.items():
        faults += [f"{place} names a file" for file in files if file.stem.encode() in content]
        faults += [f"{place} holds bytes of a file" for file in files if _holds(content, file.read_bytes())]
    materials = sum(material.case == "first" for material in evidence.world.internet.material.values())
    if not evidence.run.sent_to_intake or len(evidence.run.sent_to_intake) > materials * _INTAKE_BYTES_PER_MATERIAL_MAX:
        faults.append(f"{len(evidence.run.sent_to_intake)} bytes left the device")
    return faults, (
        f"{len(evidence.run.sent_to_intake)} bytes left the device for {materials} materials; "
        f"{len(places)} files and records hold no stretch of a picture and no file name"
    )


def _holds(content: bytes, file: bytes) -> bool:
    step = max(1, (len(file) - _WINDOW_BYTES) // _WINDOWS)
    starts = range(_WINDOW_BYTES, len(file) - _WINDOW_BYTES, step)
    windows = (file[start : start + _WINDOW_BYTES] for start in starts)
    return any(window in content for window in windows if len(set(window)) > _WINDOW_BYTES // 3)


def _withdrawal_stops_everything(evidence: Evidence) -> Judgement:
    withdrawn_at = evidence.run.withdrawn_at
    if withdrawn_at is None:
        return ["nobody withdrew"], ""
    material = evidence.world.internet.material
    second = [copy for copy in evidence.world.internet.truth.copies() if material[copy.material or ""].case == "second"]
    places = {place for copy in second for place in (copy.page_url, copy.media_url)}
    late = [
        notice
        for notice in evidence.world.internet.truth.notices()
        if notice.received_at > withdrawn_at and places & set(notice.locations)
    ]
    faults = [f"{len(late)} notices went out after the withdrawal"] if late else []
    feed = json.loads(evidence.feed)["entries"]
    adds = {row["entry"] for row in feed if row["operation"] == "add"}
    withdrawals = {row["entry"] for row in feed if row["operation"] == "withdraw"}
    blank = {row["entry"] for row in feed if row["operation"] == "add" and not row["pdq"]}
    shown = {row["pdq"] for row in feed}
    own = {pdq for item in material.values() if item.case == "second" for pdq in _values(item.path)}
    if own & shown:
        faults.append(f"{len(own & shown)} withdrawn fingerprints still stand in the feed")
    if not withdrawals or withdrawals != blank or not withdrawals <= adds:
        faults.append(f"the feed withdraws {len(withdrawals)} entries, but {len(blank)} are blank")
    return faults, f"0 notices after hour {evidence.world.hours(withdrawn_at):.0f}; the feed withdraws {len(withdrawals)} entries"


def _values(path: Path) -> set[str]:
    made = fingerprint(path)
    return {made.pdq} if isinstance(made, ImageFingerprint) else {frame.pdq for frame in made.frames}


def _no_rung_twice(evidence: Evidence) -> Judgement:
    arrived = evidence.world.internet.truth.notices()
    ids = Counter(notice.notice_id for notice in arrived)
    faults = [f"notice {key} arrived {count} times" for key, count in ids.items() if count != 1]
    faults += [f"notice {notice.notice_id} was a replay" for notice in arrived if notice.replay]
    twice = _rows(
        "SELECT item_id, round, rung, COUNT(*) FROM takedown_notice GROUP BY item_id, round, rung HAVING COUNT(*) > 1"
    )
    faults += [f"item {row[0]} has rung {row[2]} {row[3]} times in round {row[1]}" for row in twice]
    return faults, f"{len(arrived)} notices arrived at the servers, each once"


def _every_open_item_is_due(evidence: Evidence) -> Judgement:
    lost = _rows("SELECT id FROM casework_item WHERE stage <> 'closed' AND due_at IS NULL AND person_id IS NULL")
    late = _rows("SELECT id, due_at FROM casework_item WHERE stage <> 'closed' AND due_at IS NOT NULL")
    now = evidence.world.now()
    faults = [f"item {row[0]} is open and nobody's" for row in lost]
    faults += [f"item {row[0]} was due at {row[1]}" for row in late if _time(row[1]) < now]
    return faults, f"{len(late)} items are open, each with a due time to come"


def _removed_is_removed(evidence: Evidence) -> Judgement:
    truth = evidence.world.internet.truth
    by_page = _by_page(truth.copies())
    rows = _rows("SELECT id, location, stage, outcome FROM casework_item ORDER BY id")
    faults, removed = [], 0
    for key, location, stage, outcome in rows:
        served = any(truth.served_to_anyone(copy) for copy in by_page.get(location, ()))
        removed += outcome == "removed"
        if outcome == "removed" and served:
            faults.append(f"item {key} is said to be removed and is still served")
        if outcome in ("blocked_only", "refused", "unreachable") and not served:
            faults.append(f"item {key} is said to be {outcome} and is gone")
        if stage != "closed":
            faults.append(f"item {key} has no outcome after all this time")
    return faults + _without_proof(), f"{removed} of {len(rows)} items removed, and nobody anywhere gets one of them any more"


def _without_proof() -> list[str]:
    rows = _rows(
        "SELECT i.id, COUNT(DISTINCT f.vantage), COUNT(DISTINCT f.country) FROM casework_item i "
        "LEFT JOIN takedown_recheck r ON r.id = (SELECT MAX(id) FROM takedown_recheck WHERE item_id = i.id) "
        "LEFT JOIN takedown_finding f ON f.recheck_id = r.id AND f.kind = 'gone' "
        "WHERE i.outcome = 'removed' GROUP BY i.id"
    )
    return [
        f"item {key} is removed by the word of {vantages} vantages in {countries} countries"
        for key, vantages, countries in rows
        if vantages < 2 or countries < 2  # noqa: PLR2004 - promise 5
    ]


def _by_page(copies: list[Copy]) -> dict[str, list[Copy]]:
    found: dict[str, list[Copy]] = {}
    for copy in copies:
        found.setdefault(copy.page_url, []).append(copy)
    return found


def _search_equals_brute_force(evidence: Evidence) -> Judgement:
    truth, folder = evidence.world.internet.truth, evidence.world.folder
    known = {row[0] for row in _rows("SELECT location FROM casework_item")}
    missed = [copy for copy in truth.copies() if copy.page_url not in known and not _only_after_withdrawal(evidence, copy)]
    bystanders = {copy.page_url for copy in truth.bystanders()}
    faults = [f"a copy at {copy.platform} was never found" for copy in missed]
    faults += [f"{len(known & bystanders)} unrelated pictures became items"] if known & bystanders else []
    faults += [f"{len(truth.bystanders_touched())} unrelated pictures were touched"] if truth.bystanders_touched() else []
    rows = _rows("SELECT id, pdq FROM hashbank_bankentry WHERE removed_at IS NULL")
    ids = np.array([row[0] for row in rows], dtype=np.uint64)
    bank = np.frombuffer(b"".join(bytes(row[1]) for row in rows), dtype=np.uint8).reshape(-1, 32)
    queries = np.frombuffer(b"".join(_public_values(evidence)), dtype=np.uint8).reshape(-1, 32)
    hits = Bank.open(folder / "data" / "bank").search(queries, radius_bits=_RADIUS_BITS)
    found = set(zip(hits.query.tolist(), hits.id.tolist(), hits.distance_bits.tolist(), strict=True))
    bits = np.bitwise_count(queries[:, None, :] ^ bank[None, :, :]).sum(axis=2)
    expected = {(q, int(ids[e]), int(bits[q, e])) for q, e in zip(*np.nonzero(bits <= _RADIUS_BITS), strict=True)}
    if found != expected:
        faults.append(f"search gives {len(found)} hits, brute force {len(expected)}")
    return faults, (
        f"{len(truth.copies())} copies, all found; {len(queries)} public files against {len(bank)} entries: "
        f"{len(expected)} hits, the same as brute force"
    )


def _only_after_withdrawal(evidence: Evidence, copy: Copy) -> bool:
    """A copy of the withdrawn case that appeared later is rightly not looked for."""
    case = evidence.world.internet.material[copy.material or ""].case
    return case == "second" and evidence.run.withdrawn_at is not None and copy.appeared_at >= evidence.run.withdrawn_at


def _public_values(evidence: Evidence) -> Iterator[bytes]:
    for medium in evidence.world.internet.truth.media():
        try:
            made = fingerprint(medium)
        except FingerprintError:
            continue
        frames = [made] if isinstance(made, ImageFingerprint) else made.frames
        yield from (bytes.fromhex(frame.pdq) for frame in frames if frame.quality >= 50)  # noqa: PLR2004 - PDQ


def _the_journal_holds(evidence: Evidence) -> Judgement:
    entries = _rows(
        "SELECT id, at, tag, subject_kind, subject_id, data, previous, digest FROM journal_entry ORDER BY id"
    )
    previous, faults = "0" * 64, []
    last: dict[str, dict[str, Any]] = {}
    for number, at, tag, kind, key, data, before, digest in entries:
        fields = json.dumps([before, _time(at).astimezone(_UTC).isoformat(), tag, kind, key, data])
        if before != previous or hashlib.sha256(fields.encode()).hexdigest() != digest:
            faults.append(f"entry {number} was changed")
        previous = digest
        if kind == "item" and "stage" in json.loads(data):
            last[key] = json.loads(data)
    for key, stage, outcome, round_ in _rows("SELECT id, stage, outcome, round FROM casework_item"):
        told = last.get(str(key), {})
        if (told.get("stage"), told.get("outcome", ""), told.get("round")) != (stage, outcome, round_):
            faults.append(f"the journal tells another story of item {key}")
    faults += _can_be_edited()
    return faults, f"{len(entries)} entries, the chain holds, and they tell the state of {len(last)} items"


def _can_be_edited() -> list[str]:
    """The database itself must refuse an edit."""
    from django.db import DatabaseError, transaction

    for sql in ("UPDATE journal_entry SET tag = 'x'", "DELETE FROM journal_entry"):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql)
        except DatabaseError:
            continue
        return ["the database let the journal be edited"]
    return []


def _deadlines_hold(evidence: Evidence) -> Judgement:
    import unseen.takedown.directory as directory

    folder = Path(directory.__file__).parent / "laws"
    laws = {law["id"]: law for law in (tomllib.loads(file.read_text("utf-8")) for file in folder.glob("*.toml"))}
    arrived = {notice.notice_id: notice.received_at for notice in evidence.world.internet.truth.notices()}
    rows = _rows(
        "SELECT id, rung, received_at, deadline_at, deadline_law, deadline_law_version FROM takedown_notice "
        "WHERE received_at IS NOT NULL"
    )
    faults = []
    for key, rung, received, due, law_id, version in rows:
        notice_id = str(key) if "-" in str(key) else f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}"
        law = laws[law_id]
        hours = _FINAL_HOURS if rung == "platform_final" else law.get("answer_within_hours") or law["target_hours"]
        if notice_id not in arrived or abs(arrived[notice_id] - _time(received)) > timedelta(seconds=1):
            faults.append(f"notice {notice_id}: receipt is not when it arrived")
        if _time(due) - _time(received) != timedelta(hours=hours) or version != law["version"]:
            faults.append(f"notice {notice_id}: the deadline is not {hours} hours of {law_id} {law['version']}")
    return faults, f"{len(rows)} deadlines start at the true arrival and run as their law says"


def _nothing_points_to_a_person(evidence: Evidence) -> Judgement:
    run, world = evidence.run, evidence.world
    secrets = [receipt.replace("-", "") for receipt in run.receipts] + run.receipts
    copies = world.internet.truth.copies()
    places = [place.split("/", 3)[3] for copy in copies for place in (copy.page_url, copy.media_url)]
    texts = {f"log {path.name}": path.read_bytes() for path in world.folder.glob("*.log")}
    texts |= {"the feed": evidence.feed}
    titles = b"\n".join(_title(page) for page in evidence.pages)
    texts |= {"a page title": titles}
    faults = [
        f"{name} names {what}"
        for name, text in texts.items()
        for what, needles in (("a receipt", secrets), ("a location", places))
        if any(needle.encode() in text for needle in needles)
    ]
    stored = b"".join(path.read_bytes() for path in (world.folder / "data").glob("*.sqlite3*"))
    faults += ["the database holds a receipt"] if any(secret.encode() in stored for secret in secrets) else []
    return faults, f"{len(texts)} logs, feeds and titles of {len(evidence.pages)} pages searched for receipts and locations"


def _title(page: bytes) -> bytes:
    return page.partition(b"<title>")[2].partition(b"</title>")[0]


def _nothing_lost_or_doubled(evidence: Evidence) -> Judgement:
    arrived = Counter(notice.notice_id.replace("-", "") for notice in evidence.world.internet.truth.notices())
    rows = {str(row[0]).replace("-", ""): row[1] for row in _rows("SELECT id, state FROM takedown_notice")}
    faults = [f"a notice is left {state}" for state in rows.values() if state in ("ready", "sending", "uncertain")]
    faults += [f"notice {key} counts as sent and arrived {arrived[key]} times" for key, state in rows.items() if state == "sent" and arrived[key] != 1]
    faults += [f"notice {key} arrived and nobody wrote it" for key in arrived if key not in rows]
    held = _rows("SELECT COUNT(*) FROM casework_item WHERE lease_until IS NOT NULL")[0][0]
    faults += [f"{held} items are held by a worker that is gone"] if held else []
    sent = sum(state == "sent" for state in rows.values())
    return faults, f"{evidence.run.killer.kills} kills; {sent} notices sent, each arrived exactly once"


_JUDGES: tuple[Callable[[Evidence], Judgement], ...] = (
    _the_picture_stays,
    _withdrawal_stops_everything,
    _no_rung_twice,
    _every_open_item_is_due,
    _removed_is_removed,
    _search_equals_brute_force,
    _the_journal_holds,
    _deadlines_hold,
    _nothing_points_to_a_person,
    _nothing_lost_or_doubled,
)


def feed_over_http(address: str, key: str) -> bytes:
    """The whole feed as a peer reads it."""
    cursor, entries = 0, []
    while True:
        request = Request(f"{address}/api/exchange/feed?cursor={cursor}", headers={"X-Unseen-Key": key})  # noqa: S310 - our own server
        with urlopen(request, timeout=10) as answer:  # noqa: S310 - our own server
            page = json.load(answer)
        if not page["entries"]:
            return json.dumps({"entries": entries}).encode()
        entries += page["entries"]
        cursor = page["cursor"]
