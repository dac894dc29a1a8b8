"""Fetching from a real server on loopback."""

import socket
import threading
import time
from collections.abc import Callable

import pytest

from unseen.fetch.answers import FailureCode, Fetched, FetchFailure
from unseen.fetch.fetcher import Fetcher, FetchLimits
from unseen.fetch.locations import parse_location
from unseen.fetch.tests.site import ANYWHERE, BERLIN, LOOPBACK, OFFICE, Handler, Names, Site, fetcher_for

pytestmark = pytest.mark.thorough


def test_a_page_comes_back_whole_with_what_the_server_said(site: Site, fetcher: Fetcher) -> None:
    site.answers["/p/1"] = lambda handler: handler.answer(
        429, b"<p>wait", Content_Type="Text/HTML; charset=utf-8", Retry_After="120", ETag="small"
    )
    answer = fetcher.get(site.at("/p/1?a=%20b"), OFFICE)
    assert isinstance(answer, Fetched)
    assert (answer.status, answer.body, answer.content_type) == (429, b"<p>wait", "text/html")
    assert (answer.retry_after, answer.declared_length, answer.headers.etag) == ("120", 7, "small")
    assert answer.location == site.at("/p/1?a=%20b")
    assert 0 < answer.elapsed_s < 5
    assert site.requests[0][1] == "/p/1?a=%20b"


def test_each_vantage_has_its_own_address_browser_and_connection(site: Site, fetcher: Fetcher) -> None:
    for vantage in (OFFICE, BERLIN, OFFICE, BERLIN):
        fetcher.get(site.at("/"), vantage)
    seen = [(source, headers["User-Agent"]) for _, _, source, headers, _ in site.requests]
    assert (
        seen == [(OFFICE.source_address, OFFICE.user_agent), (BERLIN.source_address, BERLIN.user_agent)] * 2
    )
    assert len(site.connections) == 2


def test_no_cookie_is_ever_sent_back(site: Site, fetcher: Fetcher) -> None:
    site.answers["/"] = lambda handler: handler.answer(302, Location="/b", Set_Cookie="who=you")
    fetcher.get(site.at("/"), OFFICE)
    assert [request[1] for request in site.requests] == ["/", "/b"]
    assert all("Cookie" not in request[3] for request in site.requests)


def test_redirects_are_followed_and_recorded(site: Site, fetcher: Fetcher) -> None:
    site.answers["/a"] = lambda handler: handler.answer(301, b"moved", Location="b/c")
    site.answers["/b/c"] = lambda handler: handler.answer(307, Location="/end#part")
    site.answers["/end"] = lambda handler: handler.answer(200, b"here")
    answer = fetcher.get(site.at("/a"), OFFICE)
    assert isinstance(answer, Fetched)
    assert answer.location == site.at("/end")
    assert [(hop.location, hop.status) for hop in answer.chain] == [
        (site.at("/a"), 301),
        (site.at("/b/c"), 307),
    ]


def test_a_redirect_in_a_circle_ends_after_five(site: Site, fetcher: Fetcher) -> None:
    site.answers["/a"] = lambda handler: handler.answer(302, Location="/a")
    answer = fetcher.get(site.at("/a"), OFFICE)
    assert isinstance(answer, FetchFailure)
    assert answer.code is FailureCode.BAD_REDIRECT
    assert len(site.requests) == 6


def test_a_redirect_to_nowhere_is_an_answer_like_any_other(site: Site, fetcher: Fetcher) -> None:
    site.answers["/a"] = lambda handler: handler.answer(302, b"lost")
    answer = fetcher.get(site.at("/a"), OFFICE)
    assert isinstance(answer, Fetched)
    assert (answer.status, answer.body) == (302, b"lost")


def test_a_name_without_address_is_named_so(fetcher: Fetcher) -> None:
    answer = fetcher.get(parse_location("http://nowhere.test/"), OFFICE)
    assert isinstance(answer, FetchFailure)
    assert (answer.code, answer.sent) == (FailureCode.DNS, False)


def test_a_closed_port_is_no_connection(fetcher: Fetcher) -> None:
    answer = fetcher.get(parse_location("http://site.test/"), OFFICE)
    assert isinstance(answer, FetchFailure)
    assert (answer.code, answer.sent) == (FailureCode.CONNECT, False)


def test_the_next_address_is_tried_when_the_first_is_dead(site: Site) -> None:
    with fetcher_for(site, two_test=["127.1.0.99", "127.1.0.7"]) as fetcher:
        assert isinstance(fetcher.get(site.at("/", "two.test"), OFFICE), Fetched)


def test_a_vantage_without_an_address_of_the_hosts_kind_cannot_reach_it(site: Site) -> None:
    with fetcher_for(site, six_test=["2001:4860:4860::8888"]) as fetcher:
        answer = fetcher.get(site.at("/", "six.test"), OFFICE)
    assert isinstance(answer, FetchFailure)
    assert answer.code is FailureCode.CONNECT


def test_a_port_outside_the_setting_is_refused_even_in_a_ready_location(site: Site) -> None:
    with Fetcher(Names({"site.test": ["127.1.0.7"]}), allow_networks=LOOPBACK) as fetcher:
        answer = fetcher.get(site.at("/"), ANYWHERE)
    assert isinstance(answer, FetchFailure)
    assert answer.code is FailureCode.REFUSED_ADDRESS
    assert site.requests == []


def silent(handler: Handler) -> None:
    time.sleep(0.6)
    handler.close_connection = True


def dripping_head(handler: Handler) -> None:
    _drip(handler, b"HTTP/1.1 200 OK\r\nX-Padding: " + b"x" * 400)


def dripping_body(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n")
    _drip(handler, b"x" * 400)


def _drip(handler: Handler, raw: bytes) -> None:
    try:
        for byte in raw:
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()
            time.sleep(0.02)
    except OSError:
        handler.close_connection = True


@pytest.mark.parametrize("slow", [silent, dripping_head, dripping_body])
def test_a_slow_server_is_left_after_the_total_time(site: Site, slow: Callable[[Handler], None]) -> None:
    site.answers["/"] = slow
    began_s = time.monotonic()
    with fetcher_for(site, FetchLimits(connect_s=1, read_s=0.2, total_s=0.3)) as fetcher:
        answer = fetcher.get(site.at("/"), OFFICE)
    assert isinstance(answer, FetchFailure)
    assert (answer.code, answer.sent) == (FailureCode.TIMEOUT, True)
    assert time.monotonic() - began_s < 0.6


def raw_server(answer: bytes) -> tuple[int, list[bytes], threading.Thread]:
    """A server that takes one connection, reads once, and says exactly `answer`."""
    listening = socket.create_server(("127.1.0.7", 0))
    heard: list[bytes] = []

    def serve() -> None:
        with listening, listening.accept()[0] as connection:
            heard.append(connection.recv(65_536))
            connection.sendall(answer)

    serving = threading.Thread(target=serve, daemon=True)
    serving.start()
    return listening.getsockname()[1], heard, serving


@pytest.mark.parametrize(
    "answer",
    [
        b"", b"\x00\x01\x02 not http\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfour",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx", b"HTTP/1.1 999999 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000,
    ],
    ids=["nothing", "no http", "cut", "two lengths", "odd status", "bad chunk", "endless head"],
)  # fmt: skip
def test_a_server_that_breaks_off_or_speaks_no_http_is_a_protocol_failure(answer: bytes) -> None:
    port, _, serving = raw_server(answer)
    ports = frozenset({port})
    with Fetcher(Names({"raw.test": ["127.1.0.7"]}), allow_networks=LOOPBACK, ports=ports) as fetcher:
        got = fetcher.get(parse_location(f"http://raw.test:{port}/", ports=ports), OFFICE)
    serving.join()
    assert isinstance(got, FetchFailure)
    assert got.code is FailureCode.PROTOCOL


def test_tls_names_the_host_and_not_its_address_and_its_failure_is_told_apart() -> None:
    port, heard, serving = raw_server(b"this is no TLS at all, and it is long enough to be read as a record")
    ports = frozenset({port})
    with Fetcher(Names({"secure.test": ["127.1.0.7"]}), allow_networks=LOOPBACK, ports=ports) as fetcher:
        got = fetcher.get(parse_location(f"https://secure.test:{port}/", ports=ports), OFFICE)
    serving.join()
    assert b"secure.test" in heard[0]
    assert b"127.1.0.7" not in heard[0]
    assert isinstance(got, FetchFailure)
    assert (got.code, got.sent) == (FailureCode.TLS, False)


def test_a_connection_closed_while_it_was_kept_is_opened_again(site: Site, fetcher: Fetcher) -> None:
    def answer_and_leave(handler: Handler) -> None:
        handler.answer(200, b"ok")
        handler.close_connection = True

    site.answers["/"] = answer_and_leave
    for _ in range(5):
        assert isinstance(fetcher.get(site.at("/"), OFFICE), Fetched)


def test_many_threads_share_one_fetcher(site: Site, fetcher: Fetcher) -> None:
    site.answers["/"] = lambda handler: handler.answer(200, handler.path.encode())
    wrong: list[str] = []

    def ask(number: int) -> None:
        for turn in range(20):
            answer = fetcher.get(site.at(f"/?{number}.{turn}"), OFFICE)
            if not isinstance(answer, Fetched) or answer.body != f"/?{number}.{turn}".encode():
                wrong.append(f"{number}.{turn}")

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(site.connections) <= 8


def test_printing_an_answer_shows_no_place_and_no_body(site: Site, fetcher: Fetcher) -> None:
    site.answers["/secret"] = lambda handler: handler.answer(200, b"private words")
    answer = fetcher.get(site.at("/secret"), OFFICE)
    assert "secret" not in repr(answer)
    assert "private" not in repr(answer)
