"""The chain over the journal: each digest covers the entry and the digest before it."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

FIRST = "0" * 64


def canonical(data: Mapping[str, Any]) -> str:
    """One spelling of the data, so that equal data has equal digests (RFC 8785 in spirit: sorted keys, no spaces)."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=str)


def digest_of(previous: str, at: datetime, tag: str, subject_kind: str, subject_id: str, data: str) -> str:
    """SHA-256 over all fields of an entry, in hex."""
    fields = [previous, at.astimezone(UTC).isoformat(), tag, subject_kind, subject_id, data]
    return hashlib.sha256(json.dumps(fields).encode()).hexdigest()
