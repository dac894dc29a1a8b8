from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
from unseen.domain.tests.strategies import VANTAGES
from unseen.domain.tests.views import ALL, GONE, KINDS, NOTHING, VIEWS, WORSE, looked

pytestmark = pytest.mark.thorough

# Few countries, so that proof from two is neither rare nor certain.
ANY_LOOK = st.builds(
    Look,
    vantage=st.text("abcdefghij", min_size=1, max_size=1),
    country=st.sampled_from(("KR", "DE", "US")),
    own_address=st.booleans(),
    page=st.sampled_from(PageSeen),
    media=st.sampled_from((*MediaSeen, MediaSeen.MISSING, MediaSeen.MISSING, MediaSeen.MISSING)),
    held_back=st.booleans(),
)
CONTENT = (MediaSeen.MATCHING, MediaSeen.COPY)
NOT_SHOWN = (MediaSeen.MISSING, MediaSeen.OTHER)


def test_one_look_shows_one_thing() -> None:
    shown = {view: seen_by_one(Look("berlin", "DE", False, *view)) for view in VIEWS}
    assert set(shown.values()) == set(FindingKind) - {FindingKind.CLOAKED, FindingKind.BACK}
    for (page, media), kind in shown.items():
        assert (kind in SEEN_KINDS) == (media in CONTENT)
        if kind in GONE_KINDS:
            assert media in NOT_SHOWN
            assert page not in (PageSeen.FAILED, PageSeen.TURNED_AWAY, PageSeen.LOGIN_WALL, PageSeen.BLOCKED)
            assert page not in (PageSeen.NO_NAME, PageSeen.LISTED, PageSeen.NOT_LISTED)


def assert_proven(looks: Sequence[Look], conclusion: Conclusion) -> None:
    proof = [look for look in looks if look.vantage in conclusion.proof]
    assert len({look.vantage for look in proof}) >= 2
    assert len({look.country for look in proof}) >= 2
    assert all(look.media in NOT_SHOWN for look in proof)
    for look in looks:
        assert look.media not in (*CONTENT, MediaSeen.LOGIN_WALL)
        assert look.page not in (PageSeen.TURNED_AWAY, PageSeen.FAILED, PageSeen.LOGIN_WALL)
        if look.media is MediaSeen.UNKNOWN:  # not asked: a block by law or by a resolver stood before it
            assert look.page in (PageSeen.NO_NAME, PageSeen.BLOCKED)
        if look.page is PageSeen.NO_NAME:
            assert look.country in {one.country for one in proof}


def test_gone_needs_two_vantages_in_two_countries_and_none_that_sees_it_or_was_turned_away() -> None:
    found = 0
    for looks in ALL:
        conclusion = conclude(looks)
        if conclusion.kind is FindingKind.GONE:
            found += 1
            assert_proven(looks, conclusion)
    assert found > 100


@settings(max_examples=2_000, deadline=None)
@given(st.lists(ANY_LOOK, max_size=9, unique_by=lambda look: look.vantage), st.booleans())
def test_no_random_set_of_looks_is_gone_when_one_got_it_or_proof_is_lacking(
    looks: list[Look], was_removed: bool
) -> None:
    conclusion = conclude(looks, was_removed=was_removed)
    got = [look for look in looks if look.media in CONTENT]
    assert conclusion.matched == bool(got)
    assert (conclusion.kind in (FindingKind.GONE, FindingKind.UNKNOWN)) <= (not got)
    kinds = {finding.vantage: finding.kind for finding in conclusion.findings}
    if conclusion.kind is FindingKind.GONE:
        assert_proven(looks, conclusion)
    else:
        assert GONE_KINDS.isdisjoint(kinds.values())
    assert {name for name, kind in kinds.items() if kind in SEEN_KINDS} == {look.vantage for look in got}


@settings(max_examples=1_000, deadline=None)
@given(st.lists(ANY_LOOK, min_size=1, max_size=7, unique_by=lambda look: look.vantage), st.data())
def test_one_more_vantage_that_sees_nothing_clear_never_makes_gone_of_what_was_not(
    looks: list[Look], data: st.DataObject
) -> None:
    unclear = data.draw(ANY_LOOK.filter(lambda look: seen_by_one(look) not in GONE_KINDS))
    more = [*looks, replace(unclear, vantage="one more")]
    if conclude(looks).kind is not FindingKind.GONE:
        assert conclude(more).kind is not FindingKind.GONE


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
        assert conclusion.matched == any(look.media in CONTENT for look in looks)


def test_what_is_seen_by_anybody_is_never_gone_nor_unknown() -> None:
    for looks in ALL:
        conclusion = conclude(looks)
        if conclusion.matched:
            assert conclusion.kind not in (FindingKind.GONE, FindingKind.UNKNOWN, FindingKind.LOGIN_WALLED)
