from dataclasses import replace
from datetime import timedelta

import pytest

from unseen.domain import limits
from unseen.domain.item import ItemFacts, Outcome, Stage
from unseen.domain.recheck import FindingKind
from unseen.domain.schedule import Close, Recheck, Wait, next_step
from unseen.domain.tests.strategies import NOW

CLOSED = ItemFacts(
    stage=Stage.CLOSED,
    opened_at=NOW,
    outcome=Outcome.REMOVED,
    closed_at=NOW,
    last_recheck_at=NOW,
    last_finding=FindingKind.GONE,
)


@pytest.mark.parametrize("done", range(8))
@pytest.mark.parametrize("luck", [0.0, 0.3, 0.5, 0.999])
def test_a_look_after_closing_comes_somewhat_after_its_planned_hour(done: int, luck: float) -> None:
    plan = limits.WATCH_AFTER_CLOSING
    planned = plan[done] if done < len(plan) else limits.WATCH_EVERY
    facts = replace(CLOSED, rechecks_since_closing=done, luck=luck)
    step = next_step(facts, NOW)
    assert isinstance(step, Wait)
    assert step.until - NOW == planned * (1 + limits.WATCH_STRETCH_MAX * luck)
    assert isinstance(next_step(facts, step.until), Recheck)
    assert isinstance(next_step(facts, step.until - timedelta(seconds=1)), Wait)


@pytest.mark.parametrize("luck", [0.0, 0.3, 0.999])
def test_the_look_that_confirms_a_removal_comes_after_six_hours_or_up_to_twelve(luck: float) -> None:
    gone = replace(CLOSED, stage=Stage.RECHECK, outcome=None, closed_at=None, gone_since=NOW, luck=luck)
    step = next_step(gone, NOW)
    assert isinstance(step, Wait)
    assert limits.GONE_HOLDS_FOR <= step.until - NOW < 2 * limits.GONE_HOLDS_FOR
    assert (step.until - NOW == limits.GONE_HOLDS_FOR) == (luck == 0)
    confirmed = replace(gone, last_recheck_at=step.until)
    assert next_step(confirmed, step.until) == Close(Outcome.REMOVED, "gone from every vantage, and it holds")
