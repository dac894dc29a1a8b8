"""Reading a body within limits: bytes on the wire and bytes after decompression are both capped."""

import zlib
from collections.abc import Iterable

_PLAIN = ("", "identity")
_ZLIB_ENCODINGS = ("gzip", "x-gzip", "deflate")
_GZIP_OR_ZLIB = 47  # zlib's flag: read the header to tell which of the two it is
_RAW = -15  # some servers send deflate without its zlib header


class BodyError(Exception):
    """A body that cannot be read whole; `too_large` tells the two reasons apart."""

    def __init__(self, detail: str, *, too_large: bool = False) -> None:
        super().__init__(detail)
        self.detail = detail
        self.too_large = too_large


def read_body(chunks: Iterable[bytes], encoding: str | None, size_bytes_max: int) -> bytes:
    """All of the body, decompressed. Raises BodyError; never holds more than `size_bytes_max` and one chunk."""
    name = (encoding or "").strip().lower()
    if name in _PLAIN:
        return _joined(chunks, size_bytes_max)
    if name not in _ZLIB_ENCODINGS:
        raise BodyError("the body is packed in a way that was not asked for")
    return _unpacked(chunks, name == "deflate", size_bytes_max)


def _joined(chunks: Iterable[bytes], size_bytes_max: int) -> bytes:
    out = bytearray()
    for chunk in chunks:
        out += chunk
        if len(out) > size_bytes_max:
            raise _too_large(size_bytes_max)
    return bytes(out)


def _unpacked(chunks: Iterable[bytes], may_be_raw: bool, size_bytes_max: int) -> bytes:
    out = bytearray()
    unpack = zlib.decompressobj(_GZIP_OR_ZLIB)
    received = 0
    for chunk in chunks:
        received += len(chunk)
        if received > size_bytes_max:
            raise _too_large(size_bytes_max)
        if unpack.eof:
            continue  # what follows the packed data is ignored, as browsers do
        try:
            out += unpack.decompress(chunk, size_bytes_max + 1 - len(out))
        except zlib.error as error:
            if not may_be_raw or received != len(chunk):
                raise BodyError("the packed body is damaged") from error
            unpack = zlib.decompressobj(_RAW)
            out += _first_raw(unpack, chunk, size_bytes_max)
        if len(out) > size_bytes_max:
            raise _too_large(size_bytes_max)
    if received and not unpack.eof:
        raise BodyError("the packed body ends early")
    return bytes(out)


def _first_raw(unpack: "zlib._Decompress", chunk: bytes, size_bytes_max: int) -> bytes:
    try:
        return unpack.decompress(chunk, size_bytes_max + 1)
    except zlib.error as error:
        raise BodyError("the packed body is damaged") from error


def _too_large(size_bytes_max: int) -> BodyError:
    return BodyError(f"the body is larger than {size_bytes_max} bytes", too_large=True)
