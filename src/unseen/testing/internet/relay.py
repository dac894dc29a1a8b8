"""The one mail relay: it archives each mail, hands it to its addressee, and only then answers 250."""

import asyncio
import hashlib
import socket
import threading
import time
from datetime import datetime
from functools import partial
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from unseen.testing.internet import mailbox
from unseen.testing.internet.mailbox import RELAY_NAME, Maildir
from unseen.testing.internet.notice import ReceivedNotice, from_mail
from unseen.testing.internet.world import World

ADDRESS = "127.1.0.250"
BOUNCES_AFTER_HOURS = 0.1


class _Delivery:
    """What happens to a mail: archive, deliver, tell the kill harness, answer."""

    def __init__(self, world: World, archive: Maildir) -> None:
        self._world = world
        self._archive = archive

    async def handle_DATA(  # noqa: N802 - the name that aiosmtpd calls
        self, server: "_Conversation", session: Session, envelope: Envelope
    ) -> str:
        raw = envelope.original_content or b""
        self._archive.add(raw)
        with self._world.lock:
            now = self._world.settle()
            for recipient in envelope.rcpt_tos:
                self._deliver(raw, str(recipient), now)
        self._world.wire("smtp:before_reply")
        server.accepted_mail = True
        return f"250 2.0.0 OK: queued as {hashlib.sha256(raw).hexdigest()[:12]}"

    def _deliver(self, raw: bytes, recipient: str, now: datetime) -> None:
        address = recipient.lower()
        party = next((each for each in self._world.parties.values() if each.mail_address == address), None)
        notice = from_mail(raw, party.key if party else "", address, now)
        self._world.receive(notice)
        if party is None:
            self._world.later(now, BOUNCES_AFTER_HOURS, partial(self._bounce, notice))

    def _bounce(self, notice: ReceivedNotice, at: datetime) -> None:
        known = {party.domain for party in self._world.parties.values()}
        if notice.recipient.rpartition("@")[2] in known:
            raw = mailbox.bounce(notice, "5.1.1", "No such mailbox here", at)
        else:
            raw = mailbox.bounce(notice, "5.1.2", "Domain not found", at)
        self._world.inbox.add(raw)


class _Conversation(SMTP):
    """One SMTP connection, with the moment right after the 250 made visible."""

    def __init__(self, relay: "Relay", **settings: Any) -> None:
        self._relay = relay
        self._client = ""
        self.accepted_mail = False
        super().__init__(relay.handler, **settings)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._relay.count(+1)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self._relay.count(-1)

    async def push(self, status: Any) -> None:
        await super().push(status)
        if self.accepted_mail:
            self.accepted_mail = False
            self._relay.world.wire("smtp:after_reply")


class Relay(Controller):
    """`hostname` and `port` are where to send mail."""

    def __init__(self, world: World, archive: Maildir) -> None:
        self.world = world
        self._open = 0
        self._changed = threading.Condition()
        handler = _Delivery(world, archive)
        super().__init__(handler, hostname=ADDRESS, port=_free_port(), server_hostname=RELAY_NAME)

    def factory(self) -> _Conversation:
        return _Conversation(self, **self.SMTP_kwargs)

    def count(self, change: int) -> None:
        with self._changed:
            self._open += change
            self._changed.notify_all()

    def quiet(self, until: float) -> bool:
        """Pick up what waits at the door, then wait till no connection is open; False at `until`."""
        try:
            for _ in range(2):  # one turn of the loop accepts, the next one greets
                turn = asyncio.run_coroutine_threadsafe(asyncio.sleep(0), self.loop)
                turn.result(max(0.0, until - time.monotonic()))
        except TimeoutError:
            return False
        with self._changed:
            return self._changed.wait_for(lambda: self._open == 0, max(0.0, until - time.monotonic()))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((ADDRESS, 0))
        return int(probe.getsockname()[1])
