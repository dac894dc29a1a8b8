"""No rung gets the same notice twice unless a person says so."""

from collections import Counter

from unseen.demo.judges.evidence import Evidence, Judgement, rows


def judge(evidence: Evidence) -> Judgement:
    arrived = evidence.world.internet.truth.notices()
    ids = Counter(notice.notice_id for notice in arrived)
    faults = [f"notice {key} arrived {count} times" for key, count in ids.items() if count != 1]
    faults += [f"notice {notice.notice_id} was a replay" for notice in arrived if notice.replay]
    twice = rows(
        "SELECT item_id, round, rung, COUNT(*) FROM takedown_notice"
        " GROUP BY item_id, round, rung, addressee HAVING COUNT(*) > 1"
    )
    faults += [f"item {row[0]} has rung {row[2]} {row[3]} times in round {row[1]}" for row in twice]
    return faults, f"{len(arrived)} notices arrived at the servers, each once"
