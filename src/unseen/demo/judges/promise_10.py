"""A killed worker loses no work and repeats no notice."""

from collections import Counter

from unseen.demo.judges.evidence import Evidence, Judgement, rows


def judge(evidence: Evidence) -> Judgement:
    arrived = Counter(notice.notice_id.replace("-", "") for notice in evidence.world.internet.truth.notices())
    states = {str(row[0]).replace("-", ""): row[1] for row in rows("SELECT id, state FROM takedown_notice")}
    faults = [
        f"a notice is left {state}" for state in states.values() if state in ("ready", "sending", "uncertain")
    ]
    faults += [
        f"notice {key} counts as sent and arrived {arrived[key]} times"
        for key, state in states.items()
        if state == "sent" and arrived[key] != 1
    ]
    faults += [f"notice {key} arrived and nobody wrote it" for key in arrived if key not in states]
    held = rows("SELECT COUNT(*) FROM casework_item WHERE lease_until IS NOT NULL")[0][0]
    faults += [f"{held} items are held by a worker that is gone"] if held else []
    log = (evidence.world.folder / "worker.log").read_text("utf-8", "replace")
    faults += ["the worker stumbled: see its log"] if "a tick failed" in log else []
    failed = sum(state == "failed" for state in states.values())
    return (
        faults,
        f"{evidence.run.killer.kills} kills; {sum(arrived.values())} notices arrived, each exactly once ({failed} bounced later)",
    )
