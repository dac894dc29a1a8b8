"""Rows as tests look for them: by what only the case's key can read."""

from unseen.casework.models import Item


def items_at(location: str) -> list[Item]:
    """The items of this location, in the order in which they were found."""
    rows = Item.objects.select_related("case__report", "came_back_from").order_by("pk")
    return [item for item in rows if item.location == location]


def item_at(location: str) -> Item:
    """The one item of this location. Raises ValueError for none and for several."""
    (item,) = items_at(location)
    return item
