"""Through a configured proxy the guard holds as without one: checked addresses only, and never a name."""

from collections.abc import Iterator
from ipaddress import ip_address, ip_network

import pytest

from unseen.fetch.addresses import Address
from unseen.fetch.answers import FailureCode, Fetched, FetchFailure
from unseen.fetch.fetcher import Fetcher, FetchLimits
from unseen.fetch.locations import parse_location
from unseen.fetch.tests.site import Names, Site
from unseen.fetch.vantage import Vantage
from unseen.testing.internet.proxy import Proxy, running_proxy

TABLE = {
    "public.test": ["8.8.8.8"],
    "six.test": ["2001:4860:4860::8888"],
    "intranet.test": ["10.0.0.5"],
    "localhost": ["127.0.0.1", "::1"],
    "mapped.test": ["::ffff:10.0.0.1"],
    "mixed.test": ["8.8.8.8", "169.254.169.254"],
    "zero.test": ["0.0.0.0"],  # noqa: S104 - an answer, nothing is bound
}
QUICK = FetchLimits(connect_s=2, read_s=2, total_s=4)
INSIDE = (
    "intranet.test",
    "localhost",
    "mapped.test",
    "mixed.test",
    "zero.test",
    "169.254.169.254",
    "2130706433",
    "[::ffff:7f00:1]",
    "[::1]",
)


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    with running_proxy() as running:
        yield running


@pytest.fixture(params=["http", "socks5"])
def away(request: pytest.FixtureRequest, proxy: Proxy) -> Vantage:
    return Vantage("away", "DE", None, f"{request.param}://127.1.0.8:{proxy.port}", "x")


def reaching(site: Site, names: dict[str, list[str]]) -> Fetcher:
    ports = frozenset({80, 443, site.port})
    return Fetcher(Names(names), allow_networks=[ip_network("127.1.0.0/16")], ports=ports, limits=QUICK)


def test_a_page_is_fetched_through_the_proxy_and_bears_its_own_name(
    site: Site, proxy: Proxy, away: Vantage
) -> None:
    site.answers["/p"] = lambda handler: handler.answer(200, b"here")
    with reaching(site, {"site.test": ["127.1.0.7"]}) as fetcher:
        answers = [fetcher.get(site.at("/p?q"), away) for _ in range(3)]
    assert [answer.body for answer in answers if isinstance(answer, Fetched)] == [b"here"] * 3
    assert proxy.asked == [f"127.1.0.7:{site.port}"]  # one tunnel, kept
    assert site.requests[0][1] == "/p?q"
    assert site.requests[0][3]["Host"] == f"site.test:{site.port}"


@pytest.mark.parametrize("host", INSIDE)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_proxy_is_never_asked_for_an_internal_address(
    host: str, scheme: str, proxy: Proxy, away: Vantage
) -> None:
    with Fetcher(Names(TABLE), limits=QUICK) as fetcher:
        try:
            location = parse_location(f"{scheme}://{host}/")
        except ValueError:
            return  # refused before it could be asked for
        answer = fetcher.get(location, away)
        sent = fetcher.post_json(location, away, {}, {})
    assert isinstance(answer, FetchFailure)
    assert isinstance(sent, FetchFailure)
    assert answer.code is sent.code is FailureCode.REFUSED_ADDRESS
    assert not sent.sent
    assert proxy.asked == []


@pytest.mark.parametrize(
    ("host", "asked"), [("public.test", "8.8.8.8:80"), ("six.test", "2001:4860:4860::8888:80")]
)
def test_the_proxy_is_asked_for_the_address_that_was_checked(
    host: str, asked: str, proxy: Proxy, away: Vantage
) -> None:
    proxy.answers = b""
    with Fetcher(Names(TABLE), limits=QUICK) as fetcher:
        answer = fetcher.get(parse_location(f"http://{host}/"), away)
    assert isinstance(answer, FetchFailure)
    assert answer.code is FailureCode.CONNECT
    assert proxy.asked == [asked]


def test_a_redirect_through_the_proxy_is_checked(site: Site, proxy: Proxy, away: Vantage) -> None:
    for target in ("http://inside.test/", "http://169.254.169.254/", "http://[::ffff:a00:1]/"):
        site.answers["/go"] = lambda handler, target=target: handler.answer(302, Location=target)  # type: ignore[misc] # each target
        with reaching(site, {"site.test": ["127.1.0.7"], "inside.test": ["10.0.0.1"]}) as fetcher:
            answer = fetcher.get(site.at("/go"), away)
        assert isinstance(answer, FetchFailure)
        assert answer.code is FailureCode.REFUSED_ADDRESS
    assert set(proxy.asked) == {f"127.1.0.7:{site.port}"}


class Rebinding:
    """Public first, internal ever after."""

    def __init__(self) -> None:
        self.asked = 0

    def resolve(self, host: str, timeout_s: float) -> tuple[Address, ...]:
        self.asked += 1
        return (ip_address("8.8.8.8" if self.asked == 1 else "10.0.0.1"),)


def test_a_name_that_changes_its_answer_gains_nothing(proxy: Proxy, away: Vantage) -> None:
    proxy.answers = b""
    names = Rebinding()
    with Fetcher(names, limits=QUICK) as fetcher:
        fetcher.get(parse_location("http://rebind.test/"), away)
        assert names.asked == 1
        again = fetcher.get(parse_location("http://rebind.test/"), away)
    assert isinstance(again, FetchFailure)
    assert again.code is FailureCode.REFUSED_ADDRESS
    assert proxy.asked == ["8.8.8.8:80"]


@pytest.mark.parametrize(
    "says",
    [
        b"HTTP/1.1 403 no\r\n\r\n",
        b"HTTP/1.1 200 yes\r\n\r\nHTTP/1.1 200 forged\r\n\r\n",
        b"\x05\x05\x00\x01" + bytes(6),
        b"\x05\x00\x00\x03\x04name\x00P",
        b"x" * 20_000,
        b"HTTP/1.1",
        b"",
    ],
)
def test_a_proxy_that_refuses_or_talks_nonsense_gives_no_answer(
    says: bytes, proxy: Proxy, away: Vantage
) -> None:
    proxy.answers = says
    with Fetcher(Names(TABLE), limits=QUICK) as fetcher:
        answer = fetcher.get(parse_location("http://public.test/"), away)
    assert isinstance(answer, FetchFailure)
    assert answer.code is FailureCode.CONNECT
