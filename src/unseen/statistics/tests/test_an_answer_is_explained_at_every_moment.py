"""Promise 7 between an answer and its effect: given, taken back, given again, done."""

import pytest

from unseen.accounts.models import Role, Staff
from unseen.casework import desk_actions as desk
from unseen.casework.models import AnswerKind, Item
from unseen.domain.limits import UNDO_FOR
from unseen.journal.models import Entry
from unseen.statistics.promises import the_journal_explains_everything
from unseen.takedown import answering
from unseen.takedown.tests.lives import GONE, NOON, a_case, look, step

pytestmark = pytest.mark.django_db


def test_the_journal_explains_an_answer_at_every_moment() -> None:
    bo = Staff.objects.create(username="bo", role=Role.CASEWORKER)
    item = step(look(a_case("http://a.test/1").items.get(), GONE, NOON), NOON)
    for again in (False, True):
        group = desk.give_answers([desk.Given(item.pk, AnswerKind.OUT_OF_SCOPE)], bo, NOON)
        assert group is not None
        assert the_journal_explains_everything(NOON).holds
        if not again:
            desk.take_back(group, bo, NOON)
            assert the_journal_explains_everything(NOON).holds
    answering.do_due(NOON + UNDO_FOR, "w")
    assert Item.objects.get().outcome == "out_of_scope"
    assert the_journal_explains_everything(NOON).holds
    told = Entry.objects.filter(tag__startswith="item:answer").order_by("pk").values_list("tag", flat=True)
    assert list(told) == ["item:answer:given", "item:answer:reversed", "item:answer:given"]
