"""All of it over real sockets on loopback; nothing else is contacted."""

from collections.abc import Iterator
from datetime import date, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from unseen.fetch.addresses import Address
from unseen.fetch.fetcher import Fetcher
from unseen.fetch.resolver import HostsFileResolver
from unseen.fetch.vantage import Vantage
from unseen.takedown.directory import Directory, load_directory
from unseen.takedown.directory.tests.folder import write
from unseen.takedown.rdap.answers import NOBODY, Contact
from unseen.takedown.rdap.bootstrap import load_bootstrap
from unseen.takedown.rdap.cache import Cache
from unseen.takedown.rdap.drafts import drafts
from unseen.takedown.rdap.resolve import Resolved, Resolver
from unseen.testing.internet import SmallRegistry

TODAY = date(2026, 11, 22)
HERE = Vantage("office", "KR", None, None, "Unseen/1")
LOOPBACK = (ip_network("127.0.0.0/8"),)
CDN = """
key = "shield"
name = "Shield"
kind = "cdn"
domains = ["shield.test"]
country = "US"
laws = ["host-abuse"]
channels = []
languages = ["en"]
source = "made up"
checked_on = 2026-11-01
confidence = "low"
"""


@pytest.fixture
def registry() -> Iterator[SmallRegistry]:
    with SmallRegistry() as running:
        yield running


@pytest.fixture
def resolver(registry: SmallRegistry, tmp_path: Path) -> Iterator[Resolver]:
    hosts = tmp_path / "hosts"
    hosts.write_text("127.0.0.1 rdap.test\n127.1.0.9 www.hidden.test hidden.test\n", "utf-8")
    names = HostsFileResolver(hosts)
    bootstrap = load_bootstrap(registry.write_bootstrap(tmp_path / "bootstrap"))
    with Fetcher(names, allow_networks=LOOPBACK, ports=frozenset({registry.port})) as fetcher:
        yield Resolver(fetcher, names, HERE, bootstrap)


def furnished(registry: SmallRegistry, abuse: str = "abuse@quiet-hosting.test") -> None:
    registry.serves("127.1.0.9", network="QUIET-NET", holder="Quiet Hosting Ltd", abuse=abuse)
    registry.holds("hidden.test", registrar="Names Inc", abuse="abuse@names.test")


def test_dns_and_rdap_lead_to_network_and_registrar(registry: SmallRegistry, resolver: Resolver) -> None:
    furnished(registry)
    found = resolver.resolve("http://www.hidden.test/p/1", TODAY)
    assert found == Resolved(
        site="hidden.test",
        resolved_on=TODAY,
        addresses=("127.1.0.9",),
        network="QUIET-NET",
        network_country="NL",
        network_holder="Quiet Hosting Ltd",
        network_abuse=Contact("Abuse desk", ("abuse@quiet-hosting.test",)),
        registrar="Names Inc",
        registrar_abuse=Contact("Abuse desk", ("abuse@names.test",)),
    )
    assert registry.asked == ["ip/127.1.0.9", "domain/hidden.test"]


def test_an_address_has_a_network_and_no_registrar(registry: SmallRegistry, resolver: Resolver) -> None:
    furnished(registry)
    found = resolver.resolve("http://127.1.0.9:8080/p/1", TODAY)
    assert (found.site, found.network, found.registrar) == ("127.1.0.9", "QUIET-NET", "")
    assert registry.asked == ["ip/127.1.0.9"]


def test_what_stays_unknown_is_said(registry: SmallRegistry, resolver: Resolver) -> None:
    found = resolver.resolve("http://nowhere.test/p/1", TODAY)
    assert (found.network_abuse, found.registrar_abuse) == (NOBODY, NOBODY)
    assert found.troubles == (
        "The name servers: the name is not in the hosts file.",
        "The registry of the name: it knows nothing of it.",
    )
    unlisted = resolver.resolve("http://a.example/", TODAY)
    assert unlisted.troubles[-1] == "No registry with RDAP is known for the name: look it up by hand."


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"", "is not JSON"),
        (b"[" * 200_000, "is not JSON"),
        (b"[]", "is not RDAP"),
        (b'{"objectClassName": "domain"}', "says nothing that helps"),
        (b"{" + b" " * 600_000 + b"}", "larger than"),
        ((302, "http://127.0.0.1:1/"), "redirected to a place that is not fetched"),
        ((302, "http://10.0.0.1/"), "redirected to a place that is not fetched"),
        ((429, ""), "status 429"),
    ],
)
def test_a_registry_that_answers_badly_is_named_and_nothing_is_believed(
    registry: SmallRegistry, resolver: Resolver, answer: object, words: str
) -> None:
    registry.answers["domain/hidden.test"] = answer
    found = resolver.resolve("http://hidden.test/", TODAY)
    assert found.registrar_abuse == NOBODY
    assert any(words in trouble for trouble in found.troubles), found.troubles


def test_a_registry_leads_to_no_internal_address(registry: SmallRegistry, tmp_path: Path) -> None:
    """Nothing is allowed here, so even the registry itself is refused: it lies on loopback."""

    class Names:
        def resolve(self, host: str, timeout_s: float) -> tuple[Address, ...]:
            return (ip_address("127.0.0.1"),)

    bootstrap = load_bootstrap(registry.write_bootstrap(tmp_path / "bootstrap"))
    with Fetcher(Names(), ports=frozenset({registry.port})) as fetcher:
        found = Resolver(fetcher, Names(), HERE, bootstrap).resolve("http://hidden.test/", TODAY)
    assert registry.asked == []
    assert "not public" in " ".join(found.troubles)


def test_it_is_kept_with_its_day_for_a_month(
    registry: SmallRegistry, resolver: Resolver, tmp_path: Path
) -> None:
    furnished(registry)
    cache = Cache(tmp_path / "cache")
    found = resolver.resolve("http://hidden.test/", TODAY)
    cache.put(found)
    assert cache.get("hidden.test", TODAY + timedelta(days=30)) == found
    assert cache.get("hidden.test", TODAY + timedelta(days=31)) is None
    assert cache.latest("hidden.test") == found
    assert cache.get("other.test", TODAY) is None


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"site": "hidden.test"}', "\x00"])
def test_a_damaged_file_of_the_cache_counts_as_absent(tmp_path: Path, text: str) -> None:
    cache = Cache(tmp_path)
    cache.put(Resolved("hidden.test", TODAY))
    (file,) = tmp_path.glob("*.json")
    file.write_text(text, "utf-8")
    assert cache.get("hidden.test", TODAY) is None


def saved(resolved: Resolved, folder: Path, directory: Directory) -> Directory:
    files = {draft.key: draft.text for draft in drafts(resolved, directory, "KR")}
    return load_directory([write(folder, **files)], shipped_parties=False, today=TODAY)


def test_a_saved_draft_is_a_party_that_nobody_writes_to_before_a_person_is_sure(
    registry: SmallRegistry, resolver: Resolver, tmp_path: Path
) -> None:
    furnished(registry)
    found = resolver.resolve("http://hidden.test/", TODAY)
    directory = saved(found, tmp_path / "own", load_directory(shipped_parties=False))
    site = directory.party_for("http://hidden.test/p/1")
    assert {key for _, keys in site.behind for key in keys} == {"host-quiet-net", "registrar-names-inc"}
    assert directory.ladder(site, "KR") == ()
    file = tmp_path / "own" / "platforms" / "host-quiet-net.toml"
    file.write_text(file.read_text("utf-8").replace('"low"', '"high"'), "utf-8")
    sure = load_directory([tmp_path / "own"], shipped_parties=False, today=TODAY)
    assert [rung.value for rung in sure.ladder(site, "KR")] == ["host"]


def test_an_abuse_address_of_a_known_cdn_leads_to_its_file(
    registry: SmallRegistry, resolver: Resolver, tmp_path: Path
) -> None:
    furnished(registry, abuse="abuse@shield.test")
    known = load_directory([write(tmp_path / "own", shield=CDN)], shipped_parties=False)
    files = drafts(resolver.resolve("http://hidden.test/", TODAY), known, "KR")
    assert [draft.key for draft in files] == ["registrar-names-inc", "hidden-test"]
    assert 'cdn = "shield"' in files[-1].text
