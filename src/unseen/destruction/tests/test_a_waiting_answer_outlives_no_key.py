"""A person withdraws while an answer of the desk waits: it lapses, and what was confirmed is gone with the key."""

import pytest

from unseen.accounts.models import Role, Staff
from unseen.casework import desk_actions as desk
from unseen.casework import due
from unseen.casework.models import Answer, AnswerKind, Item
from unseen.destruction import actions
from unseen.domain.limits import DESTROY_WITHIN, UNDO_FOR
from unseen.hashbank.actions import remove_report
from unseen.intake.actions import withdraw_report
from unseen.intake.models import Report
from unseen.keys.box import EMPTY
from unseen.takedown import answering, queries
from unseen.takedown.models import Notice
from unseen.takedown.tests.lives import LOCATION, NOON, a_case, found_copy, small_directory, step

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(monkeypatch: pytest.MonkeyPatch) -> Item:
    """One whose notice nobody saw going out, with the answer that it did, and the number that the other side gave."""
    directory = small_directory()
    monkeypatch.setattr(queries, "directory", lambda: directory)
    item = step(step(found_copy(a_case(), LOCATION), NOON), NOON)
    Notice.objects.update(state="uncertain", due_at=None)
    Item.objects.update(question="Nobody can tell whether this notice went out. Did it?")
    given = desk.Given(item.pk, AnswerKind.WENT_OUT, Notice.objects.get().pk, "A-4711")
    desk.give_answers([given], Staff.objects.create(username="bo", role=Role.REVIEWER), NOON)
    return item


def withdraw_and_destroy(item: Item) -> None:
    report = Report.objects.get()
    withdraw_report(report, NOON)
    remove_report(report, NOON)
    due.do_due(NOON, "w")
    step(item, NOON)
    report.refresh_from_db()
    assert actions.destroy(report, NOON + DESTROY_WITHIN)


def test_it_lapses_and_holds_up_no_other(item: Item) -> None:
    withdraw_and_destroy(item)
    assert answering.do_due(NOON + UNDO_FOR, "w") == 1
    answer = Answer.objects.get()
    assert (answer.stored, answer.settled_at, answer.due_at) == (False, NOON + UNDO_FOR, None)
    assert Notice.objects.get().state == "uncertain"


def test_what_was_confirmed_goes_with_the_places(item: Item) -> None:
    def stored() -> object:
        return Answer.objects.values_list("confirmation", flat=True).get()

    assert stored() not in (EMPTY, "A-4711")
    withdraw_and_destroy(item)
    assert stored() == EMPTY
    assert Answer.objects.get().confirmation == ""
