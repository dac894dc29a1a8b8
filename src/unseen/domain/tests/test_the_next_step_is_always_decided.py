from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unseen.domain import item
from unseen.domain.item import ItemFacts, NoticeFacts, NoticeState, Outcome, Stage
from unseen.domain.recheck import Conclusion, FindingKind
from unseen.domain.schedule import (
    RULES,
    Accept,
    Ask,
    Close,
    Recheck,
    Reopen,
    Rest,
    SendNotice,
    Step,
    Wait,
    next_step,
)
from unseen.domain.tests.strategies import NOW, item_facts, often

pytestmark = pytest.mark.thorough

OPEN = tuple(stage for stage in Stage if stage is not Stage.CLOSED)


def carried_out(facts: ItemFacts, step: Step) -> ItemFacts:
    """What the engine does with a decision, without the world."""
    match step:
        case Accept():
            return item.accepted(facts)
        case SendNotice(rung=rung):
            facts = item.escalated(facts)
            return replace(facts, notices=(*facts.notices, NoticeFacts(rung, NoticeState.READY)))
        case Ask(question=question):
            return item.questioned(facts, question)
        case Close(outcome=outcome):
            return item.closed(facts, outcome, NOW)
        case Reopen():
            return item.reopened(facts)
        case Recheck() | Wait() | Rest():
            return facts


@often
@given(item_facts())
def test_whatever_the_facts_there_is_one_step_and_it_is_legal(facts: ItemFacts) -> None:
    step = next_step(facts, NOW)
    assert step == next_step(facts, NOW)
    carried_out(facts, step)


@often
@given(item_facts())
def test_a_wait_ends_in_the_future(facts: ItemFacts) -> None:
    step = next_step(facts, NOW)
    if isinstance(step, Wait):
        assert step.until > NOW


@often
@given(item_facts(OPEN))
def test_an_open_item_is_never_laid_to_rest(facts: ItemFacts) -> None:
    assert not isinstance(next_step(facts, NOW), Rest)


@often
@given(item_facts())
def test_a_decision_carried_out_leads_to_a_look_or_a_wait_within_four_steps(facts: ItemFacts) -> None:
    steps: list[Step] = []
    for _ in range(4):
        steps.append(next_step(facts, NOW))
        if isinstance(steps[-1], Recheck | Wait | Rest):
            return
        facts = carried_out(facts, steps[-1])
    raise AssertionError(f"no end to: {steps}")


@often
@given(item_facts())
def test_asking_a_person_never_stops_the_looks(facts: ItemFacts) -> None:
    step = next_step(facts, NOW)
    if isinstance(step, Ask):
        after = item.questioned(facts, step.question)
        for days in range(40):
            later = next_step(after, NOW + timedelta(days=days))
            assert isinstance(later, Recheck | Wait)
        assert isinstance(later, Recheck)


@often
@given(item_facts(OPEN), st.integers(0, 300))
def test_an_open_item_never_waits_longer_than_a_day_unless_the_host_asked_for_it(
    facts: ItemFacts, hours: int
) -> None:
    now = NOW + timedelta(hours=hours)
    step = next_step(facts, now)
    if isinstance(step, Wait):
        latest = now + timedelta(hours=24)
        assert step.until <= max(latest, facts.look_not_before or latest)


@often
@given(item_facts((Stage.CLOSED,)))
def test_only_what_is_not_ours_any_more_rests(facts: ItemFacts) -> None:
    over = (Outcome.WITHDRAWN, Outcome.OUT_OF_SCOPE, Outcome.DUPLICATE)
    if isinstance(next_step(facts, NOW), Rest):
        assert facts.outcome in over
        assert facts.withdrawn_at is None or facts.outcome is Outcome.WITHDRAWN


def test_an_item_that_nobody_can_see_for_a_year_is_looked_at_every_day_and_never_gone() -> None:
    facts = ItemFacts(Stage.REVIEW, NOW)
    unknown = Conclusion(FindingKind.UNKNOWN, (), (), matched=False)
    for day in range(1, 366):
        now = NOW + timedelta(days=day)
        assert isinstance(next_step(facts, now), Recheck)
        facts = item.rechecked(facts, unknown, now)
        assert facts.gone_since is None
        assert isinstance(next_step(facts, now), Wait)


def test_the_order_of_the_rules_is_the_policy() -> None:
    assert [rule.__name__ for rule in RULES] == [
        "withdrawn",
        "when_closed",
        "first_look",
        "in_review",
        "gone",
        "first_notice",
        "notice_in_hand",
        "they_answered",
        "deadline_passed",
        "routine",
    ]
