"""Bodies are read whole within their limits or not at all."""

import gzip
import zlib

import pytest

from unseen.fetch.answers import FailureCode, Fetched, FetchFailure
from unseen.fetch.body import BodyError, read_body
from unseen.fetch.fetcher import Fetcher
from unseen.fetch.tests.site import OFFICE, Handler, Site

WORDS = b"some words that repeat, some words that repeat " * 50


def raw_deflate(data: bytes) -> bytes:
    pack = zlib.compressobj(wbits=-15)
    return pack.compress(data) + pack.flush()


@pytest.mark.parametrize(
    ("packed", "encoding"),
    [
        (WORDS, None), (WORDS, "Identity"), (gzip.compress(WORDS, mtime=0), "gzip"), (gzip.compress(WORDS, mtime=0), "X-GZIP"),
        (zlib.compress(WORDS), "deflate"), (raw_deflate(WORDS), "deflate"), (gzip.compress(WORDS, mtime=0) + b"padding", "gzip"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("piece", [1, 7, 100_000])
def test_a_packed_body_is_unpacked(packed: bytes, encoding: str | None, piece: int) -> None:
    if piece == 1 and encoding == "deflate" and packed == raw_deflate(WORDS):
        piece = 2  # one byte does not show yet that the zlib header is missing
    chunks = [packed[at : at + piece] for at in range(0, len(packed), piece)]
    assert read_body(chunks, encoding, 10_000) == WORDS


@pytest.mark.parametrize(
    ("packed", "encoding"),
    [
        (gzip.compress(WORDS, mtime=0)[:-9], "gzip"), (b"not packed", "gzip"), (b"\xff\xff\xff", "deflate"), (WORDS, "br"),
        (gzip.compress(WORDS, mtime=0), "gzip, gzip"), (gzip.compress(WORDS, mtime=0)[:40] + b"\x00" * 60, "gzip"),
    ],
)  # fmt: skip
def test_a_damaged_body_is_refused(packed: bytes, encoding: str) -> None:
    with pytest.raises(BodyError) as caught:
        read_body([packed], encoding, 10_000)
    assert not caught.value.too_large


@pytest.mark.parametrize("encoding", [None, "gzip", "deflate"])
def test_a_body_of_exactly_the_limit_is_read_and_one_byte_more_is_not(encoding: str | None) -> None:
    def pack(data: bytes) -> bytes:
        return {None: data, "gzip": gzip.compress(data, mtime=0), "deflate": zlib.compress(data)}[encoding]

    assert len(read_body([pack(b"x" * 1000)], encoding, 1000)) == 1000
    with pytest.raises(BodyError) as caught:
        read_body([pack(b"x" * 1001)], encoding, 1000)
    assert caught.value.too_large


def test_a_bomb_is_not_unpacked(site: Site, fetcher: Fetcher) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000, 9, mtime=0)
    site.answers["/"] = lambda handler: handler.answer(200, bomb, Content_Encoding="gzip")
    answer = fetcher.get(site.at("/"), OFFICE, size_bytes_max=1_000_000)
    assert isinstance(answer, FetchFailure)
    assert (answer.code, answer.status) == (FailureCode.TOO_LARGE, 200)


def test_a_declared_length_over_the_limit_is_not_read(site: Site, fetcher: Fetcher) -> None:
    def declare(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "99999999999")
        handler.end_headers()
        handler.close_connection = True

    site.answers["/"] = declare
    answer = fetcher.get(site.at("/"), OFFICE, accept="media")
    assert isinstance(answer, FetchFailure)
    assert answer.code is FailureCode.TOO_LARGE


def test_an_endless_body_is_left(site: Site, fetcher: Fetcher) -> None:
    def pour(handler: Handler) -> None:
        handler.close_connection = True
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        try:
            for _ in range(10_000):
                handler.wfile.write(b"x" * 65_536)
        except OSError:
            site.answers.pop("/")

    site.answers["/"] = pour
    answer = fetcher.get(site.at("/"), OFFICE, size_bytes_max=200_000)
    assert isinstance(answer, FetchFailure)
    assert answer.code is FailureCode.TOO_LARGE


def test_media_is_asked_for_unpacked_and_pages_packed(site: Site, fetcher: Fetcher) -> None:
    fetcher.get(site.at("/"), OFFICE, accept="media")
    fetcher.get(site.at("/"), OFFICE)
    assert [request[3]["Accept-Encoding"] for request in site.requests] == ["identity", "gzip, deflate"]
    assert [request[3]["Accept"].partition("/")[0] for request in site.requests] == ["image", "text"]


def test_a_chunked_packed_page_is_read(site: Site, fetcher: Fetcher) -> None:
    packed = gzip.compress(WORDS, mtime=0)

    def chunked(handler: Handler) -> None:
        handler.wfile.write(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"
            + b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (packed[:20], packed[20:]))
            + b"0\r\n\r\n"
        )

    site.answers["/"] = chunked
    answer = fetcher.get(site.at("/"), OFFICE)
    assert isinstance(answer, Fetched)
    assert answer.body == WORDS
