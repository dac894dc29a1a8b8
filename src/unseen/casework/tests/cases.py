"""Cases for tests: opened through the real actions."""

from unseen.casework.actions import add_found_item, open_case
from unseen.casework.models import Case, Item
from unseen.domain.item import Outcome, Stage
from unseen.domain.match import Match
from unseen.intake.tests.reports import NOON, PAGE, a_report

MEDIA = "https://media.platform.test/a.jpg"


def a_case(*locations: str) -> Case:
    """A case of one picture and these reported locations."""
    case = open_case(a_report(locations=locations), "KR", NOON)
    assert case is not None
    return case


def an_item() -> Item:
    """The item of a case with one reported location."""
    return a_case(PAGE).items.get()


def a_match(case: Case, distance_bits: int = 7) -> Match:
    """A match of the case's picture."""
    return Match(str(case.materials.get().reported_id), distance_bits, "mirror")


def found(case: Case, location: str, media: str = MEDIA) -> Item | None:
    """What a scan adds when it finds the case's picture there."""
    return add_found_item(case.materials.get(), location, media, a_match(case), NOON)


def closed(item: Item, outcome: Outcome) -> Item:
    """The item as it stands after closing."""
    rows = Item.objects.filter(pk=item.pk)
    rows.update(stage=Stage.CLOSED, outcome=outcome, closed_at=NOON, last_recheck_at=NOON)
    return rows.get()
