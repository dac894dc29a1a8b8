"""A peer that reads our feed through the door that a real one uses."""

from typing import Any

from django.test import Client

from unseen.exchange import due
from unseen.exchange.actions import add_peer
from unseen.hashbank import due as bank
from unseen.intake.tests.reports import NOON

Entries = list[dict[str, Any]]


def work() -> None:
    """What the worker does until nothing is left: first the bank, then the feed."""
    while bank.do_due(NOON, "one") + due.do_due(NOON, "one"):
        pass


class PeerReader:
    """Reads page after page, as far as the feed goes."""

    def __init__(self, name: str = "Platform Example") -> None:
        self.key = add_peer(name, NOON)
        self.cursor = 0

    def page(self) -> Entries:
        """The next page."""
        answer = Client().get(f"/api/exchange/feed?cursor={self.cursor}", headers={"X-Unseen-Key": self.key})
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "no-store"
        data = answer.json()
        self.cursor = data["cursor"]
        entries: Entries = data["entries"]
        return entries

    def rest(self) -> Entries:
        """All further pages."""
        entries: Entries = []
        while page := self.page():
            entries += page
        return entries
