"""A vantage's own resolver: what it says is told apart, and nothing that it says opens a way inside."""

from collections.abc import Iterator
from ipaddress import ip_address, ip_network

import dns.message
import dns.rcode
import pytest

from unseen.fetch.answers import FailureCode, Fetched, FetchFailure
from unseen.fetch.dns_client import DnsResolver
from unseen.fetch.fetcher import Fetcher, FetchLimits
from unseen.fetch.locations import parse_location
from unseen.fetch.resolver import NameNotFound
from unseen.fetch.tests.site import Names, Site
from unseen.fetch.vantage import Vantage
from unseen.testing.internet.names import NameServer, running_names, saying

pytestmark = pytest.mark.thorough

QUICK = FetchLimits(connect_s=1, read_s=1, total_s=3)


@pytest.fixture
def server() -> Iterator[NameServer]:
    with running_names() as running:
        yield running


def asking(server: NameServer) -> Vantage:
    return Vantage("names", "KR", None, None, "x", resolver=("127.1.0.9", server.port))


def resolver(server: NameServer) -> DnsResolver:
    return DnsResolver("127.1.0.9", server.port)


def test_addresses_of_both_kinds_are_found_also_behind_another_name(server: NameServer) -> None:
    server.reply = saying(
        "site.test. 60 IN CNAME cdn.test.", "cdn.test. 60 IN A 192.0.2.1", "cdn.test. 60 IN AAAA 2001:db8::1"
    )
    found = resolver(server).resolve("site.test", 2)
    assert found == (ip_address("192.0.2.1"), ip_address("2001:db8::1"))


def test_a_long_answer_is_asked_for_by_tcp(server: NameServer) -> None:
    server.truncated = True
    server.reply = saying("site.test. 60 IN A 192.0.2.1")
    assert resolver(server).resolve("site.test", 2) == (ip_address("192.0.2.1"),)
    assert server.asked[:2] == ["site.test. IN A udp", "site.test. IN A tcp"]


@pytest.mark.parametrize("rcode", [dns.rcode.NXDOMAIN, dns.rcode.NOERROR])
def test_no_such_name_is_an_answer(server: NameServer, rcode: int) -> None:
    server.reply = saying(rcode=rcode)
    with pytest.raises(NameNotFound) as trouble:
        resolver(server).resolve("site.test", 2)
    assert trouble.value.no_such_name


@pytest.mark.parametrize("rcode", [dns.rcode.SERVFAIL, dns.rcode.REFUSED])
def test_a_resolver_that_fails_says_nothing_about_the_name(server: NameServer, rcode: int) -> None:
    server.reply = saying(rcode=rcode)
    with pytest.raises(NameNotFound) as trouble:
        resolver(server).resolve("site.test", 2)
    assert not trouble.value.no_such_name


def other_question(question: dns.message.Message) -> bytes:
    return dns.message.make_response(dns.message.make_query("other.test", "A", id=question.id)).to_wire()


@pytest.mark.parametrize(
    "reply",
    [
        lambda _: None,
        lambda _: b"\x00",
        lambda question: question.to_wire()[:2] + b"\xff" * 40,
        lambda question: question.to_wire(),  # a question is no answer
        other_question,
    ],
)
def test_silence_and_nonsense_say_nothing_about_the_name(server: NameServer, reply: object) -> None:
    server.reply = reply  # type: ignore[assignment] # one of the replies above
    with pytest.raises(NameNotFound) as trouble:
        resolver(server).resolve("site.test", 0.5)
    assert not trouble.value.no_such_name


@pytest.mark.parametrize(
    "row",
    [
        "site.test. 60 IN A 10.0.0.1",
        "site.test. 60 IN A 0.0.0.0",
        "site.test. 60 IN A 127.0.0.1",
        "site.test. 60 IN AAAA ::1",
        "site.test. 60 IN AAAA ::ffff:8.8.8.8",
        "site.test. 60 IN AAAA 64:ff9b::a00:1",
    ],
)
def test_an_internal_answer_is_refused(server: NameServer, row: str) -> None:
    server.reply = saying("site.test. 60 IN A 8.8.8.8", row)
    with Fetcher(Names({}), limits=QUICK) as fetcher:
        answer = fetcher.get(parse_location("http://site.test/"), asking(server))
        addresses = fetcher.addresses(parse_location("http://site.test/"), asking(server))
    assert isinstance(answer, FetchFailure)
    assert answer.code is FailureCode.REFUSED_ADDRESS
    assert addresses == ()


def test_an_answer_that_changes_is_checked_again_for_each_connection(site: Site, server: NameServer) -> None:
    site.answers["/"] = lambda handler: handler.answer(200, b"ok")
    ports = frozenset({site.port})
    with Fetcher(
        Names({}), allow_networks=[ip_network("127.1.0.0/16")], ports=ports, limits=QUICK
    ) as fetcher:
        server.reply = saying("site.test. 60 IN A 127.1.0.7")
        first = fetcher.get(site.at("/"), asking(server))
        server.reply = saying("site.test. 60 IN A 10.0.0.1")
        second = fetcher.get(site.at("/"), asking(server))
    assert isinstance(first, Fetched)
    assert isinstance(second, FetchFailure)
    assert second.code is FailureCode.REFUSED_ADDRESS


def test_an_address_that_the_resolver_does_not_tell_cannot_be_asked_for(
    site: Site, server: NameServer
) -> None:
    server.reply = saying("site.test. 60 IN A 127.1.0.7")
    site.answers["/"] = lambda handler: handler.answer(200, b"ok")
    ports = frozenset({site.port})
    with Fetcher(
        Names({}), allow_networks=[ip_network("127.1.0.0/16")], ports=ports, limits=QUICK
    ) as fetcher:
        told = fetcher.get(site.at("/"), asking(server), only_at=ip_address("127.1.0.7"))
        other = fetcher.get(site.at("/"), asking(server), only_at=ip_address("127.1.0.99"))
    assert isinstance(told, Fetched)
    assert isinstance(other, FetchFailure)


def test_no_cookie_is_kept_or_sent(site: Site, server: NameServer) -> None:
    server.reply = saying("site.test. 60 IN A 127.1.0.7")
    site.answers["/"] = lambda handler: handler.answer(200, b"ok", Set_Cookie="member=yes; Path=/")
    ports = frozenset({site.port})
    with Fetcher(
        Names({}), allow_networks=[ip_network("127.1.0.0/16")], ports=ports, limits=QUICK
    ) as fetcher:
        for _ in range(3):
            assert isinstance(fetcher.get(site.at("/"), asking(server)), Fetched)
    assert len(site.requests) == 3
    assert not any("cookie" in name.lower() for request in site.requests for name in request[3])
