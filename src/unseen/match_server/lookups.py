"""HMA's routes below /m: one fingerprint in, what it is near to out."""

import json
from collections.abc import Iterator, Mapping

import numpy as np

from unseen.domain.limits import RADIUS_BITS
from unseen.match_server.arguments import PDQ, checked_type, flag, names, pdq_of
from unseen.match_server.banks import NAMES
from unseen.match_server.source import Facts, Found
from unseen.match_server.wire import JSON, Answer, Lacking, Refused, as_json

_NO_MATCHES = Answer(200, b'{"matches":[]}\n')


def signal_of(arguments: Mapping[str, str]) -> tuple[str, str]:
    """Signal and type for `/m/raw_lookup`. Raises Lacking."""
    for name in ("signal", "signal_type"):
        if name not in arguments:
            raise Lacking(name, "missing", "Field required")
    return arguments["signal"], arguments["signal_type"]


def signal_or_location(arguments: Mapping[str, str]) -> tuple[str, str]:
    """Signal and type for `/m/lookup`. Raises Refused where a location was given: this server loads nothing."""
    if arguments.get("url"):
        raise Refused(403, "this server loads no addresses: send the file itself, by POST")
    if not arguments.get("signal") or not arguments.get("signal_type"):
        raise Refused(400, "Either url or both signal and signal_type are required")
    return arguments["signal"], arguments["signal_type"]


def query_of(signal: str, signal_type: str) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    """uint8[1,32]. Raises Refused."""
    checked_type(signal_type)
    return pdq_of(signal)


def raw_lookup(arguments: Mapping[str, str], found: Found) -> Answer:
    """`GET /m/raw_lookup`: ids, or ids with distances (strings, as HMA's are). Raises Lacking."""
    distances = flag(arguments, "include_distance")
    if not len(found):
        return _NO_MATCHES
    kept = list(_each_once(found, names(arguments, "banks")))
    if distances:
        return as_json({"matches": [_with_distance(content, bits) for _, content, bits in kept]})
    return as_json({"matches": [content for _, content, _ in kept]})


def lookup(found: Found, only: frozenset[str] | None) -> dict[str, list[dict[str, object]]]:
    """`/m/lookup`'s answer for one fingerprint: by bank."""
    by_bank: dict[str, list[dict[str, object]]] = {}
    for name, content, bits in _each_once(found, only) if len(found) else ():
        by_bank.setdefault(name, []).append(_with_distance(content, bits))
    return by_bank


def index_status(arguments: Mapping[str, str], facts: Facts) -> Answer:
    """`GET /m/index/status`: `built_to` is when the last head of the feed was signed. Raises Refused."""
    asked = arguments.get("signal_type", PDQ)
    if asked != PDQ:
        raise Refused(400, f"No such signal type '{asked}'")
    built_to = facts.following.head_issued if facts.following else -1
    return as_json({PDQ: {"present": True, "built_to": built_to, "size": facts.fingerprints}})


def compare(content_type: str, body: bytes) -> Answer:
    """`POST /m/compare`: two fingerprints, and whether they are within the radius. Raises Refused."""
    if content_type.partition(";")[0].strip().lower() != JSON:
        raise Refused(
            415,
            "Did not attempt to load JSON data because the request Content-Type was not 'application/json'.",
        )
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused(
            400, "The browser (or proxy) sent a request that this server could not understand."
        ) from None
    if not isinstance(told, dict):
        raise Refused(400, "Request input was not a dict")
    return as_json({name: _compared(name, pair) for name, pair in told.items()})


def _compared(name: str, pair: object) -> list[object]:
    if not isinstance(pair, list):
        raise Refused(400, f"Comparison hashes for {name} was not a list")
    if len(pair) != 2:
        raise Refused(400, "Comparison hash list length must be exactly 2")
    checked_type(name)
    try:
        left, right = (pdq_of(each if isinstance(each, str) else "") for each in pair)
    except Refused:
        raise Refused(400, f"Invalid {name} hash: invalid PDQ hash") from None
    bits = int(np.bitwise_count(left ^ right).sum())
    return [bits <= RADIUS_BITS, {"distance": bits}]


def _each_once(found: Found, only: frozenset[str] | None) -> Iterator[tuple[str, int, int]]:
    """Bank, id and distance: each id with its nearest row, of these banks only."""
    seen: set[int] = set()
    rows = zip(found.content.tolist(), found.distance_bits.tolist(), found.action.tolist(), strict=True)
    for content, bits, action in rows:
        if content not in seen and (only is None or NAMES[action] in only):
            seen.add(content)
            yield NAMES[action], content, bits


def _with_distance(content: int, bits: int) -> dict[str, object]:
    return {"bank_content_id": content, "distance": str(bits)}
