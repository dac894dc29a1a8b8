from datetime import date

import pytest

from unseen.domain.notice import Confidence, LawStatus, LawUse, Rung, choose_laws, usable_alone
from unseen.takedown.directory import ChannelKind, Directory, PartyKind, load_directory
from unseen.takedown.directory.directory import LANGUAGES_WRITTEN
from unseen.takedown.directory.url_forms import Identifies

TODAY = date(2026, 12, 1)


@pytest.fixture(scope="module")
def shipped() -> Directory:
    return load_directory(today=TODAY)


def test_every_shipped_file_is_right_and_fresh(shipped: Directory) -> None:
    assert shipped.warnings == ()
    assert set(shipped.laws) >= {"us-tida", "eu-dsa-16", "uk-osa", "kr-tba-22-5", "host-abuse"}
    assert len(shipped.parties) >= 100
    assert {party.kind for party in shipped.parties.values()} == set(PartyKind) - {PartyKind.COUNSEL}
    assert len([party for party in shipped.parties.values() if party.channels]) >= 60


def test_the_us_clock_is_statutory_and_starts_with_the_duty(shipped: Directory) -> None:
    law = shipped.law("us-tida")
    assert (law.hours, law.statutory, law.in_force_from) == (48, True, date(2026, 5, 19))
    assert not usable_alone(law, date(2026, 5, 18))


def test_the_uk_duty_whose_start_is_not_confirmed_never_stands_alone(shipped: Directory) -> None:
    law = shipped.law("uk-osa")
    assert not usable_alone(law, TODAY)
    assert not law.statutory


def test_laws_without_hours_have_a_target_that_is_called_one(shipped: Directory) -> None:
    for law in shipped.laws.values():
        if law.answer_within_hours is None:
            assert law.target_hours or law.use is LawUse.REFERENCE
            assert not law.statutory


def test_policies_bind_nobody(shipped: Directory) -> None:
    policies = {law.id for law in shipped.laws.values() if law.status is LawStatus.POLICY}
    assert policies == {
        "host-abuse",
        "regulator-complaint",
        "kr-review-24h",
        "blocking-request",
        "counsel-dossier",
    }
    assert all("binds nobody by law" in shipped.law(one).penalty for one in policies)


def test_every_addressee_has_a_law_that_can_carry_a_notice(shipped: Directory) -> None:
    for party in shipped.parties.values():
        for country in ("KR", "US", "GB"):
            for rung in shipped.ladder(party, country):
                addressee = shipped.addressee(party, rung, country)
                assert addressee is not None
                choose_laws([shipped.law(law_id) for law_id in addressee.laws], TODAY)


def test_a_party_without_a_confirmed_channel_says_so(shipped: Directory) -> None:
    for party in shipped.parties.values():
        assert party.channels or party.confidence is Confidence.LOW, party.key


def test_no_real_party_is_reached_by_machine_on_a_guess(shipped: Directory) -> None:
    """A form is opened by a person; a mail goes out by itself, so its address needs more than low confidence."""
    unsure = [party for party in shipped.parties.values() if party.confidence is Confidence.LOW]
    assert any(one.kind is ChannelKind.EMAIL for party in unsure for one in party.channels)
    for party in unsure:
        assert all(one.kind is ChannelKind.FORM for one in party.reachable), party.key
        for country in ("KR", "US"):
            asked = shipped.addressee(party, Rung.PLATFORM, country)
            assert asked is None or asked.channel_kind is ChannelKind.FORM
    assert all(
        one.kind is not ChannelKind.API for party in shipped.parties.values() for one in party.channels
    )


def test_nothing_real_can_be_addressed_without_the_shipped_parties() -> None:
    directory = load_directory(today=TODAY, shipped_parties=False)
    assert not directory.parties
    assert directory.laws
    assert directory.ladder(directory.party_for("https://t.me/a/1"), "US") == ()


def test_a_search_service_is_asked_under_laws_that_speak_to_search(shipped: Directory) -> None:
    search = shipped.party_for("https://www.google.com/search?q=a")
    assert "uk-osa" in shipped.laws_for(search)
    assert "us-tida" not in shipped.laws_for(search)
    assert shipped.party_for("https://earth.google.com/a").key == "site:google.com"


def test_hosts_are_never_asked_under_the_us_act(shipped: Directory) -> None:
    hosts = [party for party in shipped.parties.values() if party.kind is PartyKind.HOST]
    assert hosts
    assert all("us-tida" not in shipped.laws_for(party) for party in hosts)


FIELD_NOTES = [
    "us-tida",
    "us-dmca",
    "uk-osa",
    "uk-ofcom-icu",
    "eu-dsa-16",
    "eu-dsa-9",
    "eu-dsa-17",
    "eu-dsa-22",
    "eu-vaw",
    "kr-tba-22-5",
    "kr-icna-44-2",
    "kr-icna-44-7",
    "kr-svpa-14-2",
    "kr-svpa-23-2",
    "kr-svprev-7-3",
    "kr-review-24h",
    "au-osa-77",
    "au-osa-32",
    "in-it-3-2-b",
    "ca-bc-iipa",
    "ca-federal",
    "jp-idpha",
    "jp-revenge-4",
]


def test_every_law_of_the_field_notes_is_here(shipped: Directory) -> None:
    assert set(FIELD_NOTES) <= set(shipped.laws)


def test_a_power_of_an_authority_or_a_crime_is_never_the_basis_of_a_notice(shipped: Directory) -> None:
    for law in shipped.laws.values():
        if law.use is not LawUse.NOTICE:
            assert not usable_alone(law, TODAY)
            chosen = choose_laws([law, shipped.law("host-abuse")], TODAY)
            assert [one.id for one in chosen] == ["host-abuse"]


@pytest.mark.parametrize("law_id", ["uk-osa", "uk-ofcom-icu", "ca-federal", "jp-revenge-4", "eu-vaw"])
def test_what_is_uncertain_or_not_in_force_never_stands_alone(shipped: Directory, law_id: str) -> None:
    assert not usable_alone(shipped.law(law_id), TODAY)


def test_the_two_hours_of_india_are_claimed_for_persons_in_india_only(shipped: Directory) -> None:
    x = shipped.party("x")
    assert "in-it-3-2-b" in shipped.laws_for(x, "IN")
    assert "in-it-3-2-b" not in shipped.laws_for(x, "KR")
    chosen = choose_laws([shipped.law(law_id) for law_id in shipped.laws_for(x, "IN")], TODAY)
    assert (chosen.primary.id, chosen.primary.hours) == ("in-it-3-2-b", 2)


def test_the_australian_day_runs_from_the_commissioners_notice_not_from_ours(shipped: Directory) -> None:
    assert shipped.law("au-osa-77").hours == 24
    assert not usable_alone(shipped.law("au-osa-77"), TODAY)
    assert not shipped.law("au-osa-32").statutory


def test_a_post_on_telegram_is_told_from_its_channel(shipped: Directory) -> None:
    telegram = shipped.party("telegram")
    post, channel = (
        telegram.form_of("https://t.me/somechannel/15?single"),
        telegram.form_of("t.me/somechannel"),
    )
    assert post is not None
    assert channel is not None
    assert post.parts_of("https://t.me/somechannel/15") == {"channel": "somechannel", "message": "15"}
    assert (post.identifies, channel.identifies) == (Identifies.POST, Identifies.ACCOUNT)
    assert telegram.form_of("https://t.me/a/b/c/d") is None


def test_the_ladder_names_every_rung_with_a_reason(shipped: Directory) -> None:
    assert shipped.order == tuple(Rung)
    assert all(rule.why for rule in shipped.rules)
    hours = {rule.rung: rule.answer_hours_max for rule in shipped.rules if rule.answer_hours_max}
    assert hours == {Rung.PLATFORM_FINAL: 24}
    assert {rule.version for rule in shipped.rules} == {"2026-11-22"}


def test_a_search_rung_asks_each_engine_once_and_never_the_one_that_is_the_place(shipped: Directory) -> None:
    post = shipped.party("reddit")
    ladder = shipped.ladder(post, "KR")
    engines = [one.key for one in shipped.asked(post, Rung.SEARCH, "KR") if one.channels]
    assert engines == ["bing", "google-search"]
    assert ladder.count(Rung.SEARCH) == 2
    second = shipped.addressee(post, Rung.SEARCH, "KR", asked=["bing"])
    assert second is not None
    assert second.party_key == "google-search"
    assert shipped.asked(shipped.party("bing"), Rung.SEARCH, "KR") == ()


def test_limits_reach_the_addressee(shipped: Directory) -> None:
    coomer = shipped.party("fourchan")
    cdn = shipped.addressee(coomer, Rung.CDN, "KR")
    assert cdn is not None
    assert (cdn.limits.locations_per_notice_max, cdn.limits.one_host_per_notice) == (250, True)


def test_every_notice_goes_out_in_a_language_we_write(shipped: Directory) -> None:
    naver = shipped.party("naver")
    regulator = shipped.addressee(naver, Rung.REGULATOR, "US")
    assert regulator is not None
    assert regulator.language in LANGUAGES_WRITTEN
