from datetime import date

import pytest

from unseen.domain.notice import Confidence, LawStatus, Rung, choose_laws, usable_alone
from unseen.takedown.directory import ChannelKind, Directory, PartyKind, load_directory
from unseen.takedown.directory.directory import LANGUAGES_WRITTEN

TODAY = date(2026, 12, 1)


@pytest.fixture(scope="module")
def shipped() -> Directory:
    return load_directory(today=TODAY)


def test_every_shipped_file_is_right_and_fresh(shipped: Directory) -> None:
    assert shipped.warnings == ()
    assert set(shipped.laws) >= {"us-tida", "eu-dsa-16", "uk-osa", "kr-tba-22-5", "host-abuse"}
    assert len(shipped.parties) >= 12


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
            assert law.target_hours
            assert not law.statutory


def test_policies_bind_nobody(shipped: Directory) -> None:
    policies = {law.id for law in shipped.laws.values() if law.status is LawStatus.POLICY}
    assert policies == {"host-abuse", "regulator-complaint", "kr-review-24h"}
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


def test_the_only_real_mail_address_is_the_one_of_the_field_notes(shipped: Directory) -> None:
    channels = [channel for party in shipped.parties.values() for channel in party.channels]
    addresses = {one.to for one in channels if one.kind is ChannelKind.EMAIL}
    assert addresses == {"abuse@telegram.org"}
    assert all(one.kind is not ChannelKind.API for one in channels)


def test_nothing_real_can_be_addressed_without_the_shipped_parties() -> None:
    directory = load_directory(today=TODAY, shipped_parties=False)
    assert not directory.parties
    assert directory.laws
    assert directory.ladder(directory.party_for("https://t.me/a/1"), "US") == ()


def test_a_search_service_is_asked_under_laws_that_speak_to_search(shipped: Directory) -> None:
    search = shipped.party_for("https://www.google.com/search?q=a")
    assert "uk-osa" in shipped.laws_for(search)
    assert shipped.party_for("https://drive.google.com/file").key == "site:google.com"


def test_hosts_are_never_asked_under_the_us_act(shipped: Directory) -> None:
    hosts = [party for party in shipped.parties.values() if party.kind is PartyKind.HOST]
    assert hosts
    assert all("us-tida" not in shipped.laws_for(party) for party in hosts)


def test_every_notice_goes_out_in_a_language_we_write(shipped: Directory) -> None:
    naver = shipped.party("naver")
    regulator = shipped.addressee(naver, Rung.REGULATOR, "US")
    assert regulator is not None
    assert regulator.language in LANGUAGES_WRITTEN
