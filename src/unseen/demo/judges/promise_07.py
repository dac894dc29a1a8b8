"""The journal only grows, any edit is detected, and it explains every state."""

import hashlib
import json
from datetime import UTC
from typing import Any

from django.db import DatabaseError, connection, transaction

from unseen.demo.judges.evidence import Evidence, Judgement, rows, time_of


def judge(evidence: Evidence) -> Judgement:
    entries = rows(
        "SELECT id, at, tag, subject_kind, subject_id, data, previous, digest FROM journal_entry ORDER BY id"
    )
    previous, faults = "0" * 64, []
    last: dict[str, dict[str, Any]] = {}
    for number, at, tag, kind, key, data, before, digest in entries:
        fields = json.dumps([before, time_of(at).astimezone(UTC).isoformat(), tag, kind, key, data])
        if before != previous or hashlib.sha256(fields.encode()).hexdigest() != digest:
            faults.append(f"entry {number} was changed")
        previous = digest
        if kind == "item" and "stage" in json.loads(data):
            last[key] = json.loads(data)
    for key, stage, outcome, round_ in rows("SELECT id, stage, outcome, round FROM casework_item"):
        told = last.get(str(key), {})
        if (told.get("stage"), told.get("outcome", ""), told.get("round")) != (stage, outcome, round_):
            faults.append(f"the journal tells another story of item {key}")
    faults += _can_be_edited()
    return faults, f"{len(entries)} entries, the chain holds, and they tell the state of {len(last)} items"


def _can_be_edited() -> list[str]:
    """The database itself must refuse an edit."""
    for sql in ("UPDATE journal_entry SET tag = 'x'", "DELETE FROM journal_entry"):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql)
        except DatabaseError:
            continue
        return ["the database let the journal be edited"]
    return []
