"""A peer that reads its list through the door that a real one uses, and believes only what `unseen.feed` accepts."""

import json
from datetime import datetime
from http import HTTPStatus
from typing import Any

import numpy as np
from django.test import Client

from unseen.exchange import due
from unseen.exchange.actions.peers import add_peer
from unseen.exchange.models import Peer
from unseen.exchange.names import CANARIES, names_of
from unseen.exchange.pages import keys_told
from unseen.feed.follow import Followed, accept
from unseen.feed.lines import LINE, LineOperation, Lines
from unseen.hashbank import due as bank
from unseen.intake.tests.reports import NOON

PAGE = "/exchange/v1/page"
FEEDBACK = "/exchange/v1/feedback"


def work(now: datetime = NOON) -> None:
    """What the worker does until nothing is left: first the bank, then the feed."""
    while bank.do_due(now, "one") + due.do_due(now, "one"):
        pass


class PeerReader:
    """Reads page after page, as far as the list goes."""

    def __init__(self, name: str = "Platform Example", **given: Any) -> None:
        self.key = add_peer(name, NOON, **given)
        self.row = Peer.objects.get(name=name)
        self.state = Followed(self.row.feed, tuple(keys_told(NOON)))
        self.canaries = set(names_of(self.row.secret, CANARIES))

    def page(self, now: datetime = NOON) -> Lines:
        """The next page, when it is accepted."""
        answer = Client().get(PAGE, {"after": self.state.frontier.size}, headers={"X-Unseen-Key": self.key})
        assert answer.status_code == HTTPStatus.OK, answer.content
        assert answer["Cache-Control"] == "no-store"
        self.state, lines = accept(self.state, answer.content, int(now.timestamp()))
        return lines

    def all(self, now: datetime = NOON) -> Lines:
        """All further lines, canaries among them."""
        pages = [np.zeros(0, LINE)]
        while len(lines := self.page(now)):
            pages.append(lines)
        return np.concatenate(pages)

    def rest(self, now: datetime = NOON) -> Lines:
        """All further lines about real entries."""
        lines = self.all(now)
        return lines[[bytes(name) not in self.canaries for name in lines["entry"]]]

    def say(self, entry: bytes, verdict: str) -> Any:
        """Feedback, and what came back."""
        body = json.dumps({"entry": entry.hex(), "verdict": verdict})
        return Client().post(
            FEEDBACK, body, content_type="application/json", headers={"X-Unseen-Key": self.key}
        )


def operations(lines: Lines) -> list[LineOperation]:
    return [LineOperation(one) for one in lines["operation"]]
