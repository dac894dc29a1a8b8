import pytest
from django.db import IntegrityError, transaction

from unseen.casework.models import Item, Material
from unseen.casework.tests.cases import an_item
from unseen.domain.item import Outcome, Stage
from unseen.intake.tests.reports import NOON

pytestmark = pytest.mark.django_db
CLOSED = {"stage": Stage.CLOSED, "closed_at": NOON, "last_recheck_at": NOON, "outcome": Outcome.REMOVED}


@pytest.mark.parametrize(
    ("change", "promise"),
    [
        ({"due_at": None}, "open_item_is_due_or_has_a_person"),
        ({"stage": Stage.RECHECK, "due_at": None}, "open_item_is_due_or_has_a_person"),
        ({**CLOSED, "outcome": ""}, "closed_item_has_an_outcome"),
        ({**CLOSED, "outcome": Outcome.REFUSED, "closed_at": None}, "closed_item_has_an_outcome"),
        ({"outcome": Outcome.REFUSED}, "closed_item_has_an_outcome"),
        ({**CLOSED, "last_recheck_at": None}, "removed_item_was_rechecked"),
    ],
)
def test_a_row_that_breaks_a_promise_is_refused(change: dict[str, object], promise: str) -> None:
    item = an_item()
    with pytest.raises(IntegrityError, match=promise), transaction.atomic():
        Item.objects.filter(pk=item.pk).update(**change)


@pytest.mark.parametrize(
    "change", [CLOSED, {**CLOSED, "due_at": None}, {**CLOSED, "outcome": Outcome.UNREACHABLE}]
)
def test_a_row_that_keeps_them_is_taken(change: dict[str, object]) -> None:
    item = an_item()
    assert Item.objects.filter(pk=item.pk).update(**change) == 1


def test_a_place_stands_once_in_a_case() -> None:
    item = an_item()
    with pytest.raises(IntegrityError), transaction.atomic():
        Item.objects.create(
            case=item.case,
            location=item.location,
            reference="X",
            stage=Stage.RECEIVED,
            opened_at=NOON,
            due_at=NOON,
        )


def test_a_material_belongs_to_one_case() -> None:
    material = an_item().case.materials.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Material.objects.create(case=an_item().case, reported=material.reported)
