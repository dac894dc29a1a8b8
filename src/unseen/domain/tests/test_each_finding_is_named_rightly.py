from datetime import timedelta

import pytest

from unseen.domain.recheck import (
    GONE_KINDS,
    SEEN_KINDS,
    Conclusion,
    FindingKind,
    Look,
    MediaSeen,
    PageSeen,
    conclude,
    seen_by_one,
)
from unseen.domain.tests.strategies import NOW, VANTAGES
from unseen.domain.tests.views import ALL, BLOCKED, GONE, MOVED, NOTHING, UP, WALL, looked

pytestmark = pytest.mark.thorough

HIDDEN = (*GONE_KINDS, FindingKind.GEOFENCED, FindingKind.RESOLVER_BLOCKED)


def hidden_and_seeing(looks: tuple[Look, ...]) -> tuple[list[Look], list[Look]]:
    hidden = [look for look in looks if seen_by_one(look) in HIDDEN]
    seeing = [look for look in looks if seen_by_one(look) in SEEN_KINDS]
    return hidden, seeing


def test_cloaked_means_hidden_from_our_own_address_and_from_nobody_else() -> None:
    for looks in ALL:
        hidden, seeing = hidden_and_seeing(looks)
        by_a_resolver = all(look.page is PageSeen.NO_NAME for look in hidden)
        at_the_place = [look for look in seeing if look.page not in (PageSeen.LISTED, PageSeen.NOT_LISTED)]
        ours_only = bool(at_the_place and hidden) and all(look.own_address for look in hidden)
        assert (conclude(looks).kind is FindingKind.CLOAKED) == (ours_only and not by_a_resolver)


def test_hidden_from_all_but_the_one_that_was_held_back_is_a_cloak() -> None:
    reserve = Look("reserve", "FR", False, *UP, held_back=True)
    for hidden in ((GONE,) * 4, (GONE, BLOCKED, GONE, GONE)):
        assert conclude((*looked(hidden), reserve)).kind is FindingKind.CLOAKED
    assert conclude((*looked((GONE, GONE, UP, UP)), reserve)).kind is FindingKind.GEOFENCED


def test_a_preview_in_a_search_result_is_a_copy_and_hides_nothing() -> None:
    search = Look("search", "FR", False, PageSeen.LISTED, MediaSeen.COPY)
    assert conclude((*looked((GONE,) * 4), search)).kind is FindingKind.COPY_ALIVE
    assert conclude((*looked((GONE, UP, UP, UP)), search)).kind is FindingKind.CLOAKED


def test_geofenced_means_that_no_country_is_on_both_sides_of_the_fence() -> None:
    for looks in ALL:
        if conclude(looks).kind is FindingKind.GEOFENCED:
            hidden, seeing = hidden_and_seeing(looks)
            assert {look.country for look in hidden}.isdisjoint(look.country for look in seeing)
            assert hidden


def test_hidden_from_one_home_line_while_its_own_country_sees_it_is_still_up() -> None:
    assert conclude(looked((UP, GONE, UP, UP))).kind is FindingKind.STILL_UP


def test_the_complainants_country_sees_nothing_and_others_do() -> None:
    conclusion = conclude(looked((GONE, BLOCKED, UP, UP)))
    assert conclusion.kind is FindingKind.GEOFENCED
    assert conclusion.proof == ("berlin", "dallas")
    assert [finding.kind for finding in conclusion.findings] == [
        FindingKind.GEOFENCED,
        FindingKind.GEOFENCED,
        FindingKind.STILL_UP,
        FindingKind.STILL_UP,
    ]


def test_blocked_everywhere_is_geofenced_not_gone() -> None:
    assert conclude(looked((BLOCKED,) * 4)).kind is FindingKind.GEOFENCED


def test_a_login_wall_hides_the_answer() -> None:
    assert conclude(looked((GONE, GONE, GONE, WALL))).kind is FindingKind.LOGIN_WALLED
    assert conclude(looked((WALL, WALL, UP, WALL))).kind is FindingKind.STILL_UP


def test_content_behind_a_redirect_has_moved() -> None:
    assert conclude(looked((MOVED,) * 4)).kind is FindingKind.MOVED


def test_back_is_said_only_after_removal_and_then_of_whatever_is_seen() -> None:
    for looks in ALL:
        assert conclude(looks).kind is not FindingKind.BACK
        conclusion = conclude(looks, was_removed=True)
        assert (conclusion.kind is FindingKind.BACK) == conclusion.matched
        if not conclusion.matched:
            assert conclusion == conclude(looks)


def test_a_vantage_that_is_shown_nothing_while_another_sees_it_did_not_find_it_gone() -> None:
    for looks in ALL:
        conclusion = conclude(looks)
        if conclusion.matched:
            assert FindingKind.GONE not in [finding.kind for finding in conclusion.findings]


def test_there_is_one_finding_for_each_look_in_its_order() -> None:
    for looks in ALL[::7]:
        findings = conclude(looks).findings
        assert [(finding.vantage, finding.country) for finding in findings] == [
            (look.vantage, look.country) for look in looks
        ]


def test_the_longest_wait_that_any_host_asked_for_counts() -> None:
    short, long = NOW + timedelta(hours=1), NOW + timedelta(hours=9)
    waits = (None, short, long, None)
    looks = [Look(*vantage, *NOTHING, wait) for vantage, wait in zip(VANTAGES, waits, strict=True)]
    conclusion: Conclusion = conclude(looks)
    assert conclusion.look_not_before == long
