from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unseen.domain.notice import (
    AppliesTo,
    Confidence,
    Element,
    Law,
    LawStatus,
    LawUse,
    NoUsableLaw,
    choose_laws,
    deadline_of,
    usable_alone,
)
from unseen.domain.route import Record

TODAY = date(2026, 11, 22)
LAW = Law(
    id="one",
    version="1",
    jurisdiction="US",
    instrument="Act",
    article="§ 1",
    title="Removal",
    applies_to=frozenset({AppliesTo.PLATFORM}),
    senders=("anyone",),
    elements=frozenset({Element.LOCATION}),
    languages=("en",),
    clock_start="receipt",
    answer_within_hours=48,
    deadline_words="within 48 hours",
    target_hours=None,
    duty_on_copies="none",
    penalty="none",
    complain_to="court",
    in_force_from=date(2026, 5, 19),
    status=LawStatus.IN_FORCE,
    sources=("https://law.example",),
    checked_on=TODAY,
    confidence=Confidence.HIGH,
)
TARGET = replace(LAW, id="target", answer_within_hours=None, target_hours=2)
POLICY = replace(TARGET, id="policy", status=LawStatus.POLICY, in_force_from=None, target_hours=1)

laws = st.builds(
    lambda name, hours, target, status, confidence, day: replace(
        LAW,
        id=name,
        answer_within_hours=None if status is LawStatus.POLICY else hours,
        target_hours=target,
        status=status,
        confidence=confidence,
        in_force_from=day,
    ),
    st.sampled_from("abcdef"),
    st.none() | st.integers(1, 200),
    st.integers(1, 200),
    st.sampled_from(list(LawStatus)),
    st.sampled_from(list(Confidence)),
    st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)),
)


@pytest.mark.parametrize(
    "law",
    [
        replace(LAW, status=LawStatus.UNCERTAIN),
        replace(LAW, status=LawStatus.PASSED),
        replace(LAW, status=LawStatus.DRAFT),
        replace(LAW, confidence=Confidence.LOW),
        replace(LAW, in_force_from=TODAY + timedelta(days=1)),
        replace(LAW, in_force_from=None),
    ],
)
def test_what_is_uncertain_or_not_in_force_is_never_the_only_basis(law: Law) -> None:
    assert not usable_alone(law, TODAY)
    with pytest.raises(NoUsableLaw, match="one"):
        choose_laws([law], TODAY)


def test_a_law_counts_from_its_first_day() -> None:
    assert usable_alone(replace(LAW, in_force_from=TODAY), TODAY)
    assert not usable_alone(LAW, date(2026, 5, 18))


def test_no_laws_at_all_is_a_named_error() -> None:
    with pytest.raises(NoUsableLaw, match="none at all"):
        choose_laws([], TODAY)


def test_a_statute_goes_before_a_shorter_target() -> None:
    chosen = choose_laws([TARGET, LAW], TODAY)
    assert (chosen.primary, chosen.also) == (LAW, (TARGET,))


def test_the_shortest_statutory_hours_win() -> None:
    faster = replace(LAW, id="faster", answer_within_hours=24)
    assert choose_laws([LAW, faster, TARGET], TODAY).primary == faster


def test_a_policy_is_a_fallback_and_is_not_named_beside_a_law_that_binds() -> None:
    assert choose_laws([POLICY], TODAY).primary == POLICY
    assert not POLICY.binding
    assert list(choose_laws([POLICY, TARGET], TODAY)) == [TARGET]


def test_a_law_that_is_only_passed_is_named_beside_and_its_hours_are_not_called_statutory() -> None:
    passed = replace(LAW, id="passed", status=LawStatus.PASSED, answer_within_hours=1)
    chosen = choose_laws([passed, LAW], TODAY)
    assert (chosen.primary, chosen.also) == (LAW, (passed,))
    assert not passed.statutory


@given(st.lists(laws, max_size=6))
def test_the_choice_is_usable_and_does_not_depend_on_the_order(given_laws: list[Law]) -> None:
    known = {law.id: law for law in given_laws}
    usable = [law for law in known.values() if usable_alone(law, TODAY)]
    if not usable:
        with pytest.raises(NoUsableLaw):
            choose_laws(given_laws, TODAY)
        return
    chosen = choose_laws(known.values(), TODAY)
    assert chosen.primary in usable
    assert chosen == choose_laws(reversed(list(known.values())), TODAY)
    statutory = [law.hours for law in usable if law.statutory]
    assert not statutory or chosen.primary.hours == min(statutory)
    assert len(list(chosen)) == len({law.id for law in chosen})


@given(
    law=laws,
    at=st.datetimes(
        datetime(2026, 1, 1),  # noqa: DTZ001 - hypothesis wants naive bounds and adds the zone
        datetime(2030, 1, 1),  # noqa: DTZ001 - same
        timezones=st.just(UTC),
    ),
)
def test_a_deadline_keeps_the_version_and_whose_hours_it_counts(law: Law, at: datetime) -> None:
    deadline = deadline_of(law, at)
    assert deadline.at - at == timedelta(hours=law.hours)
    assert (deadline.law_id, deadline.law_version, deadline.hours) == (law.id, law.version, law.hours)
    assert deadline.statutory == (law.status is LawStatus.IN_FORCE and law.answer_within_hours is not None)


def test_a_receipt_without_a_time_zone_starts_no_clock() -> None:
    with pytest.raises(ValueError, match="time zone"):
        deadline_of(LAW, datetime(2026, 11, 22))  # noqa: DTZ001 - the mistake under test


def test_a_law_without_any_hours_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="target_hours"):
        replace(LAW, answer_within_hours=None)


REFERENCE = replace(LAW, id="crime", use=LawUse.REFERENCE, answer_within_hours=1)
BY_A_PERSON = replace(LAW, id="copyright", use=LawUse.PERSON, answer_within_hours=1)


@given(laws, st.sampled_from(LawUse), st.none() | st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_a_law_that_ended_or_is_not_made_for_notices_is_never_named(
    law: Law, use: LawUse, until: date | None
) -> None:
    changed = replace(law, id="changed", use=use, in_force_until=until)
    chosen = choose_laws([changed, replace(LAW, id="sure")], TODAY)
    if use is not LawUse.NOTICE or (until is not None and until < TODAY):
        assert [one.id for one in chosen] == ["sure"]
        assert not usable_alone(changed, TODAY)


@given(laws)
def test_what_is_uncertain_passed_or_a_draft_never_carries_a_notice(law: Law) -> None:
    for status in (LawStatus.UNCERTAIN, LawStatus.PASSED, LawStatus.DRAFT):
        with pytest.raises(NoUsableLaw):
            choose_laws([replace(law, status=status, answer_within_hours=48)], TODAY)


def test_only_a_person_chooses_a_law_that_has_a_price() -> None:
    with pytest.raises(NoUsableLaw):
        choose_laws([BY_A_PERSON, REFERENCE], TODAY)


def test_a_law_of_equal_standing_that_works_better_goes_first() -> None:
    other = replace(LAW, id="two", answer_within_hours=72)
    records = {"one": Record(0, 30), "two": Record(25, 30)}
    assert choose_laws([LAW, other], TODAY).primary.id == "one"
    assert choose_laws([LAW, other], TODAY, lambda law: records[law.id]).primary.id == "two"


def test_success_puts_no_target_and_no_policy_before_a_statute() -> None:
    records = {"one": Record(0, 30), "target": Record(30, 30), "policy": Record(30, 30)}
    chosen = choose_laws([LAW, TARGET, POLICY], TODAY, lambda law: records[law.id])
    assert chosen.primary.id == "one"


def test_a_law_may_be_open_to_persons_in_some_countries_only() -> None:
    indian = replace(LAW, persons_in=("IN",))
    assert indian.open_to("IN")
    assert not indian.open_to("KR")
    assert LAW.open_to("KR")
