"""Hasher-Matcher-Actioner's curation routes (its version 1.1.7): a bank, content in it that is a signal, and its switch."""

import json
import re
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode

from unseen.exchange.peers.record import PeerTrouble
from unseen.exchange.peers.service import Service

_JSON = "application/json"
_BANK = re.compile(r"[A-Z0-9_]{1,255}")
_DISABLED = 0  # of disable_until_ts: 0 is off, 1 is on, anything else is on from that time


@dataclass(frozen=True, slots=True)
class HmaClient:
    """One bank of one installation. Raises PeerTrouble for whatever goes wrong."""

    service: Service
    bank: str

    def __post_init__(self) -> None:
        """HMA refuses other names as well; here none of them gets into a path."""
        if not _BANK.fullmatch(self.bank):
            raise PeerTrouble("a bank's name is made of capital letters, digits and _: give such a name")

    def make_bank(self) -> None:
        """Make the bank; 403 means that it is there already."""
        body = json.dumps({"name": self.bank, "enabled_ratio": 1.0}).encode()
        self.service.ask("POST", "/c/banks", _JSON, body, fine=(200, 201, 403))

    def add(self, pdq: str) -> int:
        """Add a fingerprint; the id of the content that it became."""
        told = self._told("POST", f"/c/bank/{self.bank}/signal", {"pdq": pdq})
        return self._id(told.get("id"))

    def disable(self, content: int) -> None:
        """It matches nothing any more; it stays listed, so that what it matched can be explained. 404: it is gone already."""
        body = json.dumps({"disable_until_ts": _DISABLED}).encode()
        self.service.ask("PUT", f"/c/bank/{self.bank}/content/{content}", _JSON, body, fine=(200, 204, 404))

    def drop_bank(self) -> None:
        """Take the bank away with all that is in it."""
        self.service.ask("DELETE", f"/c/bank/{self.bank}", _JSON, fine=(200, 204, 404))

    def same(self, pdq: str) -> list[int]:
        """Contents of this bank with exactly this fingerprint, as far as the index knows."""
        asked = {"signal": pdq, "signal_type": "pdq", "banks": self.bank}
        matches = self._told("GET", f"/m/lookup?{urlencode(asked)}", None).get(self.bank)
        found = [match for match in matches if isinstance(match, dict)] if isinstance(matches, list) else []
        # Distances are texts in its answers.
        return [
            self._id(match.get("bank_content_id")) for match in found if str(match.get("distance")) == "0"
        ]

    def _told(self, method: Literal["GET", "POST"], path: str, body: object) -> dict[str, Any]:
        content = b"" if body is None else json.dumps(body).encode()
        try:
            told = json.loads(self.service.ask(method, path, _JSON, content, fine=(200, 201)))
        except (ValueError, RecursionError):
            raise PeerTrouble("the answer is no JSON: look at the address") from None
        if not isinstance(told, dict):
            raise PeerTrouble("the answer is no object: look at the address")
        return told

    def _id(self, content: object) -> int:
        if isinstance(content, bool) or not isinstance(content, int) or not 0 < content < 2**63:
            raise PeerTrouble("the answer names no content: nothing was noted")
        return content
