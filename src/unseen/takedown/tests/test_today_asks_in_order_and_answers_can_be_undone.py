import uuid
from datetime import timedelta
from unittest.mock import Mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from unseen.accounts.models import Role, Staff
from unseen.casework import desk_actions as desk
from unseen.casework.models import Answer, AnswerKind, Item
from unseen.domain.limits import UNDO_FOR
from unseen.domain.report import AgeBand
from unseen.intake.models import Report
from unseen.journal.models import Entry
from unseen.takedown import answering, queries, today
from unseen.takedown.actions import dates
from unseen.takedown.tests.lives import (
    GONE,
    HOUR,
    NOON,
    a_case,
    deliver,
    found_copy,
    look,
    small_directory,
    step,
)
from unseen.takedown.today import Narrowed

pytestmark = pytest.mark.django_db
A_SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def made_up_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    directory = small_directory()
    monkeypatch.setattr(queries, "directory", lambda: directory)


@pytest.fixture
def bo(db: None) -> Staff:
    return Staff.objects.create(username="bo", role=Role.CASEWORKER)


def _asking(location: str, *, minor: bool = False, at_hour: int = 0) -> Item:
    """An item whose first look found nothing, so that a person is asked."""
    at = NOON + at_hour * HOUR
    item = look(a_case(location, at=at).items.get(), GONE, at)
    if minor:
        Report.objects.filter(case=item.case).update(age_band=AgeBand.MINOR)
    return step(item, at)


def _numbers(staff: Staff, narrowed: Narrowed | None = None) -> list[int]:
    return [one.item.pk for one in today.questions(staff, narrowed)]


def test_minors_first_then_the_earliest_deadline_then_the_oldest(bo: Staff) -> None:
    late = _asking("http://a.test/late", at_hour=2)
    early = _asking("http://a.test/early")
    minor = _asking("http://a.test/minor", minor=True, at_hour=3)
    dated = step(step(found_copy(a_case(), "http://prompt.test/p/9"), NOON), NOON)
    deliver(dated, NOON)
    Item.objects.filter(pk=dated.pk).update(question="Is it so?")
    assert _numbers(bo) == [minor.pk, dated.pk, early.pk, late.pk]
    assert [one.minor for one in today.questions(bo)] == [True, False, False, False]


def test_an_unknown_age_counts_as_a_minor(bo: Staff) -> None:
    adult = _asking("http://a.test/adult")
    unknown = _asking("http://a.test/unknown", at_hour=1)
    Report.objects.filter(case=unknown.case).update(age_band=AgeBand.UNKNOWN)
    assert _numbers(bo) == [unknown.pk, adult.pk]


def test_questions_are_narrowed_to_one_site(bo: Staff) -> None:
    here, there = _asking("http://a.test/1"), _asking("http://b.test/1")
    site = next(one.party.key for one in today.questions(bo) if one.item.pk == here.pk)
    assert _numbers(bo, Narrowed(site=site)) == [here.pk]
    assert there.pk in _numbers(bo)


def _give(item: Item, staff: Staff, kind: AnswerKind = AnswerKind.OUT_OF_SCOPE) -> uuid.UUID:
    group = desk.give_answers([desk.Given(item.pk, kind)], staff, NOON)
    assert group is not None
    return group


def test_an_answer_waits_and_then_takes_effect_once(bo: Staff) -> None:
    item = _asking("http://a.test/1")
    _give(item, bo)
    assert _numbers(bo) == []
    assert answering.next_due_at() == NOON + UNDO_FOR
    assert answering.do_due(NOON + UNDO_FOR - A_SECOND, "w") == 0
    assert Item.objects.get().stage == "review"
    assert answering.do_due(NOON + UNDO_FOR, "w") == 1
    assert Item.objects.get().outcome == "out_of_scope"
    assert answering.do_due(NOON + HOUR, "w") == 0
    assert Answer.objects.get().stored


def test_what_is_taken_back_has_no_effect(bo: Staff) -> None:
    item = _asking("http://a.test/1")
    group = _give(item, bo)
    assert desk.take_back(group, bo, NOON + A_SECOND) == 1
    assert answering.do_due(NOON + HOUR, "w") == 0
    assert (Item.objects.get().stage, _numbers(bo)) == ("review", [item.pk])
    assert desk.take_back(group, bo, NOON + A_SECOND) == 0


def test_too_late_is_too_late(bo: Staff) -> None:
    group = _give(_asking("http://a.test/1"), bo)
    answering.do_due(NOON + UNDO_FOR, "w")
    assert desk.take_back(group, bo, NOON + UNDO_FOR) == 0
    assert Item.objects.get().outcome == "out_of_scope"


def test_only_the_one_who_answered_takes_it_back(bo: Staff) -> None:
    group = _give(_asking("http://a.test/1"), bo)
    other = Staff.objects.create(username="other", role=Role.REVIEWER)
    assert desk.take_back(group, other, NOON) == 0


def test_a_second_answer_waits_for_nobody(bo: Staff) -> None:
    item = _asking("http://a.test/1")
    _give(item, bo)
    assert desk.give_answers([desk.Given(item.pk, AnswerKind.ACCEPT)], bo, NOON) is None


def test_an_answer_to_what_moved_on_lapses_and_says_so(bo: Staff) -> None:
    item = _asking("http://a.test/1")
    _give(item, bo, AnswerKind.ACCEPT)
    Answer.objects.update(kind=AnswerKind.WENT_OUT, notice=uuid.uuid4())
    assert answering.do_due(NOON + UNDO_FOR, "w") == 1
    answer = Answer.objects.get()
    assert (answer.stored, answer.settled_at, answer.due_at) == (False, NOON + UNDO_FOR, None)
    assert Entry.objects.filter(tag="item:answer:lapsed").count() == 1
    assert Item.objects.get().stage == "review"


def test_a_worker_that_dies_in_between_answers_once(bo: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    item = _asking("http://a.test/1")
    _give(item, bo)
    with monkeypatch.context() as broken:
        broken.setattr(desk, "settle", Mock(side_effect=ZeroDivisionError))
        with pytest.raises(ZeroDivisionError):
            answering.do_due(NOON + UNDO_FOR, "w")
    assert Item.objects.get().stage == "review"
    assert answering.do_due(NOON + HOUR, "w") == 1
    assert Entry.objects.filter(tag="item:question:answered").count() == 1


def test_many_answers_are_one_group(bo: Staff) -> None:
    items = [_asking(f"http://a.test/{number}") for number in range(3)]
    desk.give_answers([desk.Given(one.pk, AnswerKind.ACCEPT) for one in items], bo, NOON)
    ((_group, number, at),) = today.given(bo)
    assert (number, at) == (3, NOON + UNDO_FOR)


def test_many_answers_ask_the_database_no_more_than_one(bo: Staff) -> None:
    def asked(number: int) -> int:
        items = [_asking(f"http://a.test/{number}/{one}") for one in range(number)]
        with CaptureQueriesContext(connection) as queries:
            desk.give_answers([desk.Given(one.pk, AnswerKind.ACCEPT) for one in items], bo, NOON)
        return sum(one["sql"].startswith("SELECT") for one in queries)

    assert asked(5) == asked(1)


def test_a_confirmation_is_kept_sealed(bo: Staff) -> None:
    item = _asking("http://a.test/1")
    desk.give_answers([desk.Given(item.pk, AnswerKind.ACCEPT, confirmation="A-4711")], bo, NOON)
    assert Answer.objects.get().confirmation == "A-4711"


def test_an_answer_given_while_the_clock_ran_ahead_takes_effect(bo: Staff) -> None:
    item = _asking("http://a.test/1")
    desk.give_answers([desk.Given(item.pk, AnswerKind.OUT_OF_SCOPE)], bo, NOON + 1_000 * HOUR)
    dates.bring_back([Answer], NOON)
    assert answering.do_due(NOON + UNDO_FOR, "w") == 1
