"""From the engine's tables to the rows of the demonstration's table. Nothing here is judged."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from unseen.casework.models import Item
from unseen.demo.gather_proof import proof_of
from unseen.demo.gather_route import routes_of
from unseen.demo.result import ItemResult, Step
from unseen.demo.world import World
from unseen.domain.item import Stage
from unseen.domain.match import edit_words
from unseen.journal import queries as journal
from unseen.journal.actions import about
from unseen.takedown.models import Recheck
from unseen.takedown.queries import party_of
from unseen.testing.internet.truth import Copy

# What an entry of the journal means to a reader of the table; the rest only moves the item along.
_WORDS = {
    "item:location:reported": "reported",
    "item:location:found": "found by scanning",
    "item:match:accepted": "the fingerprint matches",
    "item:notice:failed": "the notice could not be delivered",
    "item:content:returned": "back again: reopened",
    "item:copy:returned": "a copy came back as item {new_item}",
    "item:case:withdrawn": "the person withdrew",
    "item:person:asked": "a person is asked",
    "item:notice:made": "notice written ({rung})",
    "item:notice:delivered": "notice delivered ({rung})",
    "item:reply:read": "they answered: {kind}",
    "item:outcome:settled": "closed: {outcome}",
}


def open_items() -> int:
    """How many items the engine holds open."""
    return Item.objects.exclude(stage=Stage.CLOSED).count()


def items(world: World) -> tuple[ItemResult, ...]:
    """Every item, with all that happened to it and the truth about its place."""
    copies = world.internet.truth.copies()
    rows = Item.objects.select_related("case", "material__reported").order_by("pk")
    return tuple(_item(world, item, copies) for item in rows)


def _item(world: World, item: Item, copies: Sequence[Copy]) -> ItemResult:
    last = Recheck.objects.filter(item=item).order_by("-at", "-pk").first()
    return ItemResult(
        number=item.pk,
        platform=party_of(item).name,
        location=urlsplit(item.location).path,
        found_by=item.get_found_by_display(),
        how=edit_words(item.how),
        came_back_from=item.came_back_from_id,
        rounds=item.round,
        routes=routes_of(item, world.hours),
        steps=_steps(world, item),
        findings={finding.vantage: finding.kind for finding in last.findings.order_by("pk")} if last else {},
        stage=item.stage,
        outcome=item.outcome,
        opened_at_hours=world.hours(item.opened_at),
        closed_at_hours=_hours(world, item.closed_at),
        proof=proof_of(item, world.hours),
        still_served=_still_served(world, item, copies),
    )


def _steps(world: World, item: Item) -> tuple[Step, ...]:
    steps = []
    finding = ""
    for told in journal.life_of(about("item", item.pk)):
        words = _WORDS.get(told.tag, "").format_map(told.data)
        if told.tag == "item:place:rechecked" and told.data["finding"] != finding:
            finding = told.data["finding"]
            words = f"recheck: {finding}"
        if words:
            steps.append(Step(world.hours(told.at), words))
    return tuple(steps)


def _still_served(world: World, item: Item, copies: Sequence[Copy]) -> tuple[str, ...]:
    truth = world.internet.truth
    here = [copy for copy in copies if copy.page_url == item.location]
    places = [place for place in ("KR", "DE", "US") if any(truth.served(copy, place) for copy in here)]
    hidden = not places and any(truth.served_to_anyone(copy) for copy in here)
    return (*places, *(["members"] if hidden else []))


def _hours(world: World, at: datetime | None) -> float | None:
    return None if at is None else world.hours(at)
