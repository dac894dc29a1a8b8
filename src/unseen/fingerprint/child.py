"""The decoding child: imports the decoders, locks itself down, then answers one file after another until told to stop.

Started as `python -m unseen.fingerprint.child DESCRIPTOR PARENT`; never imported by the parent.
"""

import os
import socket
import sys
from typing import Any

from unseen.fingerprint import framing
from unseen.fingerprint.decode import fingerprint_file
from unseen.fingerprint.decode_picture import prepare
from unseen.fingerprint.lockdown import limit_time, lock_down
from unseen.fingerprint.model import FingerprintError, Forms, Pixels, Want, to_wire

_REQUEST_SIZE_BYTES_MAX = 4096


def main(arguments: list[str]) -> None:
    """Serve on the socket pair end given as the first argument; the second is the parent's process id."""
    channel = socket.socket(fileno=int(arguments[0]))
    prepare()
    os.dup2(
        os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno()
    )  # a chatty decoder must not fill the parent's pipe
    framing.send(channel, {"troubles": lock_down(int(arguments[1]))})
    while True:
        try:
            request, descriptor = framing.receive(channel, _REQUEST_SIZE_BYTES_MAX)
        except framing.BrokenMessage:
            return  # the parent is done with us
        framing.send(channel, _answer(request, descriptor))


def _answer(request: dict[str, Any], descriptor: int | None) -> dict[str, Any]:
    limit_time(request["within_s"])
    assert descriptor is not None
    with os.fdopen(descriptor, "rb") as file:
        try:
            size_bytes = os.fstat(descriptor).st_size
            asked = Want(request["want"]), Forms(request["forms"]), Pixels(request["pixels"])
            return to_wire(fingerprint_file(file, size_bytes, *asked))
        except FingerprintError as error:
            return {"error": error.facts()}


if __name__ == "__main__":
    main(sys.argv[1:])
