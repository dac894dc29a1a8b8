from itertools import combinations, product

import pytest

from unseen.domain.recheck import FindingKind, Look, MediaSeen, PageSeen, conclude, seen_by_one
from unseen.domain.tests.strategies import VANTAGES
from unseen.domain.tests.views import ALL, GONE, KINDS, NOTHING, VIEWS, WORSE, looked


def test_one_look_shows_one_thing() -> None:
    shown = {view: seen_by_one(Look("berlin", "DE", False, *view)) for view in VIEWS}
    assert set(shown.values()) == {
        FindingKind.GONE,
        FindingKind.STILL_UP,
        FindingKind.MOVED,
        FindingKind.GEOFENCED,
        FindingKind.LOGIN_WALLED,
        FindingKind.UNKNOWN,
    }
    for (page, media), kind in shown.items():
        if media is MediaSeen.MATCHING:
            assert kind in (FindingKind.STILL_UP, FindingKind.MOVED)
        if kind is FindingKind.GONE:
            assert media in (MediaSeen.MISSING, MediaSeen.OTHER)
            assert page not in (PageSeen.FAILED, PageSeen.TURNED_AWAY, PageSeen.LOGIN_WALL, PageSeen.BLOCKED)


def test_gone_needs_two_vantages_in_two_countries_and_none_that_sees_it_or_was_turned_away() -> None:
    found = 0
    for looks in ALL:
        conclusion = conclude(looks)
        if conclusion.kind is not FindingKind.GONE:
            continue
        found += 1
        proof = [look for look in looks if look.vantage in conclusion.proof]
        assert len({look.vantage for look in proof}) >= 2
        assert len({look.country for look in proof}) >= 2
        assert all(look.media in (MediaSeen.MISSING, MediaSeen.OTHER) for look in proof)
        for look in looks:
            assert look.media not in (MediaSeen.MATCHING, MediaSeen.UNKNOWN, MediaSeen.LOGIN_WALL)
            assert look.page not in (PageSeen.TURNED_AWAY, PageSeen.FAILED, PageSeen.LOGIN_WALL)
    assert found > 100


def test_gone_from_everywhere_is_gone() -> None:
    for size in (3, 4):
        for vantages in combinations(VANTAGES, size):
            assert conclude(looked((GONE,) * size, vantages)).kind is FindingKind.GONE


@pytest.mark.parametrize("count", [0, 1])
def test_gone_from_fewer_than_two_vantages_is_unknown(count: int) -> None:
    assert conclude(looked((GONE,) * count)).kind is FindingKind.UNKNOWN


def test_gone_from_one_country_only_is_unknown() -> None:
    assert conclude(looked((GONE, GONE), VANTAGES[:2])).kind is FindingKind.UNKNOWN


def test_a_worse_view_from_one_vantage_never_turns_anything_into_gone() -> None:
    for vantages in (VANTAGES[1:3], VANTAGES[:3], VANTAGES):
        for views in product(KINDS, repeat=len(vantages)):
            if conclude(looked(views, vantages)).kind is FindingKind.GONE:
                continue
            for place, view in enumerate(views):
                for worse in KINDS:
                    if WORSE[worse] >= WORSE[view]:
                        changed = (*views[:place], worse, *views[place + 1 :])
                        assert conclude(looked(changed, vantages)).kind is not FindingKind.GONE


def test_where_nobody_sees_anything_clear_the_conclusion_is_unknown_and_has_no_proof() -> None:
    conclusion = conclude(looked((NOTHING, GONE, NOTHING, NOTHING)))
    assert (conclusion.kind, conclusion.proof, conclusion.matched) == (FindingKind.UNKNOWN, (), False)


def test_matched_means_that_somebody_got_the_content_itself() -> None:
    for looks in ALL:
        conclusion = conclude(looks)
        assert conclusion.matched == any(look.media is MediaSeen.MATCHING for look in looks)


def test_what_is_seen_by_anybody_is_never_gone_nor_unknown() -> None:
    for looks in ALL:
        conclusion = conclude(looks)
        if conclusion.matched:
            assert conclusion.kind not in (FindingKind.GONE, FindingKind.UNKNOWN, FindingKind.LOGIN_WALLED)
