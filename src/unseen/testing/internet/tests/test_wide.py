"""The wide internet: resolvers that may keep a name back, a proxy with an exit abroad, a search engine with previews."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import dns.message
import dns.query
import dns.rcode
import pytest

from unseen.testing.clock import FileClock
from unseen.testing.internet import WideInternet
from unseen.testing.internet.characters_of_proof import CHARACTERS_OF_PROOF, LIARS_OF_PROOF
from unseen.testing.internet.tests.hand import DALLAS, Hand
from unseen.testing.internet.wide import PROXY_ADDRESS, RESOLVER_ADDRESSES


@pytest.fixture
def wide(tmp_path: Path, media_folder: Path) -> Iterator[WideInternet]:
    clock = FileClock(tmp_path / "clock")
    clock.set(datetime(2026, 11, 2, 9, 0, tzinfo=UTC))
    with WideInternet(clock, tmp_path, media_folder) as running:
        yield running


def asked(wide: WideInternet, country: str, name: str) -> tuple[int, set[str]]:
    question = dns.message.make_query(name, "A")
    answer = dns.query.udp(question, RESOLVER_ADDRESSES[country], 5, wide.resolvers[country].port)
    return answer.rcode(), {row.to_text() for rows in answer.answer for row in rows}


def test_every_liar_lies_in_a_way_of_its_own() -> None:
    said = [character.__doc__ for character in LIARS_OF_PROOF]
    assert len(said) >= 4
    assert all(words and words.startswith("Liar: ") for words in said)
    assert len(set(said)) == len(said)
    assert set(LIARS_OF_PROOF) < set(CHARACTERS_OF_PROOF)


def test_each_name_is_told_by_both_resolvers_until_one_keeps_it_back(wide: WideInternet) -> None:
    for name, addresses in wide.names().items():
        assert asked(wide, "KR", name) == asked(wide, "DE", name) == (dns.rcode.NOERROR, set(addresses))
    wide._world.names_kept_back["KR"] = {"nameblocked.test"}
    assert asked(wide, "KR", "nameblocked.test") == (dns.rcode.NXDOMAIN, set())
    assert asked(wide, "DE", "nameblocked.test")[0] == dns.rcode.NOERROR


def test_what_comes_through_the_proxy_comes_from_abroad(wide: WideInternet) -> None:
    target = f"{wide.names()['mover.test'][0]}:{wide.port}"
    with socket.create_connection((PROXY_ADDRESS, wide.proxy.port), 5) as line:
        line.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
        assert line.recv(1_000).startswith(b"HTTP/1.1 200")
        line.sendall(b"GET / HTTP/1.1\r\nHost: mover.test\r\nConnection: close\r\n\r\n")
        while line.recv(65_536):
            pass
    assert wide.truth.requests()[-1].address == DALLAS


def test_a_search_result_shows_the_picture_until_it_is_dropped(wide: WideInternet) -> None:
    hand = Hand(wide, FileClock(wide.hosts_file.parent / "clock"))
    copy = hand.copies("previewstays")[0]
    results = f"http://search.test:{wide.port}/find?q={copy.page_url}"
    assert b"/preview/m/" in hand.ask(results).body
    hand.report(copy)
    hand.hours(24)
    assert hand.looks(copy, DALLAS) == (404, 404)
    assert b"/preview/m/" in hand.ask(results).body
    assert wide.truth.served_to_anyone(copy)
    hand.mail("abuse@search.test", copy.page_url)
    hand.hours(6)
    assert b"/preview/m/" not in hand.ask(results).body
    assert not wide.truth.served_to_anyone(copy)
