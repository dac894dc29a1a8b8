"""NCMEC's hash sharing service, version 2, as the NGO endpoint documents it: who we are, pages of entries, feedback on one."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from unseen.exchange.peers.ncmec.entries import TIME, feedback
from unseen.exchange.peers.record import PeerTrouble
from unseen.exchange.peers.safe_xml import parse
from unseen.exchange.peers.service import Service

_XML = "application/xml"
_ENTRIES = "/v2/entries?"


@dataclass(frozen=True, slots=True)
class NcmecClient:
    """Raises PeerTrouble for whatever goes wrong."""

    service: Service

    def member(self) -> str:
        """Who the service says that we are."""
        found = parse(self.service.ask("GET", "/v2/status", _XML)).child("member")
        if found is None or not found.attributes.get("id"):
            raise PeerTrouble(
                "the service does not say who we are: look at the address, the name and the password"
            )
        return found.attributes["id"]

    def first_page(self, since: datetime, until: datetime) -> bytes:
        """Entries that changed in this time, in no order."""
        asked = {"from": since.astimezone(UTC).strftime(TIME), "to": until.astimezone(UTC).strftime(TIME)}
        return self.service.ask("GET", _ENTRIES + urlencode(asked), _XML)

    def page(self, path: str) -> bytes:
        """A further page, where the one before said that it is."""
        if not path.startswith(_ENTRIES):
            raise PeerTrouble("the next page lies outside the list of entries: it is not followed")
        return self.service.ask("GET", path, _XML)

    def say(self, member: str, entry: str, fingerprint: str, *, affirmative: bool, reason: str = "") -> None:
        """Agree with a fingerprint of an entry, or not; `reason` is one of the GUIDs that the service lists."""
        if not all(part.isalnum() or set(part) <= _PATH for part in (member, entry, fingerprint)):
            raise PeerTrouble("this entry's name does not fit into a path: nothing was said")
        path = f"/v2/entries/{member}/{entry}/{fingerprint}/feedback"
        self.service.ask("PUT", path, _XML, feedback(affirmative, reason), fine=(200, 201, 204))


_PATH = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
