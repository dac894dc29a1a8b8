"""Finds planted strings in what a browser sent, in every encoding that a leak could wear."""

import base64
from collections.abc import Iterable, Mapping
from urllib.parse import quote_from_bytes, unquote_to_bytes

_LETTERS_MIN = 8  # fewer are met by chance
_ALIGNMENTS = 3  # base64 has three ways to write the same bytes, by what stands before them


def leaks(sent: bytes, canaries: Mapping[str, bytes]) -> list[str]:
    """Which canary was seen and how it was written; `sent` is also read with its percent signs resolved."""
    seen = []
    for haystack in {sent, unquote_to_bytes(sent), unquote_to_bytes(sent.replace(b"+", b" "))}:
        seen += [
            f"{name} as {how}"
            for name, canary in canaries.items()
            for how, written in _writings(canary)
            if written in haystack
        ]
    return sorted(set(seen))


def _writings(canary: bytes) -> Iterable[tuple[str, bytes]]:
    yield "plain", canary
    yield "lower", canary.lower()
    yield "backwards", canary[::-1]
    yield "hex", canary.hex().encode()
    yield "HEX", canary.hex().upper().encode()
    yield "url", quote_from_bytes(canary).encode()
    yield "decimal", ",".join(map(str, canary)).encode()
    text = canary.decode("latin-1")
    yield "utf-16-le", text.encode("utf-16-le")
    yield "utf-16-be", text.encode("utf-16-be")
    yield "utf-8", text.encode()
    for shift in range(_ALIGNMENTS):
        coded = base64.b64encode(bytes(shift) + canary)
        # what stands before and after mixes into the outermost letters
        sure = coded[4 if shift else 0 : len(coded) // 4 * 4 - 4]
        if len(sure) < _LETTERS_MIN:
            continue
        yield f"base64 at {shift}", sure
        yield f"base64url at {shift}", sure.replace(b"+", b"-").replace(b"/", b"_")
