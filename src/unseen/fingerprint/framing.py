"""Messages between parent and child over a socket pair: four bytes of length, then JSON; a descriptor may ride along."""

import json
import os
import socket
from typing import Any

_LENGTH_BYTES = 4


class BrokenMessage(Exception):
    """The other side went away, or sent what is no message."""


def send(channel: socket.socket, message: dict[str, Any], descriptor: int | None = None) -> None:
    body = json.dumps(message, separators=(",", ":")).encode()
    data = len(body).to_bytes(_LENGTH_BYTES, "little") + body
    if descriptor is None:
        channel.sendall(data)
        return
    sent = socket.send_fds(channel, [data], [descriptor])
    if sent < len(data):  # an empty send still fails when the other side has answered and left
        channel.sendall(data[sent:])


def receive(channel: socket.socket, size_bytes_max: int) -> tuple[dict[str, Any], int | None]:
    """One message and the descriptor that came with it, if any. Raises BrokenMessage (and OSError of the socket)."""
    head, descriptors, _, _ = socket.recv_fds(channel, _LENGTH_BYTES, 1)
    try:
        head += _exactly(channel, _LENGTH_BYTES - len(head))
        length = int.from_bytes(head, "little")
        message = _object(_exactly(channel, length) if length <= size_bytes_max else b"")
    except BrokenMessage:
        for descriptor in descriptors:
            os.close(descriptor)
        raise
    return message, descriptors[0] if descriptors else None


def _object(data: bytes) -> dict[str, Any]:
    try:
        message = json.loads(data)
    except (ValueError, RecursionError) as trouble:
        raise BrokenMessage("a message is not JSON, or too long") from trouble
    if not isinstance(message, dict):
        raise BrokenMessage("a message is not an object")
    return message


def _exactly(channel: socket.socket, length: int) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        part = channel.recv(min(length - len(parts), 1 << 20))
        if not part:
            raise BrokenMessage("the other side closed the channel")
        parts += part
    return bytes(parts)
