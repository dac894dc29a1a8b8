from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from unseen.domain import item
from unseen.domain.item import MOVES, Event, IllegalMove, ItemFacts, Outcome, Stage
from unseen.domain.notice import Rung
from unseen.domain.tests.strategies import NOW


def at(stage: Stage) -> ItemFacts:
    return ItemFacts(stage, NOW - timedelta(days=3))


@pytest.mark.parametrize(("stage", "event"), [pair for pair in product(Stage, Event) if pair not in MOVES])
def test_an_event_that_is_not_in_the_table_is_refused_and_changes_nothing(stage: Stage, event: Event) -> None:
    before = at(stage)
    with pytest.raises(IllegalMove, match=f"'{event}'.*'{stage}'"):
        item.moved(before, event)
    assert before == at(stage)


@pytest.mark.parametrize(("stage", "event"), MOVES)
def test_an_event_of_the_table_changes_the_stage_and_nothing_else(stage: Stage, event: Event) -> None:
    after = item.moved(at(stage), event)
    assert after == replace(at(stage), stage=MOVES[stage, event])


def test_the_table_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        MOVES[Stage.CLOSED, Event.MATCHED] = Stage.NOTICE  # type: ignore[index]  # that it fails is the point


def reached_from(start: Stage) -> set[Stage]:
    known = {start}
    while more := {to for (stage, _), to in MOVES.items() if stage in known} - known:
        known |= more
    return known


def test_every_stage_can_be_reached_from_the_first() -> None:
    assert reached_from(Stage.RECEIVED) == set(Stage)


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_can_be_closed_in_one_move_by_withdrawal(stage: Stage) -> None:
    after = item.closed(at(stage), Outcome.WITHDRAWN, NOW)
    assert (after.stage, after.outcome, after.closed_at) == (Stage.CLOSED, Outcome.WITHDRAWN, NOW)


def test_every_event_is_good_for_something() -> None:
    assert {event for _, event in MOVES} == set(Event)


def test_closing_answers_the_question_and_starts_the_watch_anew() -> None:
    before = replace(at(Stage.NOTICE), question="Who hosts it?", rechecks_since_closing=4)
    after = item.closed(before, Outcome.REMOVED, NOW)
    assert (after.question, after.rechecks_since_closing) == ("", 0)


def test_the_first_notice_of_a_round_is_no_escalation() -> None:
    before = at(Stage.NOTICE)
    assert item.escalated(before) == before


def test_only_an_item_that_nobody_accepted_waits_in_review() -> None:
    assert item.questioned(at(Stage.RECEIVED), "right?").stage is Stage.REVIEW
    assert item.questioned(at(Stage.NOTICE), "did it go?").stage is Stage.NOTICE


def test_coming_back_opens_a_new_round_with_every_rung_free_again() -> None:
    notices = (item.NoticeFacts(Rung.PLATFORM, item.NoticeState.SENT),)
    closed = replace(
        at(Stage.CLOSED), outcome=Outcome.REMOVED, closed_at=NOW, notices=notices, ladder=tuple(Rung)
    )
    after = item.reopened(closed)
    assert (after.stage, after.round, after.outcome, after.closed_at) == (Stage.NOTICE, 2, None, None)
    assert after.next_rung is Rung.PLATFORM
