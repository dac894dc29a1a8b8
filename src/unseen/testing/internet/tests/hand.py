"""What a test does to the small internet: ask for a page from an address, send a notice, let hours pass."""

import http.client
import json
import mailbox
import smtplib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from unseen.testing.clock import FileClock
from unseen.testing.internet import SmallInternet
from unseen.testing.internet.truth import Copy

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
OFFICE, HOME_LINE, BERLIN, DALLAS = "127.9.0.1", "127.9.0.2", "127.9.0.3", "127.9.0.4"
STRANGER_KR, STRANGER_DE = "127.9.9.1", "127.9.9.2"
EVERYWHERE = (OFFICE, HOME_LINE, BERLIN, DALLAS)


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes
    headers: dict[str, str]


@dataclass
class Hand:
    internet: SmallInternet
    clock: FileClock
    sent: int = 0

    def ask(
        self,
        url: str,
        source: str = BERLIN,
        *,
        method: str = "GET",
        body: bytes | None = None,
        **headers: str,
    ) -> Reply:
        """One HTTP request, bound to the source address; a _ in a header's name becomes a hyphen."""
        parts = urlsplit(url)
        line = http.client.HTTPConnection(
            self.address_of(str(parts.hostname)), self.internet.port, 5, (source, 0)
        )
        named = {name.replace("_", "-"): value for name, value in headers.items()} | {"Host": parts.netloc}
        line.request(method, parts.path + (f"?{parts.query}" if parts.query else ""), body, named)
        answer = line.getresponse()
        reply = Reply(answer.status, answer.read(), dict(answer.getheaders()))
        line.close()
        return reply

    def address_of(self, name: str) -> str:
        lines = self.internet.hosts_file.read_text().splitlines()
        return next(address for address, each in map(str.split, lines) if each == name)

    def mail(self, recipient: str, *locations: str, name: str = "") -> str:
        """A notice by mail; the Message-ID. The same `name` again makes the same notice."""
        self.sent += 1
        uuid = uuid5(NAMESPACE_URL, name or f"mail {self.sent}")
        listed = "\r\n".join(["-- locations --", *locations, "-- end --"])
        text = f"From: desk@centre.test\r\nTo: {recipient}\r\nMessage-ID: <{uuid}@centre.test>\r\n"
        text += f"Subject: [Notice N-{self.sent}] Request to remove an intimate image (first notice)\r\n"
        text += f"X-Unseen-Notice: {uuid}\r\n\r\nPlease remove:\r\n{listed}\r\n"
        with smtplib.SMTP(*self.internet.relay_address, local_hostname="centre.test") as line:
            line.sendmail("desk@centre.test", [recipient], text.encode())
        return f"<{uuid}@centre.test>"

    def api(self, platform: str, *locations: str, key: str = "") -> Reply:
        self.sent += 1
        body: dict[str, Any] = {
            "notice_id": f"id-{key or self.sent}",
            "reference": "N-1",
            "laws": ["us-tida"],
        }
        body |= {"locations": list(locations), "statement": "not consented", "good_faith": True}
        body |= {"sender": {"organisation": "Centre", "email": "desk@centre.test"}}
        url = f"http://{platform}.test:{self.internet.port}/notices"
        chosen = key or f"key-{self.sent}"
        return self.ask(url, method="POST", body=json.dumps(body).encode(), Idempotency_Key=chosen)

    def hours(self, hours: float) -> None:
        self.clock.set(self.clock.now() + timedelta(hours=hours))
        self.internet.advance(self.clock.now())

    def copies(self, platform: str) -> list[Copy]:
        return [copy for copy in self.internet.truth.copies() if copy.platform == platform]

    def report(self, copy: Copy, to: str = "") -> None:
        """A notice about the copy's page, by the channel that the directory prefers (or by mail to `to`)."""
        if not to and self.internet.platforms[copy.platform].api:
            self.api(copy.platform, copy.page_url)
        else:
            self.mail(f"abuse@{to or copy.platform}.test", copy.page_url)

    def looks(self, copy: Copy, source: str) -> tuple[int, int]:
        """The status of page and media from there."""
        return self.ask(copy.page_url, source).status, self.ask(copy.media_url, source).status

    def inbox(self) -> list[Message]:
        return sorted(mailbox.Maildir(self.internet.inbox), key=lambda mail: str(mail["Message-ID"]))


def open_hand(folder: Path, media_folder: Path, options: dict[str, Any]) -> Hand:
    folder.mkdir()
    clock = FileClock(folder / "clock")
    clock.set(START)
    internet = SmallInternet(clock, folder, media_folder, **options)
    internet.start()
    return Hand(internet, clock)
