"""The fourteen characters of the small internet, before and after they act: what is found equals the truth."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from unseen.discovery.looker import TooSoon
from unseen.domain.recheck import SEEN_KINDS, FindingKind, MediaSeen, PageSeen
from unseen.takedown.probes.tests.conftest import Eyes
from unseen.testing.internet.party import Answer
from unseen.testing.internet.truth import Copy
from unseen.testing.internet.visitors import Visitor

pytestmark = pytest.mark.thorough

UP, GONE, FENCED = FindingKind.STILL_UP, FindingKind.GONE, FindingKind.GEOFENCED
SEES = SEEN_KINDS


def everywhere(kind: FindingKind) -> dict[str, FindingKind]:
    return dict.fromkeys(("office", "home-line", "berlin", "dallas"), kind)


KOREA_FENCED = everywhere(UP) | {"office": FENCED, "home-line": FENCED}
# A day and a half after the first notice, and a day after the second one.
AFTERWARDS = {
    "prompt": everywhere(GONE),
    "slow": everywhere(GONE),
    "silent": everywhere(UP),
    "refuser": everywhere(UP),
    "bouncer": everywhere(UP),
    "nodder": everywhere(UP),
    "soft404": everywhere(FindingKind.MEDIA_ALIVE),
    "mediastays": everywhere(FindingKind.MEDIA_ALIVE),
    "geofencer": KOREA_FENCED,
    "cloaker": everywhere(UP) | {"office": FindingKind.CLOAKED},
    "redirector": everywhere(FindingKind.SENT_HOME),
    "loginwall": everywhere(FindingKind.LOGIN_WALLED),
    "reuploader": everywhere(GONE),
    "ratelimiter": everywhere(GONE),
}


def first_photo(eyes: Eyes, platform: str) -> Copy:
    return next(copy for copy in eyes.centre.copies(platform) if (copy.material or "").startswith("photo"))


def test_before_they_act_everybody_sees_every_copy(eyes: Eyes) -> None:
    for platform in AFTERWARDS:
        copy = first_photo(eyes, platform)
        assert eyes.findings(copy) == everywhere(UP), platform
        assert all(eyes.truth(copy).values()), platform


def test_a_copy_is_recognised_on_a_page_whose_media_were_not_known(eyes: Eyes) -> None:
    for platform in AFTERWARDS:
        copy = first_photo(eyes, platform)
        conclusion = eyes.conclusion(copy, media_known=False)
        assert conclusion.kind is UP, platform
        assert conclusion.matched, platform


def test_after_they_acted_each_vantage_finds_what_is_true_for_it(eyes: Eyes) -> None:
    copies = {platform: first_photo(eyes, platform) for platform in AFTERWARDS}
    for _ in range(2):
        for copy in copies.values():
            eyes.hand.report(copy)
        eyes.hand.hours(30)
    found = {platform: eyes.findings(copy) for platform, copy in copies.items()}
    assert found == AFTERWARDS
    for platform, copy in copies.items():
        sees = {vantage: kind in SEES for vantage, kind in found[platform].items()}
        assert sees == eyes.truth(copy), platform


def test_what_comes_back_is_back_and_not_merely_up(eyes: Eyes) -> None:
    copy = next(one for one in eyes.centre.copies("reuploader") if one.material == "photo-3")
    eyes.hand.report(copy)
    eyes.hand.hours(24)
    assert eyes.findings(copy, was_removed=True) == everywhere(GONE)
    eyes.hand.hours(10 * 24)
    assert eyes.findings(copy, was_removed=True) == everywhere(FindingKind.BACK)
    assert all(eyes.truth(copy).values())


def test_a_block_by_law_is_no_removal(eyes: Eyes) -> None:
    copy = first_photo(eyes, "refuser")
    eyes.hand.report(copy, to="regulator")
    eyes.hand.hours(80)
    assert eyes.findings(copy) == KOREA_FENCED
    assert {look.page for look in eyes.looks(eyes.sought(copy))} == {PageSeen.BLOCKED, PageSeen.PRESENT}


def test_the_page_alone_is_never_believed(eyes: Eyes) -> None:
    pretended = {"soft404": PageSeen.SAYS_REMOVED, "mediastays": PageSeen.MISSING}
    for platform, page in pretended.items():
        copy = first_photo(eyes, platform)
        eyes.hand.report(copy)
        eyes.hand.hours(24)
        looks = eyes.looks(eyes.sought(copy))
        assert {(look.page, look.media) for look in looks} == {(page, MediaSeen.MATCHING)}, platform


def test_a_redirect_home_with_the_media_gone_is_gone(eyes: Eyes) -> None:
    copy = first_photo(eyes, "redirector")
    eyes.hand.report(copy)
    eyes.hand.hours(24)
    looks = eyes.looks(eyes.sought(copy))
    assert {(look.page, look.media) for look in looks} == {(PageSeen.HOME, MediaSeen.MISSING)}


def test_a_host_that_turned_us_away_is_left_alone_until_it_wants_us_back(eyes: Eyes) -> None:
    copy = first_photo(eyes, "ratelimiter")
    for _ in range(4):
        assert eyes.findings(copy) == everywhere(UP)
    turned_away = eyes.conclusion(copy)  # the ninth request of each vantage in this hour
    assert turned_away.kind is FindingKind.UNKNOWN
    assert turned_away.look_not_before == eyes.centre.now + timedelta(hours=1)  # it is nine o'clock sharp
    asked = len(eyes.centre.internet.truth.requests())
    with pytest.raises(TooSoon) as too_soon:
        eyes.looks(eyes.sought(copy))
    assert too_soon.value.until == turned_away.look_not_before
    assert len(eyes.centre.internet.truth.requests()) == asked
    eyes.hand.clock.set(too_soon.value.until)
    assert eyes.findings(copy) == everywhere(UP)


def test_a_host_that_turns_us_away_half_way_gave_no_answer_about_the_media(eyes: Eyes) -> None:
    copy = first_photo(eyes, "ratelimiter")
    for _ in range(3):
        eyes.findings(copy)
    eyes.hand.ask(copy.page_url, "127.9.0.3")  # berlin's seventh; its page is the eighth, its media the ninth
    looks = {look.vantage: look for look in eyes.looks(eyes.sought(copy))}
    assert looks["berlin"].page is PageSeen.PRESENT
    assert looks["berlin"].media is MediaSeen.UNKNOWN
    assert looks["berlin"].look_not_before is not None
    assert looks["dallas"].media is MediaSeen.MATCHING


def test_a_picture_that_comes_with_a_404_is_still_there(eyes: Eyes, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = first_photo(eyes, "silent")
    platform = eyes.centre.internet.platforms["silent"]
    honest = platform.get

    def lying(visitor: Visitor, path: str, query: str, now: datetime) -> Answer:
        return replace(honest(visitor, path, query, now), status=404)

    monkeypatch.setattr(platform, "get", lying)
    looks = eyes.looks(eyes.sought(copy))
    assert {(look.page, look.media) for look in looks} == {(PageSeen.MISSING, MediaSeen.MATCHING)}
    other = eyes.looks(eyes.sought(replace(copy, media_url=copy.media_url.replace(copy.copy_id, "nowhere"))))
    assert {look.media for look in other} == {MediaSeen.MATCHING}  # the page still names it


def test_an_unrelated_picture_is_seen_as_another_one(eyes: Eyes) -> None:
    copy = eyes.centre.internet.truth.bystanders()[0]
    assert {look.media for look in eyes.looks(eyes.sought(copy))} == {MediaSeen.OTHER}


def test_where_media_may_not_be_fetched_none_is_asked_for(eyes: Eyes) -> None:
    copy = first_photo(eyes, "silent")
    for page in (copy.page_url, copy.media_url):
        before = len(eyes.centre.internet.truth.requests())
        named = replace(copy, page_url=page)
        looks = eyes.looks(eyes.sought(named, may_fetch_media=False))
        assert {look.media for look in looks} == {MediaSeen.UNKNOWN}
        paths = {request.path for request in eyes.centre.internet.truth.requests()[before:]}
        assert not any(path.startswith("/m/") for path in paths)


def test_a_host_that_always_turns_us_away_is_escalated_in_the_end(
    eyes: Eyes, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = first_photo(eyes, "ratelimiter")
    eyes.centre.report(eyes.centre.photo(copy.material or ""), locations=(copy.page_url,))
    eyes.centre.tick()
    monkeypatch.setattr(type(eyes.centre.internet.platforms["ratelimiter"]), "budget_an_hour", 0)
    monkeypatch.setattr(type(eyes.centre.internet.platforms["ratelimiter"]), "removes_on_notice", None)
    eyes.centre.pass_time(days=5)
    asked = [notice.party for notice in eyes.centre.internet.truth.notices()]
    assert asked[:3] == ["ratelimiter", "ratelimiter", "careful-hosting"]
