import pytest
from django.db import IntegrityError

from unseen.casework import actions, due
from unseen.casework.models import Case, Item
from unseen.casework.tests.cases import a_case
from unseen.domain.item import Stage
from unseen.intake.actions import withdraw_report
from unseen.intake.models import Report
from unseen.intake.tests.reports import HOUR, NOON, PAGE, a_report, picture
from unseen.journal.actions import about
from unseen.journal.queries import life_of

pytestmark = pytest.mark.django_db
OTHER = "https://other.test/p/2"


def test_a_case_holds_the_material_and_an_item_for_each_location() -> None:
    report = a_report(picture(), picture(), locations=(PAGE, OTHER))
    case = actions.open_case(report, "KR", NOON)
    assert case is not None
    assert [material.reported.number for material in case.materials.order_by("reported__number")] == [1, 2]
    items = case.items.order_by("pk")
    assert [(item.location, item.host, item.stage) for item in items] == [
        (PAGE, "platform.test", Stage.RECEIVED),
        (OTHER, "other.test", Stage.RECEIVED),
    ]
    assert [(item.material, item.matched, item.due_at, item.found_by) for item in items] == [
        (None, False, NOON, "report")
    ] * 2


def test_a_second_call_opens_nothing() -> None:
    report = a_report(locations=(PAGE,))
    assert actions.open_case(report, "KR", NOON)
    assert actions.open_case(report, "KR", NOON) is None
    assert (Case.objects.count(), Item.objects.count()) == (1, 1)
    assert len(life_of(about("case", Case.objects.get().pk))) == 1


def test_any_other_trouble_is_not_taken_for_an_open_case(monkeypatch: pytest.MonkeyPatch) -> None:
    a_case()
    taken = Case.objects.get().reference
    report = a_report(locations=(PAGE,))
    monkeypatch.setattr(actions, "_reference", lambda: taken)
    with pytest.raises(IntegrityError):
        actions.open_case(report, "KR", NOON)
    assert not Case.objects.filter(report=report).exists()


def test_a_due_report_becomes_a_case_and_is_due_no_more() -> None:
    a_report(locations=(PAGE,))
    assert due.next_due_at() == NOON
    assert due.do_due(NOON, "one") == 1
    assert due.do_due(NOON, "one") == 0
    assert due.next_due_at() is None
    assert Case.objects.get().country == "KR"


def test_a_report_withdrawn_before_it_was_taken_up_opens_no_case() -> None:
    withdraw_report(a_report(locations=(PAGE,)), NOON)
    assert due.do_due(NOON, "one") == 1
    assert not Case.objects.exists()
    assert due.next_due_at() is None


def test_a_report_withdrawn_after_it_was_taken_up_stops_its_case() -> None:
    report = a_report(locations=(PAGE,))
    due.do_due(NOON, "one")
    withdraw_report(report, NOON + HOUR)
    assert due.next_due_at() == NOON + HOUR
    assert due.do_due(NOON + HOUR, "one") == 1
    assert Case.objects.get().withdrawn_at == NOON + HOUR
    assert due.next_due_at() is None


def test_a_report_withdrawn_while_its_case_is_opened_stops_it_in_the_next_round(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    a_report(locations=(PAGE,))
    real = actions.open_case

    def opens_while_the_person_says_stop(report: Report, country: str, now: object) -> Case | None:
        withdraw_report(report, NOON)
        return real(report, country, NOON)

    monkeypatch.setattr(actions, "open_case", opens_while_the_person_says_stop)
    due.do_due(NOON, "one")
    due.do_due(NOON, "one")
    assert Case.objects.get().withdrawn_at == NOON
    assert Item.objects.get().withdrawn_at == NOON
