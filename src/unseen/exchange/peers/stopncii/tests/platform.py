"""A platform that speaks StopNCII's words, at a time that the test says."""

import json
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from unseen.exchange.actions.peers import add_peer
from unseen.exchange.models import Peer
from unseen.exchange.names import CANARIES, canary_value
from unseen.exchange.peers.stopncii import views
from unseen.intake.tests.reports import NOON


class Platform:
    """Fetches as the client does: page after page, from its last checkpoint on."""

    def __init__(self, patch: pytest.MonkeyPatch, name: str = "Platform Example", **given: Any) -> None:
        self._patch = patch
        self.key = add_peer(name, NOON, **given)
        self.row = Peer.objects.get(name=name)
        self.checkpoint = 10
        self.held: dict[str, dict[str, Any]] = {}

    @property
    def headers(self) -> dict[str, str]:
        return {"x-functions-key": self.key, "Ocp-Apim-Subscription-Key": self.key}

    def get(self, now: datetime = NOON, **asked: Any) -> Any:
        self._patch.setattr(views, "now", lambda: now)
        return Client().get(
            "/v1/FetchHashes", {"startTimestamp": self.checkpoint, **asked}, headers=self.headers
        )

    def post(self, route: str, field: str, *records: object) -> Any:
        body = json.dumps({"count": len(records), field: records})
        self._patch.setattr(views, "now", lambda: NOON)
        return Client().post(f"/v1/{route}", body, content_type="application/json", headers=self.headers)

    def fetch(self, now: datetime = NOON, size: int = 800) -> list[str]:
        """All values told this time, the canary left out."""
        told, token = [], ""
        while True:
            asked = {"nextPageToken": token} if token else {}
            answer = self.get(now, pageSize=size, **asked)
            assert answer.status_code == 200, answer.content
            data = answer.json()
            assert data["count"] == len(data["hashRecords"])
            assert data["nextSetTimestamp"] >= self.checkpoint
            told += [record["hashValue"] for record in data["hashRecords"]]
            self.held |= {record["hashValue"]: record for record in data["hashRecords"]}
            token = data["nextPageToken"]
            assert data["hasMoreRecords"] is bool(token)
            if not token:
                self.checkpoint = data["nextSetTimestamp"]
                return [value for value in told if value not in self.canaries]

    @property
    def canaries(self) -> set[str]:
        return {canary_value(self.row.secret, number).hex() for number in CANARIES}
