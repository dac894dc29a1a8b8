"""After withdrawal nothing more is sent, and every feed says so."""

from pathlib import Path

from unseen.demo.judges.evidence import Evidence, Judgement
from unseen.demo.upload_doors import WITHDRAWN
from unseen.domain.limits import MARK_BITS
from unseen.feed.lines import LineOperation, erased
from unseen.fingerprint import ImageFingerprint, fingerprint


def judge(evidence: Evidence) -> Judgement:
    withdrawn_at = evidence.run.withdrawn_at
    if withdrawn_at is None:
        return ["nobody withdrew"], ""
    material = evidence.world.internet.material
    second = [
        copy
        for copy in evidence.world.internet.truth.copies()
        if material[copy.material or ""].case == "second"
    ]
    places = {place for copy in second for place in (copy.page_url, copy.media_url)}
    late = [
        notice
        for notice in evidence.world.internet.truth.notices()
        if notice.received_at > withdrawn_at and places & set(notice.locations)
    ]
    faults = [f"{len(late)} notices went out after the withdrawal"] if late else []
    feed = evidence.feed
    adds = feed["operation"] == LineOperation.ADD
    added = {bytes(name) for name in feed["entry"][adds]}
    withdrawals = {bytes(name) for name in feed["entry"][feed["operation"] == LineOperation.WITHDRAW]}
    blank = {bytes(name) for name in feed["entry"][adds & erased(feed)]}
    shown = [bytes(value) for value in feed["value"][adds]]
    own = {
        bytes.fromhex(pdq)
        for item in material.values()
        if item.case == "second"
        for pdq in _values(item.path)
    }
    near = sum(_apart(value, one) <= MARK_BITS for value in shown for one in own)
    if near:
        faults.append(f"{near} withdrawn fingerprints still stand in the feed")
    if len(withdrawals) < 2 or withdrawals != blank or not withdrawals <= added:
        faults.append(f"the feed withdraws {len(withdrawals)} entries, but {len(blank)} are blank")
    tries = [one for one in evidence.run.doors.tries if one.whose == WITHDRAWN and one.after_withdrawal]
    still = sum(one.refused for one in tries)
    if still or not tries:
        faults.append(f"{still} of {len(tries)} uploads of the withdrawn picture are still turned away")
    return (
        faults,
        (
            f"0 notices after hour {evidence.world.hours(withdrawn_at):.0f}; the feed withdraws {len(withdrawals)} entries; "
            f"{len(tries)} uploads of the picture pass two minutes later"
        ),
    )


def _apart(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count()


def _values(path: Path) -> set[str]:
    made = fingerprint(path)
    return {made.pdq} if isinstance(made, ImageFingerprint) else {frame.pdq for frame in made.frames}
