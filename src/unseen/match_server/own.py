"""Our own routes: what HMA's cannot say (action, level, lease), and many fingerprints in one request."""

import numpy as np
from numpy.typing import NDArray

from unseen.feed.lines import LineAction
from unseen.match_server.source import Found, Lease
from unseen.match_server.wire import BYTES, Answer, Refused, as_json

# The answer to a batch: this head, then the hits in order of query and distance. Every number is big-endian.
HEAD = np.dtype([("name", "S4"), ("hits", ">u4"), ("may_act_until", ">u8")])
HIT = np.dtype(
    [
        ("query", ">u4"),  # which fingerprint of the batch, from 0
        ("distance_bits", ">u2"),
        ("action", "u1"),  # 1 review, 2 remove and review, 3 block
        ("level", "u1"),
        ("content", ">u8"),
        ("entry", "V16"),  # what feedback names
    ]
)
BATCH_NAME = b"UNM1"
# A bank that follows no feed has no lease, and nothing to act on without a person either.
_NEVER = 0


def queries_of(body: bytes) -> NDArray[np.uint8]:
    """uint8[N,32] of a body within the route's limit. Raises Refused."""
    if not body or len(body) % 32:
        raise Refused(400, f"a batch is a whole number of 32-byte fingerprints, not {len(body)} bytes")
    return np.frombuffer(body, np.uint8).reshape(-1, 32)


def batch(found: Found, lease: Lease) -> Answer:
    """`POST /v1/match`: HEAD and HITs."""
    head = np.zeros(1, HEAD)
    head["name"], head["hits"], head["may_act_until"] = BATCH_NAME, len(found), lease.until or _NEVER
    hits = np.empty(len(found), HIT)
    for column in ("query", "distance_bits", "action", "level", "content", "entry"):
        hits[column] = getattr(found, column)
    return Answer(200, head.tobytes() + hits.tobytes(), BYTES)


def match(found: Found, lease: Lease) -> Answer:
    """`GET /v1/match`: one fingerprint, in JSON."""
    columns = (found.entry, found.action, found.level, found.distance_bits, found.content)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return as_json(
        {
            "may_act_until": lease.until,
            "may_act": lease.may_act,
            "matches": [
                {
                    "entry": entry.hex(),
                    "action": LineAction(action).name.lower(),
                    "level": level,
                    "distance_bits": bits,
                    "content": content,
                }
                for entry, action, level, bits, content in rows
            ],
        }
    )
