"""Each platform behaves as its docstring says, seen from the addresses that tell it from the others."""

import pytest

from unseen.testing.internet.tests.hand import (
    BERLIN,
    DALLAS,
    EVERYWHERE,
    HOME_LINE,
    OFFICE,
    STRANGER_DE,
    STRANGER_KR,
    Hand,
)

UP = (200, 200)
GONE = (404, 404)


def words(hand: Hand) -> list[str]:
    """The first line of each mail in the inbox."""
    return [str(mail.get_payload()).splitlines()[0] for mail in hand.inbox()]


def test_every_copy_is_served_to_everybody_at_first(hand: Hand) -> None:
    copies = hand.internet.truth.copies()
    assert 22 <= len(copies) <= 26
    assert len(hand.internet.platforms) == 14
    for copy in copies:
        source = f"127.9.{copies.index(copy)}.77"  # a fresh address each, for the rate limiter's sake
        assert hand.looks(copy, source) == UP


@pytest.mark.parametrize(("key", "page"), [("prompt", 410), ("redirector", 302), ("ratelimiter", 404)])
def test_removers_remove_on_the_first_notice(hand: Hand, key: str, page: int) -> None:
    copy, other = hand.copies(key)
    hand.report(copy)
    hand.hours(1)
    assert hand.looks(copy, BERLIN) == UP
    hand.hours(23)
    assert {hand.looks(copy, source) for source in EVERYWHERE} == {(page, 404)}
    assert not hand.internet.truth.served_to_anyone(copy)
    assert hand.internet.truth.served_to_anyone(other)


def test_the_redirector_sends_visitors_to_its_home_page(hand: Hand) -> None:
    copy = hand.copies("redirector")[0]
    hand.report(copy)
    hand.hours(24)
    assert hand.ask(copy.page_url).headers["Location"] == "/"


def test_the_slow_one_acknowledges_and_removes_after_the_second_notice(hand: Hand) -> None:
    copy = hand.copies("slow")[0]
    hand.report(copy)
    hand.hours(24 * 30)
    assert hand.looks(copy, BERLIN) == UP
    assert words(hand) == ["We have received your notice and will look into it."]
    hand.report(copy)
    hand.hours(24)
    assert hand.looks(copy, BERLIN) == GONE


def test_the_silent_one_neither_answers_nor_acts(hand: Hand) -> None:
    copy = hand.copies("silent")[0]
    for _ in range(3):
        hand.report(copy)
        hand.hours(100)
    assert hand.looks(copy, OFFICE) == UP
    assert hand.inbox() == []


def test_the_refuser_says_why(hand: Hand) -> None:
    copy = hand.copies("refuser")[0]
    hand.report(copy)
    hand.hours(24)
    (mail,) = hand.inbox()
    assert "will not remove" in str(mail.get_payload())
    assert "newsworthy" in str(mail.get_payload())
    assert hand.looks(copy, OFFICE) == UP


def test_the_nodder_acknowledges_every_notice_and_does_nothing(hand: Hand) -> None:
    copy = hand.copies("nodder")[0]
    hand.report(copy)
    hand.report(copy)
    hand.hours(100)
    assert len(words(hand)) == 2
    assert hand.looks(copy, OFFICE) == UP


def test_the_soft_404_says_removed_and_serves_the_media(hand: Hand) -> None:
    copy = hand.copies("soft404")[0]
    hand.report(copy)
    hand.hours(24)
    page = hand.ask(copy.page_url)
    assert (page.status, b"has been removed" in page.body, b"/m/" in page.body) == (200, True, False)
    assert hand.ask(copy.media_url).status == 200
    assert hand.internet.truth.served_to_anyone(copy)


def test_loose_ends_takes_the_page_only(hand: Hand) -> None:
    copy = hand.copies("mediastays")[0]
    hand.report(copy)
    hand.hours(24)
    assert {hand.looks(copy, source) for source in EVERYWHERE} == {(404, 200)}


def test_the_geofencer_hides_from_one_country(hand: Hand) -> None:
    (copy,) = hand.copies("geofencer")
    hand.report(copy)
    hand.hours(24)
    assert [hand.looks(copy, source) for source in EVERYWHERE] == [GONE, GONE, UP, UP]
    assert hand.internet.truth.served(copy, "DE")
    assert not hand.internet.truth.served(copy, "KR")


def test_the_cloaker_hides_from_the_complainant_only(hand: Hand) -> None:
    (copy,) = hand.copies("cloaker")
    hand.report(copy)
    hand.hours(24)
    assert [hand.looks(copy, source) for source in EVERYWHERE] == [GONE, UP, UP, UP]
    assert not hand.internet.truth.served(copy, OFFICE)
    assert hand.internet.truth.served(copy, "KR")


def test_the_login_wall_shows_strangers_a_form_and_members_the_post(hand: Hand) -> None:
    copy = hand.copies("loginwall")[0]
    hand.report(copy)
    hand.hours(24)
    assert hand.looks(copy, DALLAS) == (302, 401)
    door = hand.ask(copy.page_url).headers["Location"]
    form = hand.ask(copy.page_url.split("/p/")[0] + door)
    assert (form.status, b"type=password" in form.body) == (200, True)
    assert hand.ask(copy.media_url, Cookie="member=yes").status == 200
    assert not hand.internet.truth.served(copy, "DE")
    assert hand.internet.truth.served_to_anyone(copy)


def test_the_reuploader_comes_back_once_in_two_ways(hand: Hand) -> None:
    edited, restored = sorted(hand.copies("reuploader"), key=lambda copy: str(copy.material))
    first_bytes = hand.ask(edited.media_url).body
    hand.report(edited)
    hand.report(restored)
    hand.hours(24)
    assert not any(map(hand.internet.truth.served_to_anyone, hand.copies("reuploader")))
    hand.hours(9 * 24)
    assert hand.looks(edited, BERLIN) == GONE
    assert hand.looks(restored, BERLIN) == UP
    (fresh,) = {copy.copy_id: copy for copy in hand.copies("reuploader")}.keys() - {
        edited.copy_id,
        restored.copy_id,
    }
    again = next(copy for copy in hand.copies("reuploader") if copy.copy_id == fresh)
    assert again.material == edited.material
    assert hand.ask(again.media_url).body not in (b"", first_bytes)
    home = hand.ask(hand.internet.start_pages()[list(hand.internet.platforms).index("reuploader")])
    assert f"/p/{fresh}".encode() in home.body
    hand.report(again)
    hand.report(restored)
    hand.hours(60 * 24)
    assert not any(map(hand.internet.truth.served_to_anyone, hand.copies("reuploader")))
    assert len(hand.copies("reuploader")) == 3


def test_the_rate_limiter_counts_by_address_and_simulated_hour(hand: Hand) -> None:
    home = f"http://ratelimiter.test:{hand.internet.port}/"
    hand.hours(0.25)
    answers = [hand.ask(home) for _ in range(9)]
    assert [answer.status for answer in answers] == [200] * 8 + [429]
    assert answers[-1].headers["Retry-After"] == str(45 * 60)
    assert hand.ask(home, HOME_LINE).status == 200
    hand.hours(0.75)
    assert hand.ask(home).status == 200
    assert hand.internet.truth.served(hand.copies("ratelimiter")[0], BERLIN)


def test_strangers_are_believed_to_be_where_the_table_says(hand: Hand) -> None:
    (copy,) = hand.copies("geofencer")
    hand.report(copy)
    hand.hours(24)
    assert (hand.looks(copy, STRANGER_KR), hand.looks(copy, STRANGER_DE)) == (GONE, UP)
