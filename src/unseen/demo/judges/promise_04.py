"""Every open item has a due time or a named person."""

from unseen.demo.judges.evidence import Evidence, Judgement, rows, time_of


def judge(evidence: Evidence) -> Judgement:
    lost = rows(
        "SELECT id FROM casework_item WHERE stage <> 'closed' AND due_at IS NULL AND person_id IS NULL"
    )
    late = rows("SELECT id, due_at FROM casework_item WHERE stage <> 'closed' AND due_at IS NOT NULL")
    now = evidence.world.now()
    faults = [f"item {row[0]} is open and nobody's" for row in lost]
    faults += [f"item {row[0]} was due at {row[1]}" for row in late if time_of(row[1]) < now]
    return faults, f"{len(late)} items are open, each with a due time to come"
