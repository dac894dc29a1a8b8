"""No spelling, name, redirect or environment leads the fetcher to an internal address.

Counted where it matters: at the sockets' connect, not in the fetcher's own record.
"""

# ruff: noqa: RUF001, S104 - full-width digits are the attack, and nothing is bound

import socket
import time
from collections.abc import Iterator
from ipaddress import ip_address, ip_network

import pytest

from unseen.fetch.addresses import Address
from unseen.fetch.answers import FailureCode, Fetched, FetchFailure
from unseen.fetch.fetcher import Fetcher
from unseen.fetch.guard import Call, GuardError
from unseen.fetch.locations import LocationError, join, parse_location
from unseen.fetch.tests.site import ANYWHERE, OFFICE, Names, Site

FORMS = (
    "127.0.0.1", "localhost", "localhost.", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0x7f.1", "017700000001",
    "１２７.０.０.１", "127。0。0。1", "①②⑦.0.0.1", "ⓛocalhost", "ｌｏｃａｌｈｏｓｔ", "0", "0.0.0.0", "10.0.0.1",
    "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "168.63.129.16",
    "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:a9fe:a9fe]", "[::127.0.0.1]", "[64:ff9b::7f00:1]",
    "[64:ff9b:1::7f00:1]", "[2002:7f00:1::1]", "[2001:0:0:0:0:0:80ff:fffe]", "[fe80::1]", "[fc00::1]", "[fd00:ec2::254]",
    "[fec0::1]", "[ff02::1]", "[3fff::1]", "[5f00::1]", "[100::1]", "[2001:db8::1]", "[0:0:0:0:0:ffff:7f00:1]", "intranet.test",
)  # fmt: skip
WRAPPINGS = ("{}", "{}:80", "{}:443", "{}:8080", "{}:22", "site.test@{}", "site.test:pw@{}", "{}#@site.test")
CASES = {
    form: [
        f"{scheme}://{wrapping.format(form)}/latest" for scheme in ("http", "https") for wrapping in WRAPPINGS
    ]
    for form in FORMS
}
TABLE = {
    "localhost": ["127.0.0.1", "::1"],
    "intranet.test": ["10.0.0.5"],
    "site.test": ["8.8.8.8"],
}


class Connects:
    """Counts the connections that anything in this process tries to open, and opens none."""

    def __init__(self) -> None:
        self.tried: list[object] = []

    def __call__(self, address: object, *_: object, **__: object) -> socket.socket:
        self.tried.append(address)
        raise ConnectionRefusedError


@pytest.fixture
def connects(monkeypatch: pytest.MonkeyPatch) -> Connects:
    counter = Connects()
    monkeypatch.setattr(socket, "create_connection", counter)
    monkeypatch.setattr(socket.socket, "connect", lambda _, address: counter(address))
    return counter


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    with Fetcher(Names(TABLE)) as made:
        yield made


def test_the_counter_counts(connects: Connects, fetcher: Fetcher) -> None:
    answer = fetcher.get(parse_location("http://site.test/"), OFFICE)
    assert isinstance(answer, FetchFailure)
    assert answer.code is FailureCode.CONNECT
    assert connects.tried == [("8.8.8.8", 80)]


def test_there_are_enough_cases() -> None:
    assert len({case for cases in CASES.values() for case in cases}) >= 300


@pytest.mark.parametrize("form", FORMS)
def test_no_spelling_of_an_internal_address_is_connected_to(
    form: str, connects: Connects, fetcher: Fetcher
) -> None:
    for text in CASES[form]:
        for ports in (frozenset({80, 443}), frozenset({22, 80, 443, 8080})):
            try:
                location = parse_location(text, ports=ports)
            except LocationError:
                continue
            answer = fetcher.get(location, ANYWHERE)
            assert isinstance(answer, FetchFailure), text
            assert answer.code in (FailureCode.REFUSED_ADDRESS, FailureCode.DNS), text
            assert not answer.sent
            answer = fetcher.post_json(location, ANYWHERE, {}, {})
            assert isinstance(answer, FetchFailure), text
            assert answer.code in (FailureCode.REFUSED_ADDRESS, FailureCode.DNS), text
    assert connects.tried == []


@pytest.mark.parametrize(
    "answers",
    [
        ["8.8.8.8", "127.0.0.1"], ["127.0.0.1", "8.8.8.8"], ["8.8.8.8", "::1"], ["2001:4860:4860::8888", "10.0.0.1"],
        ["::ffff:10.0.0.1"], ["64:ff9b::a00:1"], ["8.8.8.8", "8.8.4.4", "fe80::1"], ["169.254.169.254"],
    ],
)  # fmt: skip
def test_one_internal_answer_among_public_ones_refuses_the_name(
    answers: list[str], connects: Connects
) -> None:
    with Fetcher(Names({"mixed.test": answers})) as fetcher:
        answer = fetcher.get(parse_location("http://mixed.test/"), ANYWHERE)
    assert isinstance(answer, FetchFailure)
    assert answer.code is FailureCode.REFUSED_ADDRESS
    assert connects.tried == []


class Rebinding:
    """Answers with a public address first and with an internal one ever after, as an attacker's name server does."""

    def __init__(self) -> None:
        self.asked = 0

    def resolve(self, host: str, timeout_s: float) -> tuple[Address, ...]:
        self.asked += 1
        return (ip_address("8.8.8.8" if self.asked == 1 else "127.0.0.1"),)


def test_a_name_that_changes_its_answer_gains_nothing(connects: Connects) -> None:
    resolver = Rebinding()
    with Fetcher(resolver) as fetcher:
        fetcher.get(parse_location("http://rebind.test/"), ANYWHERE)
        assert resolver.asked == 1
        assert connects.tried == [("8.8.8.8", 80)]
        again = fetcher.get(parse_location("http://rebind.test/"), ANYWHERE)
    assert isinstance(again, FetchFailure)
    assert again.code is FailureCode.REFUSED_ADDRESS
    assert len(connects.tried) == 1


def test_our_own_public_addresses_can_be_denied(connects: Connects) -> None:
    with Fetcher(Names(TABLE), deny_networks=[ip_network("8.8.8.0/24")]) as fetcher:
        answer = fetcher.get(parse_location("http://site.test/"), ANYWHERE)
    assert isinstance(answer, FetchFailure)
    assert answer.code is FailureCode.REFUSED_ADDRESS
    assert connects.tried == []


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("http://169.254.169.254/latest", FailureCode.REFUSED_ADDRESS),
        ("//10.0.0.1/", FailureCode.REFUSED_ADDRESS),
        ("http://[::1]/", FailureCode.REFUSED_ADDRESS),
        ("http://0x0a000001/", FailureCode.REFUSED_ADDRESS),
        ("http://inside.test/", FailureCode.REFUSED_ADDRESS),
        ("file:///etc/passwd", FailureCode.BAD_REDIRECT),
        ("gopher://site.test/", FailureCode.BAD_REDIRECT),
        ("http://site.test:22/", FailureCode.BAD_REDIRECT),
        ("http://name:pw@site.test/", FailureCode.BAD_REDIRECT),
        ("http://unknown.test/", FailureCode.DNS),
    ],
)
def test_a_redirect_is_checked_like_the_first_place(site: Site, target: str, code: FailureCode) -> None:
    site.answers["/go"] = lambda handler: handler.answer(302, Location=target)
    ports = frozenset({80, 443, site.port})
    names = Names({"site.test": ["127.1.0.7"], "inside.test": ["10.0.0.1"]})
    with Fetcher(names, allow_networks=[ip_network("127.1.0.0/16")], ports=ports) as fetcher:
        answer = fetcher.get(site.at("/go"), ANYWHERE)
    assert isinstance(answer, FetchFailure)
    assert answer.code is code
    assert [hop.status for hop in answer.chain] == [302]
    assert [request[1] for request in site.requests] == ["/go"]


def test_a_refresh_inside_a_page_is_checked_when_it_is_fetched(connects: Connects, fetcher: Fetcher) -> None:
    location = join(parse_location("http://site.test/"), "http://169.254.169.254/")
    answer = fetcher.get(location, ANYWHERE)
    assert isinstance(answer, FetchFailure)
    assert connects.tried == []


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"])
def test_a_proxy_in_the_environment_is_ignored(
    variable: str, connects: Connects, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "http://127.0.0.1:3128")
    with Fetcher(Names(TABLE)) as fetcher:
        fetcher.get(parse_location("http://site.test/"), ANYWHERE)
    assert connects.tried == [("8.8.8.8", 80)]


def test_the_pool_uses_the_guard_and_nothing_else(fetcher: Fetcher) -> None:
    """Bites when a new release of the library stops asking our network to connect."""
    fetcher._calls.now = Call(time.monotonic() + 5)
    with pytest.raises(GuardError):
        fetcher._pool(ANYWHERE).request("GET", "http://127.0.0.1/")


def test_a_kept_connection_is_to_the_address_that_was_checked(site: Site) -> None:
    site.answers["/"] = lambda handler: handler.answer(200, b"ok")
    names = Names({"site.test": ["127.1.0.7"]})
    ports = frozenset({site.port})
    with Fetcher(names, allow_networks=[ip_network("127.1.0.0/16")], ports=ports) as fetcher:
        first = fetcher.get(site.at("/"), ANYWHERE)
        names.table["site.test"] = ["10.0.0.1"]
        second = fetcher.get(site.at("/"), ANYWHERE)
    assert isinstance(first, Fetched)
    assert isinstance(second, Fetched)
    assert len(names.asked) == 1
    assert len(site.connections) == 1
