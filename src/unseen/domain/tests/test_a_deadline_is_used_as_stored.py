from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from unseen.domain import item, limits
from unseen.domain.item import ItemFacts, NoticeFacts, NoticeState, Outcome, Stage
from unseen.domain.ladder import Need, Role, RungRule
from unseen.domain.notice import Rung
from unseen.domain.recheck import Conclusion, FindingKind
from unseen.domain.schedule import Close, Recheck, SendNotice, Wait, next_step
from unseen.domain.tests.strategies import NOW, item_facts, often

HOUR = timedelta(hours=1)


def waiting(hours: int, **facts: object) -> ItemFacts:
    """A notice received now, to be answered within so many hours, whatever any law says today."""
    notice = NoticeFacts(Rung.PLATFORM, NoticeState.SENT, received_at=NOW, deadline_at=NOW + hours * HOUR)
    known = ItemFacts(Stage.RECHECK, NOW, matched=True, ladder=tuple(Rung), notices=(notice,))
    return replace(known, **facts)  # type: ignore[arg-type]  # names and values come from the tests below


def seen(facts: ItemFacts, hours: float, kind: FindingKind = FindingKind.STILL_UP) -> ItemFacts:
    return item.rechecked(facts, Conclusion(kind, (), (), matched=True), NOW + hours * HOUR)


@given(st.integers(1, 400))
def test_nobody_moves_on_before_the_stored_deadline_and_one_look_after_it_decides(hours: int) -> None:
    facts = seen(waiting(hours), hours - 0.5)
    assert isinstance(next_step(facts, NOW + hours * HOUR - timedelta(seconds=1)), Wait | Recheck)
    assert isinstance(next_step(facts, NOW + hours * HOUR), Recheck)
    assert next_step(seen(facts, hours), NOW + hours * HOUR) == SendNotice(
        Rung.PLATFORM_FINAL, "the deadline has passed and it is still there"
    )


@often
@given(item_facts((Stage.RECHECK,)))
def test_before_the_deadline_only_a_refusal_or_a_failure_moves_an_item_on(facts: ItemFacts) -> None:
    notice = facts.notice
    assert notice is not None
    if isinstance(next_step(facts, NOW), SendNotice):
        passed = notice.deadline_at is not None and notice.deadline_at <= NOW
        assert passed or notice.refused_at is not None or notice.state is NoticeState.FAILED


def test_looks_come_soon_the_same_day_and_then_daily() -> None:
    facts, now, at = waiting(24 * 5), NOW, []
    while now < NOW + timedelta(days=4):
        match next_step(facts, now):
            case Wait(until=until):
                now = until
            case Recheck():
                facts = seen(facts, (now - NOW) / HOUR)
                at.append((now - NOW) / HOUR)
    assert at == [2, 8, 24, 48, 72]


def test_where_nothing_can_be_seen_it_is_tried_for_a_while_and_then_goes_on() -> None:
    facts, now = waiting(2), NOW + 2 * HOUR
    looks = 0
    while not isinstance(step := next_step(facts, now), SendNotice):
        if isinstance(step, Wait):
            now = step.until
        else:
            looks += 1
            facts = seen(facts, (now - NOW) / HOUR, FindingKind.UNKNOWN)
    assert looks == limits.UNKNOWN_RETRIES_MAX + 1
    assert now - NOW == 2 * HOUR + limits.UNKNOWN_RETRIES_MAX * limits.UNKNOWN_RETRY_AFTER


def test_an_answer_is_checked_before_it_is_believed_also_the_second_one() -> None:
    says_removed = replace(waiting(48).notices[0], says_removed_at=NOW + HOUR)
    facts = waiting(48, notices=(says_removed,))
    assert isinstance(next_step(facts, NOW + HOUR), Recheck)
    facts = seen(facts, 2)
    assert isinstance(next_step(facts, NOW + 2 * HOUR), Wait)
    refused_too = replace(facts, notices=(replace(says_removed, refused_at=NOW + 4 * HOUR),))
    assert isinstance(next_step(refused_too, NOW + 4 * HOUR), Recheck)
    assert isinstance(next_step(seen(refused_too, 4), NOW + 4 * HOUR), SendNotice)


def test_the_outcome_at_the_end_of_the_ladder_is_the_honest_word() -> None:
    refused = replace(waiting(2).notices[0], rung=Rung.COUNSEL, refused_at=NOW)
    ignored = replace(refused, refused_at=None)
    for notice, kind, outcome in (
        (ignored, FindingKind.GEOFENCED, Outcome.BLOCKED_ONLY),
        (refused, FindingKind.STILL_UP, Outcome.REFUSED),
        (ignored, FindingKind.STILL_UP, Outcome.UNREACHABLE),
        (ignored, FindingKind.LOGIN_WALLED, Outcome.UNREACHABLE),
    ):
        step = next_step(seen(waiting(2, notices=(notice,)), 2, kind), NOW + 2 * HOUR)
        assert isinstance(step, Close)
        assert step.outcome is outcome


def test_who_has_refused_gets_no_reminder() -> None:
    refused = replace(waiting(48).notices[0], refused_at=NOW + HOUR)
    rules = (
        RungRule(Rung.PLATFORM, Role.PLATFORM),
        RungRule(Rung.PLATFORM_FINAL, Role.PLATFORM, frozenset({Need.NOT_REFUSED})),
        RungRule(Rung.HOST, Role.HOST),
    )
    for ladder, rung in ((tuple(Rung), Rung.HOST), ((Rung.PLATFORM, Rung.PLATFORM_FINAL), None)):
        step = next_step(seen(waiting(48, ladder=ladder, notices=(refused,), rules=rules), 1), NOW + HOUR)
        assert step.rung is rung if isinstance(step, SendNotice) else rung is None and isinstance(step, Close)
