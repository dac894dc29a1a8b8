from dataclasses import replace
from datetime import timedelta

import pytest

from unseen.domain import limits
from unseen.domain.item import ItemFacts, Outcome, Stage
from unseen.domain.recheck import FindingKind
from unseen.domain.schedule import Recheck, Wait, next_step
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
def test_a_look_after_closing_comes_near_its_planned_hour_and_not_at_it(done: int, luck: float) -> None:
    plan = limits.WATCH_AFTER_CLOSING
    planned = plan[done] if done < len(plan) else limits.WATCH_EVERY
    facts = replace(CLOSED, rechecks_since_closing=done, luck=luck)
    step = next_step(facts, NOW)
    assert isinstance(step, Wait)
    assert abs((step.until - NOW) - planned) <= planned * limits.WATCH_SPREAD
    assert ((step.until - NOW) == planned) == (luck == 0.5)
    assert isinstance(next_step(facts, step.until), Recheck)
    assert isinstance(next_step(facts, step.until - timedelta(seconds=1)), Wait)
