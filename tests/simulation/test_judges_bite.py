"""Planted bugs: each is a mistake that somebody could make in the domain, and a judge must catch it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.simulation.tally import tally_lives
from unseen.domain import item, limits, recheck, schedule
from unseen.domain.item import Event, ItemFacts, Outcome, Stage
from unseen.domain.ladder import RungRule
from unseen.domain.notice import Deadline, Law, Rung
from unseen.domain.recheck import Conclusion, FindingKind, Look

pytestmark = pytest.mark.slow  # hundreds of lives for each planted bug

LIVES = 300
Plant = Callable[[pytest.MonkeyPatch], None]
PLANTS: dict[str, tuple[Plant, str]] = {}


def planted(judge: str) -> Callable[[Plant], Plant]:
    """Name the judge that has to catch this bug."""

    def put(plant: Plant) -> Plant:
        PLANTS[plant.__name__] = (plant, judge)
        return plant

    return put


def without(rule: schedule.Rule) -> tuple[schedule.Rule, ...]:
    return tuple(other for other in schedule.RULES if other is not rule)


def instead_of(rule: schedule.Rule, other: schedule.Rule) -> tuple[schedule.Rule, ...]:
    return tuple(other if each is rule else each for each in schedule.RULES)


@planted("promise 2")
def a_withdrawal_is_not_read(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(schedule, "RULES", without(schedule.withdrawn))


@planted("promise 2")
def a_withdrawal_comes_after_the_notices(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        schedule, "RULES", (*without(schedule.withdrawn)[:-1], schedule.withdrawn, schedule.routine)
    )


@planted("promise 3")
def the_next_rung_is_the_last_one_again(patch: pytest.MonkeyPatch) -> None:
    def again(facts: ItemFacts) -> Rung | None:
        if facts.notice is not None:
            return facts.notice.rung
        return facts.ladder[0] if facts.ladder else None

    patch.setattr(ItemFacts, "next_rung", property(again))


@planted("promise 3")
def a_new_round_starts_when_it_cannot_be_seen(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(schedule, "_UP", (*schedule._UP, FindingKind.UNKNOWN))


@planted("promise 4")
def a_refused_item_is_laid_to_rest(patch: pytest.MonkeyPatch) -> None:
    def rests(facts: ItemFacts, now: datetime) -> schedule.Step | None:
        if facts.outcome is Outcome.REFUSED:
            return schedule.Rest("they refused")
        return schedule.when_closed(facts, now)

    patch.setattr(schedule, "RULES", instead_of(schedule.when_closed, rests))


@planted("promise 4")
def watching_thins_out_without_end(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(limits, "WATCH_AFTER_CLOSING", (timedelta(days=1), timedelta(days=100)))


@planted("return is strong")
def a_return_starts_at_the_foot_of_the_ladder(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(item, "strongest", lambda *_: None)


@planted("return is strong")
def a_return_starts_with_what_worked_first(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(item, "strongest", lambda worked, *_: next(iter(worked), None))


@planted("promise 4")
def an_item_waits_until_now(patch: pytest.MonkeyPatch) -> None:
    def look_at(at: datetime, now: datetime, rule: str) -> schedule.Step:
        return schedule.Recheck(rule) if now > at else schedule.Wait(at, rule)

    patch.setattr(schedule, "_look_at", look_at)


@planted("promise 5")
def gone_counts_at_once(patch: pytest.MonkeyPatch) -> None:
    def gone(facts: ItemFacts, now: datetime) -> bool:
        return facts.gone_since is not None

    patch.setattr(schedule, "_gone_and_holding", gone)


@planted("promise 5")
def gone_from_one_vantage_is_enough(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(recheck, "PROOF_VANTAGES_MIN", 1)
    patch.setattr(recheck, "PROOF_COUNTRIES_MIN", 1)
    conclude = recheck.conclude

    def of_one(looks: Sequence[Look], *, was_removed: bool = False) -> Conclusion:
        return conclude(looks[:1], was_removed=was_removed)

    patch.setattr(recheck, "conclude", of_one)


@planted("promise 5")
def unknown_counts_as_gone(patch: pytest.MonkeyPatch) -> None:
    conclude = recheck.conclude

    def hopeful(looks: Sequence[Look], *, was_removed: bool = False) -> Conclusion:
        conclusion = conclude(looks, was_removed=was_removed)
        return (
            replace(conclusion, kind=FindingKind.GONE)
            if conclusion.kind is FindingKind.UNKNOWN
            else conclusion
        )

    patch.setattr(recheck, "conclude", hopeful)


@planted("promise 5")
def an_unknown_look_leaves_gone_since_as_it_was(patch: pytest.MonkeyPatch) -> None:
    rechecked = item.rechecked

    def forgiving(facts: ItemFacts, conclusion: Conclusion, now: datetime) -> ItemFacts:
        after = rechecked(facts, conclusion, now)
        return replace(after, gone_since=after.gone_since or facts.gone_since)

    patch.setattr(item, "rechecked", forgiving)


@planted("promise 5")
def an_old_look_is_proof(patch: pytest.MonkeyPatch) -> None:
    def stale(facts: ItemFacts, now: datetime) -> bool:
        if facts.gone_since is None or facts.last_recheck_at is None:
            return False
        return facts.last_recheck_at - facts.gone_since >= limits.GONE_HOLDS_FOR

    patch.setattr(schedule, "_gone_and_holding", stale)


@planted("promise 8")
def the_clock_starts_before_the_receipt(patch: pytest.MonkeyPatch) -> None:
    deadline_for = schedule.deadline_for

    def early(law: Law, received_at: datetime, rule: RungRule | None = None) -> Deadline:
        return deadline_for(law, received_at - timedelta(minutes=1), rule)

    patch.setattr(schedule, "deadline_for", early)


@planted("promise 8")
def half_a_day_before_the_deadline_is_near_enough(patch: pytest.MonkeyPatch) -> None:
    def early(facts: ItemFacts, now: datetime) -> schedule.Step | None:
        if facts.notice is None or facts.notice.deadline_at is None:
            return None
        other = replace(facts.notice, deadline_at=facts.notice.deadline_at - timedelta(hours=12))
        return schedule.deadline_passed(replace(facts, notices=(*facts.notices[:-1], other)), now)

    patch.setattr(schedule, "RULES", instead_of(schedule.deadline_passed, early))


@planted("promise 8")
def the_deadline_is_computed_again_from_another_law(patch: pytest.MonkeyPatch) -> None:
    def again(facts: ItemFacts, now: datetime) -> schedule.Step | None:
        if facts.notice is None or facts.notice.received_at is None:
            return None
        other = replace(facts.notice, deadline_at=facts.notice.received_at + timedelta(hours=20))
        return schedule.deadline_passed(replace(facts, notices=(*facts.notices[:-1], other)), now)

    patch.setattr(schedule, "RULES", instead_of(schedule.deadline_passed, again))


@planted("promise 10")
def the_daily_look_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(limits, "LOOK_DAILY", timedelta(days=400))


@planted("promise 10")
def asking_a_person_stops_the_looks(patch: pytest.MonkeyPatch) -> None:
    def stops(facts: ItemFacts, now: datetime) -> schedule.Step | None:
        step = schedule.in_review(facts, now)
        return schedule.Wait(now + timedelta(days=400), "a person was asked") if step else None

    patch.setattr(schedule, "RULES", instead_of(schedule.in_review, stops))


@planted("promise 10")
def a_host_may_send_us_away_for_ten_years(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(limits, "RETRY_AFTER_MAX", timedelta(days=36_500))


@planted("ends honest")
def a_return_behind_a_fence_is_no_return(patch: pytest.MonkeyPatch) -> None:
    conclude = recheck.conclude

    def never_back(looks: Sequence[Look], *, was_removed: bool = False) -> Conclusion:
        return conclude(looks)

    patch.setattr(recheck, "conclude", never_back)


@planted("ends honest")
def everything_ends_as_refused(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(schedule, "_outcome_at_the_end", lambda _facts: Outcome.REFUSED)


@planted("ends honest")
def a_closed_item_is_never_found_gone(patch: pytest.MonkeyPatch) -> None:
    def watches(facts: ItemFacts, now: datetime) -> schedule.Step | None:
        held = facts if facts.outcome is Outcome.REMOVED else replace(facts, gone_since=None)
        return schedule.when_closed(held, now)

    patch.setattr(schedule, "RULES", instead_of(schedule.when_closed, watches))


@planted("notice is true")
def a_notice_goes_out_while_it_seems_gone(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(schedule, "RULES", without(schedule.gone))


@planted("notice is true")
def a_notice_goes_out_without_a_match(patch: pytest.MonkeyPatch) -> None:
    def accepts(facts: ItemFacts, now: datetime) -> schedule.Step | None:
        if schedule.first_look(facts, now) is None:
            return None
        return schedule.Accept("somebody reported it")

    patch.setattr(schedule, "RULES", instead_of(schedule.first_look, accepts))
    patch.setattr(item, "MOVES", {**item.MOVES, (Stage.RECEIVED, Event.ACCEPTED): Stage.NOTICE})


@planted("look storm")
def the_looks_come_every_hour(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(limits, "LOOK_DAILY", timedelta(hours=1))


@planted("look storm")
def turns_of_gone_and_unknown_never_end(patch: pytest.MonkeyPatch) -> None:
    rechecked = item.rechecked

    def forgets(facts: ItemFacts, conclusion: Conclusion, now: datetime) -> ItemFacts:
        after = rechecked(facts, conclusion, now)
        return replace(after, unknown_in_a_row=0) if conclusion.kind is FindingKind.GONE else after

    patch.setattr(item, "rechecked", forgets)


@planted("GoesInCircles")
def an_answer_is_looked_at_again_and_again(patch: pytest.MonkeyPatch) -> None:
    def again(facts: ItemFacts, now: datetime) -> schedule.Step | None:
        if facts.notice is None or facts.notice.refused_at is None:
            return None
        return schedule.Recheck("they answered: is it so?")

    patch.setattr(schedule, "RULES", instead_of(schedule.they_answered, again))


@pytest.mark.parametrize("name", PLANTS)
def test_a_planted_bug_is_caught_by_its_judge(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plant, judge = PLANTS[name]
    plant(monkeypatch)
    for first in range(0, LIVES, 20):
        tally = tally_lives(1, range(first, first + 20))
        if any(verdict.startswith(judge) for broken in tally.broken for verdict in broken.verdicts):
            return
    pytest.fail(f"{judge} let it pass for {LIVES} lives")
