"""What a child in hostile hands may send: the parent takes a sound answer, or raises BrokenMessage or ValueError."""

import json
import socket

import atheris

with atheris.instrument_imports(include=["unseen"]):
    from unseen.fingerprint import framing
    from unseen.fingerprint.model import FingerprintError, from_wire, to_wire

from tests.fuzz.harness import fuzz
from unseen.fingerprint import fingerprint
from unseen.testing.media import FOLDER as MEDIA

SIZE_BYTES_MAX = 4096


def one(data: bytes) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.setblocking(False)
        theirs.send(data)
        theirs.shutdown(socket.SHUT_WR)
        try:
            facts, _ = framing.receive(ours, SIZE_BYTES_MAX)
        except framing.BrokenMessage:
            return
    try:
        found = from_wire(facts)
    except (ValueError, FingerprintError):
        return
    assert from_wire(json.loads(json.dumps(to_wire(found)))) == found, "what was taken is sound"


def framed(body: bytes) -> bytes:
    return len(body).to_bytes(4, "little") + body


def main() -> None:
    picture = to_wire(fingerprint(MEDIA / "photos" / "caps.jpg"))
    frame = {
        "at_s": 1.5,
        "pdq": "0" * 64,
        "quality": 9,
        "variants": [{"name": "m", "pdq": "f" * 64, "quality": 1}],
    }
    video = {"kind": "video", "duration_s": 2, "sha256": "a" * 64, "frames": [frame]}
    seeds = [
        framed(json.dumps(each).encode())
        for each in (picture, video, {"error": {"code": "empty", "message": ""}})
    ]
    fuzz("fuzz_child_answers", [*seeds, b"\xff\xff\xff\x7f{}", framed(b"[]")], one)


if __name__ == "__main__":
    main()
