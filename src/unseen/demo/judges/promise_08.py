"""A deadline is the one in force when the valid notice arrived."""

import tomllib
from datetime import timedelta
from pathlib import Path

import unseen
from unseen.demo.judges.evidence import Evidence, Judgement, rows, time_of

_LAWS = Path(unseen.__file__).parent / "takedown" / "directory" / "laws"
_FINAL_HOURS = 24


def judge(evidence: Evidence) -> Judgement:
    laws = {
        law["id"]: law for law in (tomllib.loads(file.read_text("utf-8")) for file in _LAWS.glob("*.toml"))
    }
    arrived = {notice.notice_id: notice.received_at for notice in evidence.world.internet.truth.notices()}
    found = rows(
        "SELECT id, rung, received_at, deadline_at, deadline_law, deadline_law_version FROM takedown_notice "
        "WHERE received_at IS NOT NULL"
    )
    faults = []
    for key, rung, received, due, law_id, version in found:
        notice_id = (
            str(key) if "-" in str(key) else f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}"
        )
        law = laws[law_id]
        hours = law.get("answer_within_hours") or law["target_hours"]
        hours = min(_FINAL_HOURS, hours) if rung == "platform_final" else hours
        if notice_id not in arrived or abs(arrived[notice_id] - time_of(received)) > timedelta(seconds=1):
            faults.append(f"notice {notice_id}: receipt is not when it arrived")
        if time_of(due) - time_of(received) != timedelta(hours=hours) or version != law["version"]:
            faults.append(
                f"notice {notice_id}: the deadline is not {hours} hours of {law_id} {law['version']}"
            )
    return faults, f"{len(found)} deadlines start at the true arrival and run as their law says"
