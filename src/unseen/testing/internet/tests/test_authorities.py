"""The rungs above the platform: what hosts and the regulator do, and whom a liar does not fear."""

from collections.abc import Callable

import pytest

from unseen.testing.internet.characters import CHARACTERS
from unseen.testing.internet.tests.hand import BERLIN, EVERYWHERE, OFFICE, STRANGER_DE, STRANGER_KR, Hand

pytestmark = pytest.mark.thorough

REMOVED = {
    "prompt",
    "slow",
    "silent",
    "bouncer",
    "soft404",
    "mediastays",
    "cloaker",
    "redirector",
    "loginwall",
}
REMOVED |= {"reuploader", "ratelimiter"}
BLOCKED_ONLY = {"refuser", "nodder", "geofencer"}


def test_the_whole_ladder_ends_as_the_table_says(hand: Hand) -> None:
    truth = hand.internet.truth
    for _ in range(2):
        for copy in truth.copies():
            hand.report(copy)
        hand.hours(100)
    for rung in ("host", "regulator"):
        for copy in filter(truth.served_to_anyone, truth.copies()):
            host = hand.internet.platforms[copy.platform].host
            hand.report(copy, to=host if rung == "host" else "regulator")
        hand.hours(100)
    for copy in filter(truth.served_to_anyone, hand.copies("reuploader")):
        hand.report(copy)
    hand.hours(100)
    assert {copy.platform for copy in truth.copies() if not truth.served_to_anyone(copy)} == REMOVED
    left = [copy for copy in truth.copies() if truth.served_to_anyone(copy)]
    assert {copy.platform for copy in left} == BLOCKED_ONLY
    assert all(truth.served(copy, "DE") and not truth.served(copy, "KR") for copy in left)
    assert truth.bystanders_touched() == []


def test_the_regulator_blocks_for_its_own_country_with_status_451(hand: Hand) -> None:
    copy = hand.copies("nodder")[0]
    hand.report(copy, to="regulator")
    hand.hours(71)
    assert hand.looks(copy, OFFICE) == (200, 200)
    hand.hours(2)
    assert hand.looks(copy, STRANGER_KR) == (451, 451)
    assert 'rel="blocked-by"' in hand.ask(copy.page_url, OFFICE).headers["Link"]
    assert hand.looks(copy, STRANGER_DE) == (200, 200)
    assert [str(mail.get_payload())[:11] for mail in hand.inbox() if "ordered" in str(mail)] == [
        "We have ord"
    ]


def test_the_regulator_orders_nothing_against_a_platform_of_its_own_country(hand: Hand) -> None:
    copy = hand.copies("ratelimiter")[0]
    hand.report(copy, to="regulator")
    hand.hours(73)
    assert hand.looks(copy, OFFICE) == (200, 200)
    assert any("without an order" in str(mail) for mail in hand.inbox())


def test_hosts_pull_nod_or_refuse(hand: Hand) -> None:
    pulled, nodded, refused = (hand.copies(key)[0] for key in ("silent", "nodder", "refuser"))
    for copy, host in ((pulled, "prompt-hosting"), (nodded, "deaf-hosting"), (refused, "careful-hosting")):
        hand.report(copy, to=host)
    hand.hours(20)
    assert [hand.looks(copy, BERLIN) for copy in (pulled, nodded, refused)] == [
        (404, 404),
        (200, 200),
        (200, 200),
    ]
    assert any("court order" in str(mail) for mail in hand.inbox())


def test_a_host_does_nothing_about_somebody_elses_customer(hand: Hand) -> None:
    copy = hand.copies("nodder")[0]
    hand.report(copy, to="prompt-hosting")
    hand.hours(20)
    assert hand.looks(copy, BERLIN) == (200, 200)
    assert any("names no address" in str(mail) for mail in hand.inbox())


@pytest.mark.parametrize("key", [character.key for character in CHARACTERS])
def test_any_platform_can_be_a_liar(opened: Callable[..., Hand], key: str) -> None:
    hand = opened(liars={key})
    copy = hand.copies(key)[0]
    hand.report(copy)
    assert {hand.looks(copy, source)[1] for source in EVERYWHERE} == {404}
    hand.report(copy)
    hand.report(copy, to=hand.internet.platforms[key].host)
    hand.report(copy, to="regulator")
    hand.hours(24 * 30)
    assert {hand.looks(copy, source)[1] for source in EVERYWHERE} == {404}
    assert hand.looks(copy, STRANGER_KR) == hand.looks(copy, STRANGER_DE) == (200, 200)
    assert hand.internet.truth.served_to_anyone(copy)


def test_a_liar_that_does_not_exist_is_refused(opened: Callable[..., Hand]) -> None:
    with pytest.raises(ValueError, match="nobody"):
        opened(liars={"nobody"})
