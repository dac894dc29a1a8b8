"""The platforms' notice API: POST /notices with an Idempotency-Key, GET /notices/<key> for its receipt; POST /upload."""

import hashlib
import json
from datetime import datetime
from typing import Any

from unseen.testing.internet.notice import NoticeInvalid, from_json
from unseen.testing.internet.party import Answer, Party
from unseen.testing.internet.platform import Platform

PATH = "/notices"
UPLOAD_PATH = "/upload"
KEY_CHARACTERS_MAX = 200


def post_notice(party: Party, path: str, key: str, body: bytes, now: datetime) -> Answer:
    """202 and a receipt; same key and body again: 200, same receipt; same key, another body: 422."""
    if not isinstance(party, Platform) or not party.api or path != PATH:
        return _json(404, {"error": "no such endpoint"})
    if not key or len(key) > KEY_CHARACTERS_MAX:
        return _json(400, {"error": "an Idempotency-Key header is required"})
    try:
        notice = from_json(body, party.key, f"http://{party.domain}{PATH}", key, now)
    except NoticeInvalid as error:
        return _json(400, {"error": str(error)})
    first = party.receipts.setdefault(key, notice)
    if first.raw != body:
        return _json(422, {"error": "this Idempotency-Key belongs to another notice"})
    received = party.world.receive(notice)
    return _json(200 if received.replay else 202, _receipt(party, key))


def post_upload(party: Party, body: bytes) -> Answer:
    """201 or 403, as its upload door has it."""
    return (
        party.take_upload(body) if isinstance(party, Platform) else _json(404, {"error": "no uploads here"})
    )


def get_notice(party: Party, key: str) -> Answer:
    if not isinstance(party, Platform) or key not in party.receipts:
        return _json(404, {"error": "no such notice"})
    return _json(200, _receipt(party, key))


def _receipt(party: Platform, key: str) -> dict[str, str]:
    seal = hashlib.sha256(f"{party.key} {key}".encode()).hexdigest()[:16]
    return {"receipt": seal, "received_at": party.receipts[key].received_at.isoformat()}


def _json(status: int, content: dict[str, Any]) -> Answer:
    return Answer(status, json.dumps(content).encode(), "application/json")
