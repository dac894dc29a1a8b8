from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unseen.domain import item as rules_of_items
from unseen.domain.item import ItemFacts, NoticeFacts, NoticeState, Outcome, Stage
from unseen.domain.ladder import Earlier, Need, Role, RungRule, climb_from, strongest
from unseen.domain.notice import Rung
from unseen.domain.recheck import FindingKind
from unseen.domain.schedule import SendNotice, next_step
from unseen.domain.tests.strategies import NOW

RULES = (
    RungRule(Rung.PLATFORM, Role.PLATFORM),
    RungRule(Rung.PLATFORM_FINAL, Role.PLATFORM, frozenset({Need.NOT_REFUSED})),
    RungRule(Rung.HOST, Role.HOST),
    RungRule(Rung.REGISTRAR, Role.REGISTRAR, notices_before_min=1),
    RungRule(Rung.APP_STORE, Role.APP_STORE, frozenset({Need.RECEIPT_PROVEN}), notices_before_min=3),
    RungRule(Rung.REGULATOR, Role.REGULATOR),
)
EVERY_RUNG = tuple(rule.rung for rule in RULES)


def returned(*worked: Rung, ladder: tuple[Rung, ...] = EVERY_RUNG, before: int = 1) -> ItemFacts:
    return ItemFacts(
        Stage.NOTICE,
        NOW,
        round=len(worked) + 1,
        matched=True,
        last_finding=FindingKind.BACK,
        ladder=ladder,
        rules=RULES,
        earlier=Earlier(worked, before),
    )


def climbed(facts: ItemFacts) -> list[Rung]:
    """The rungs in the order in which they are taken when nobody does anything."""
    found = []
    while (rung := facts.next_rung) is not None:
        found.append(rung)
        sent = NoticeFacts(rung, NoticeState.SENT, received_at=NOW)
        facts = replace(facts, notices=(*facts.notices, sent))
    return found


def test_the_rung_that_removed_it_is_asked_first_then_those_above_it_and_the_skipped_ones_last() -> None:
    assert climbed(returned(Rung.HOST, before=3)) == [
        Rung.HOST,
        Rung.REGISTRAR,
        Rung.APP_STORE,
        Rung.REGULATOR,
        Rung.PLATFORM,
        Rung.PLATFORM_FINAL,
    ]


def test_of_several_that_worked_the_strongest_goes_first() -> None:
    assert climbed(returned(Rung.PLATFORM, Rung.REGISTRAR, Rung.HOST))[0] is Rung.REGISTRAR


def test_who_removed_it_at_the_second_notice_gets_no_first_one_any_more() -> None:
    found = climbed(returned(Rung.PLATFORM_FINAL))
    assert found[0] is Rung.PLATFORM_FINAL
    assert Rung.PLATFORM not in found


def test_what_worked_and_leads_to_nobody_any_more_gives_way_to_the_next_strongest() -> None:
    ladder = tuple(rung for rung in EVERY_RUNG if rung is not Rung.REGULATOR)
    assert climbed(returned(Rung.HOST, Rung.REGULATOR, ladder=ladder))[0] is Rung.HOST
    assert climbed(returned(Rung.REGULATOR, ladder=ladder))[0] is Rung.PLATFORM


def test_a_return_does_not_wipe_out_the_record_that_a_rung_needs() -> None:
    assert Rung.APP_STORE not in climbed(returned(Rung.HOST, ladder=(Rung.HOST, Rung.APP_STORE), before=1))
    assert Rung.APP_STORE in climbed(returned(Rung.HOST, ladder=(Rung.HOST, Rung.APP_STORE), before=2))


def test_the_step_says_that_it_is_the_way_that_worked() -> None:
    step = next_step(returned(Rung.HOST), NOW)
    assert step == SendNotice(Rung.HOST, "it is back: first the strongest way that removed it before")


@pytest.mark.parametrize(
    ("states", "worked"),
    [
        ((NoticeState.SENT,), (Rung.PLATFORM,)),
        ((NoticeState.SENT, NoticeState.SENT), (Rung.PLATFORM_FINAL,)),
        ((NoticeState.SENT, NoticeState.FAILED), (Rung.PLATFORM,)),  # what never arrived removed nothing
        ((NoticeState.UNCERTAIN,), ()),
    ],
)
def test_the_last_notice_that_was_received_is_taken_to_have_worked(
    states: tuple[NoticeState, ...], worked: tuple[Rung, ...]
) -> None:
    notices = tuple(NoticeFacts(rung, state) for rung, state in zip(EVERY_RUNG, states, strict=False))
    closed = replace(returned(), stage=Stage.CLOSED, outcome=Outcome.REMOVED, closed_at=NOW, notices=notices)
    after = rules_of_items.reopened(closed)
    assert after.earlier == Earlier(worked, 1 + len(notices))
    assert after.start is (worked[0] if worked else None)


@given(st.lists(st.sampled_from(EVERY_RUNG), max_size=4), st.sets(st.sampled_from(EVERY_RUNG)))
def test_every_climb_takes_each_rung_at_most_once_and_begins_with_the_strongest(
    worked: list[Rung], leads_to: set[Rung]
) -> None:
    ladder = tuple(rung for rung in EVERY_RUNG if rung in leads_to)
    facts = returned(*worked, ladder=ladder, before=9)
    found = climbed(facts)
    assert len(found) == len(set(found)) <= len(ladder)
    start = strongest(worked, ladder, RULES)
    if start is not None:
        assert found[0] is start
    order = climb_from(start, RULES)
    assert [order.index(rung) for rung in found] == sorted(order.index(rung) for rung in found)


def test_a_rung_that_is_found_out_later_does_not_turn_the_climb_round() -> None:
    begun = returned(Rung.PLATFORM, Rung.HOST, ladder=(Rung.PLATFORM, Rung.REGULATOR))
    first = NoticeFacts(
        Rung.PLATFORM, NoticeState.SENT, received_at=NOW, deadline_at=NOW + timedelta(hours=1)
    )
    begun = replace(begun, notices=(first,), ladder=EVERY_RUNG)
    assert climbed(begun) == [Rung.PLATFORM_FINAL, Rung.HOST, Rung.REGISTRAR, Rung.APP_STORE, Rung.REGULATOR]
