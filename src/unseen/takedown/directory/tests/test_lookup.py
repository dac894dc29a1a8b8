from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unseen.domain.notice import Rung, choose_laws
from unseen.takedown.directory import (
    ChannelKind,
    Directory,
    LocationNotUnderstood,
    UnknownName,
    load_directory,
)
from unseen.takedown.directory.tests.folder import HOST, PLATFORM, REGULATOR, write


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Directory:
    inner = PLATFORM.replace('"prompt"', '"inner"').replace('["prompt.test"]', '["pictures.prompt.test"]')
    folder = write(
        tmp_path_factory.mktemp("own"), prompt=PLATFORM, inner=inner, host=HOST, regulator=REGULATOR
    )
    return load_directory([folder], shipped_parties=False)


SHIPPED = load_directory()


@pytest.mark.parametrize(
    ("location", "key"),
    [
        ("http://prompt.test:8001/p/1", "prompt"),
        ("HTTPS://WWW.Prompt.Test./p/1", "prompt"),
        ("prompt.test/p/1", "prompt"),
        ("http://a.pictures.prompt.test/m/1.jpg", "inner"),
        ("http://xprompt.test/", "site:xprompt.test"),
        ("http://prompt.test.evil.example/", "site:evil.example"),
        ("http://prompt.test@evil.example/", "site:evil.example"),
        ("https://a.b.example.co.kr/", "site:example.co.kr"),
        ("https://co.kr/", "site:co.kr"),
        ("http://127.1.0.5:8001/m/1", "site:127.1.0.5"),
        ("http://[::1]/m/1", "site:[::1]"),
        ("https://ㅋ.한국/", "site:xn--eqd.xn--3e0b707e"),
    ],
)
def test_the_party_behind_a_location(small: Directory, location: str, key: str) -> None:
    party = small.party_for(location)
    assert party.key == key
    assert small.party(party.key) == party


@pytest.mark.parametrize(
    "text", ["", "  ", "https://", "a\r\nb.test", "http://[::1", "http://a..b/", "x" * 5_000, "/p/1"]
)
def test_a_location_without_a_host_name_is_a_named_error(small: Directory, text: str) -> None:
    with pytest.raises(LocationNotUnderstood, match="give one URL"):
        small.party_for(text)


@given(st.text(max_size=60))
def test_any_text_is_a_party_or_that_error(text: str) -> None:
    try:
        party = SHIPPED.party_for(text)
    except LocationNotUnderstood:
        return
    assert SHIPPED.party(party.key) == party


def test_the_ladder_climbs_from_platform_to_regulator(small: Directory) -> None:
    party = small.party_for("http://prompt.test/p/1")
    four = (Rung.PLATFORM, Rung.PLATFORM_FINAL, Rung.HOST, Rung.REGULATOR)
    assert small.ladder(party, "KR") == four
    assert small.ladder(party, "DE") == (Rung.PLATFORM, Rung.PLATFORM_FINAL, Rung.HOST)


def test_the_ladder_of_an_unknown_site_starts_at_what_exists(small: Directory) -> None:
    unknown = small.party_for("https://who.example/")
    assert not unknown.known
    assert small.ladder(unknown, "KR") == (Rung.REGULATOR,)
    assert small.ladder(unknown, "DE") == ()


def test_each_rung_has_its_own_addressee_laws_and_language(small: Directory) -> None:
    party = small.party("prompt")
    platform = small.addressee(party, Rung.PLATFORM, "KR")
    host = small.addressee(party, Rung.HOST, "KR")
    regulator = small.addressee(party, Rung.REGULATOR, "KR")
    assert platform is not None
    assert host is not None
    assert regulator is not None
    assert (platform.channel_kind, platform.address_or_endpoint) == (
        ChannelKind.API,
        "http://prompt.test:8001/notices",
    )
    assert (platform.laws, platform.language) == (("us-tida", "eu-dsa-16", "host-abuse"), "ko")
    assert (host.party_key, host.laws, host.language) == ("prompt-hosting", ("host-abuse",), "en")
    assert (regulator.party_key, regulator.laws) == ("kr-regulator", ("regulator-complaint",))


def test_a_platform_whose_only_law_is_not_in_force_is_still_asked(tmp_path: Path) -> None:
    text = PLATFORM.replace('laws = ["us-tida", "eu-dsa-16"]', 'laws = ["uk-osa"]')
    directory = load_directory([write(tmp_path, prompt=text, host=HOST)], shipped_parties=False)
    addressee = directory.addressee(directory.party("prompt"), Rung.PLATFORM, "GB")
    assert addressee is not None
    chosen = choose_laws([directory.law(law_id) for law_id in addressee.laws], date(2026, 11, 22))
    assert [law.id for law in chosen] == ["host-abuse", "uk-osa"]


def test_an_address_that_bounced_is_avoided(small: Directory) -> None:
    party = small.party("prompt")
    second = small.addressee(party, Rung.PLATFORM, "KR", avoid={"http://prompt.test:8001/notices"})
    assert second is not None
    assert second.address_or_endpoint == "abuse@prompt.test"
    both = {"http://prompt.test:8001/notices", "abuse@prompt.test"}
    assert small.addressee(party, Rung.PLATFORM, "KR", avoid=both) is None


def test_a_centres_own_regulator_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    directory = load_directory([write(tmp_path, regulator=REGULATOR)])
    regulator = directory.regulator_of("KR")
    assert regulator is not None
    assert regulator.key == "kr-regulator"


def test_unknown_names_are_named_errors(small: Directory) -> None:
    with pytest.raises(UnknownName, match="no law 'xx'"):
        small.law("xx")
    with pytest.raises(UnknownName, match="no party 'xx'"):
        small.party("xx")
