"""After withdrawal nothing more is sent, and every feed says so."""

import json
from pathlib import Path

from unseen.demo.judges.evidence import Evidence, Judgement
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
    return (
        faults,
        f"0 notices after hour {evidence.world.hours(withdrawn_at):.0f}; the feed withdraws {len(withdrawals)} entries",
    )


def _values(path: Path) -> set[str]:
    made = fingerprint(path)
    return {made.pdq} if isinstance(made, ImageFingerprint) else {frame.pdq for frame in made.frames}
