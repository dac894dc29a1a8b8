from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from unseen.domain import item, limits
from unseen.domain.item import ItemFacts, NoticeFacts, NoticeState, Outcome, Stage
from unseen.domain.notice import Rung
from unseen.domain.recheck import Conclusion, FindingKind, Look, MediaSeen, PageSeen, conclude
from unseen.domain.schedule import Close, Recheck, Reopen, Wait, next_step
from unseen.domain.tests.strategies import NOW, VANTAGES, item_facts, looks, often

GONE = tuple(Look(*vantage, PageSeen.MISSING, MediaSeen.MISSING) for vantage in VANTAGES)
SEEN = tuple(Look(*vantage, PageSeen.PRESENT, MediaSeen.MATCHING) for vantage in VANTAGES)
FENCED = (*GONE[:2], *SEEN[2:])
NOTHING = tuple(Look(*vantage, PageSeen.FAILED, MediaSeen.UNKNOWN) for vantage in VANTAGES)
HOUR = timedelta(hours=1)


def running() -> ItemFacts:
    notice = NoticeFacts(Rung.PLATFORM, NoticeState.SENT, received_at=NOW, deadline_at=NOW + 48 * HOUR)
    return ItemFacts(Stage.RECHECK, NOW, matched=True, ladder=tuple(Rung), notices=(notice,))


def looked(facts: ItemFacts, now: datetime, seen: tuple[Look, ...]) -> ItemFacts:
    conclusion = conclude(seen, was_removed=facts.outcome is Outcome.REMOVED)
    return item.rechecked(facts, conclusion, now)


@often
@given(
    st.lists(
        st.tuples(st.integers(1, 9), st.one_of(looks(), st.sampled_from((GONE, GONE, FENCED, NOTHING)))),
        max_size=12,
    )
)
def test_removed_rests_on_looks_that_all_say_gone_over_six_hours(
    course: list[tuple[int, tuple[Look, ...]]],
) -> None:
    facts, now = running(), NOW
    gone_at: list[datetime] = []
    for hours, seen in course:
        now += hours * HOUR
        facts = looked(facts, now, seen)
        gone_at = [*gone_at, now] if conclude(seen).kind is FindingKind.GONE else []
        step = next_step(facts, now)
        held = bool(gone_at) and gone_at[-1] - gone_at[0] >= limits.GONE_HOLDS_FOR
        assert (isinstance(step, Close) and step.outcome is Outcome.REMOVED) == held


def test_exactly_six_hours_hold_and_a_second_less_does_not() -> None:
    for short, closes in ((timedelta(0), True), (timedelta(seconds=1), False)):
        facts = looked(looked(running(), NOW, GONE), NOW + 6 * HOUR - short, GONE)
        assert isinstance(next_step(facts, NOW + 6 * HOUR - short), Close) is closes


def test_a_look_in_between_that_sees_nothing_clear_starts_the_six_hours_anew() -> None:
    facts = looked(looked(looked(running(), NOW, GONE), NOW + 3 * HOUR, NOTHING), NOW + 7 * HOUR, GONE)
    assert isinstance(next_step(facts, NOW + 7 * HOUR), Wait)


def test_an_old_proof_is_renewed_before_it_counts() -> None:
    facts = looked(looked(running(), NOW, GONE), NOW + 6 * HOUR, GONE)
    assert isinstance(next_step(facts, NOW + 12 * HOUR), Recheck)


@often
@given(item_facts())
def test_without_a_look_that_says_gone_nothing_closes_as_removed(facts: ItemFacts) -> None:
    step = next_step(facts, NOW)
    if isinstance(step, Close) and step.outcome is Outcome.REMOVED:
        assert facts.last_finding is FindingKind.GONE
        assert facts.gone_since is not None
        assert facts.last_recheck_at is not None
        assert NOW - facts.last_recheck_at < limits.GONE_HOLDS_FOR


def given_up(outcome: Outcome) -> ItemFacts:
    return item.closed(looked(running(), NOW, SEEN), outcome, NOW)


def watched(facts: ItemFacts, seen: tuple[Look, ...], days: int) -> ItemFacts:
    """Look whenever it is due, for so many days; carry out what is decided."""
    now = NOW
    while now < NOW + timedelta(days=days):
        match next_step(facts, now):
            case Wait(until=until):
                now = until
            case Recheck():
                facts = looked(facts, now, seen)
            case Close(outcome=outcome):
                facts = item.closed(facts, outcome, now)
            case Reopen():
                return item.reopened(facts)
    return facts


def test_what_was_given_up_becomes_removed_when_it_is_truly_gone() -> None:
    for outcome in (Outcome.REFUSED, Outcome.UNREACHABLE, Outcome.BLOCKED_ONLY):
        assert watched(given_up(outcome), GONE, days=3).outcome is Outcome.REMOVED
        assert watched(given_up(outcome), NOTHING, days=365).outcome is outcome
        assert watched(given_up(outcome), SEEN, days=365).outcome is outcome


def test_what_was_removed_and_is_seen_again_opens_a_new_round_also_behind_a_fence() -> None:
    removed = item.closed(looked(running(), NOW, GONE), Outcome.REMOVED, NOW)
    for seen in (SEEN, FENCED, (GONE[0], *SEEN[1:]), (*NOTHING[:3], SEEN[3])):
        assert watched(removed, seen, days=3).round == 2
    for nothing in (GONE, NOTHING):
        after = watched(removed, nothing, days=365)
        assert (after.round, after.outcome) == (1, Outcome.REMOVED)


def test_a_year_of_watching_takes_a_dozen_looks_at_most() -> None:
    after = watched(item.closed(looked(running(), NOW, GONE), Outcome.REMOVED, NOW), GONE, days=365)
    assert 8 <= after.rechecks_since_closing <= 12


def test_a_host_that_sends_us_away_for_years_is_obeyed_for_a_day() -> None:
    away = Conclusion(FindingKind.UNKNOWN, (), (), matched=False, look_not_before=NOW + timedelta(days=3650))
    facts = item.rechecked(running(), away, NOW)
    assert facts.look_not_before == NOW + limits.RETRY_AFTER_MAX
    assert next_step(facts, NOW + 3 * HOUR) == Wait(NOW + 24 * HOUR, "the host asked us to come back later")


def test_turns_of_gone_and_unknown_reach_the_end_of_the_ladder() -> None:
    facts = replace(running(), ladder=(Rung.PLATFORM,))
    now = NOW
    for number in range(60):
        match next_step(facts, now):
            case Recheck():
                facts = looked(facts, now, GONE if number % 4 < 2 else NOTHING)
            case Wait(until=until):
                now = until
            case Close(outcome=outcome):
                assert outcome is Outcome.UNREACHABLE
                return
    raise AssertionError("it never ended")
