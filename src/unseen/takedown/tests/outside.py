"""The outside of takedown as a few lines: addressees that remember what arrived, and eyes that see the truth."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from unittest.mock import patch

from django.conf import settings

from unseen.casework import due as casework
from unseen.casework.models import Item
from unseen.domain.fingerprint import Fingerprint
from unseen.domain.match import Match
from unseen.domain.recheck import Look, MediaSeen, PageSeen
from unseen.domain.report import AgeBand, MaterialKind, ReportDraft, ReportedMaterial
from unseen.fetch.locations import parse_location
from unseen.fetch.vantage import Vantage
from unseen.intake.actions import receive_report
from unseen.takedown import due, queries
from unseen.takedown.channels.envelope import (
    CannotTell,
    Channel,
    Delivered,
    Envelope,
    LookUpResult,
    NotDelivered,
    NotThere,
    Part,
    Preview,
    SendResult,
    Unclear,
)
from unseen.takedown.directory.directory import Directory
from unseen.takedown.directory.load import load_directory
from unseen.takedown.probes.look import Sighting, Sought
from unseen.takedown.tests.parties import party_text

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
WORKER = "w"
PLATFORM, HOST, REGULATOR = "abuse@prompt.test", "abuse@hosting.test", "desk@regulator.test"
VANTAGES = (
    Vantage("office", "KR", "127.9.0.1", None, "Unseen/1", own_address=True),
    Vantage("berlin", "DE", "127.9.0.3", None, "Mozilla/5.0"),
    Vantage("dallas", "US", "127.9.0.4", None, "Mozilla/5.0"),
)


def _mail(address: str) -> str:
    return f'{{kind = "email", address = "{address}"}}'


@cache
def whole_ladder() -> Directory:
    """A platform by mail with a host above it, one by a form only, one without anybody, and a regulator."""
    form = '{kind = "form", location = "https://formy.test/report"}'
    rows = {
        "prompt": ("platform", "prompt.test", '"us-tida"', _mail(PLATFORM), 'host = "hosting"'),
        "formy": ("platform", "formy.test", '"us-tida"', form, 'host = "hosting"'),
        "hosting": ("host", "hosting.test", "", _mail(HOST), ""),
        "regulator": ("regulator", "regulator.test", '"kr-tba-22-5"', _mail(REGULATOR), 'regulates = ["KR"]'),
    }
    with tempfile.TemporaryDirectory() as name:
        for key, (kind, domain, laws, channels, more) in rows.items():
            text = party_text(key, kind, domain=domain, laws=laws, channels=channels, more=more)
            (Path(name) / f"{key}.toml").write_text(text)
        return load_directory([Path(name)], shipped_parties=False)


@dataclass
class Outside:
    """`arrived` is what truly reached an addressee. `sends` says how the next sends go; after them all go well."""

    inbox: Path
    arrived: list[tuple[str, str, datetime]] = field(default_factory=list)  # (to, key, at)
    sends: list[str] = field(default_factory=list)
    archive: str = "honest"  # or "closed": nobody can look anything up
    removed_at: datetime | None = None
    back_at: datetime | None = None  # from then on it is there again, until the next removal
    shows: Callable[[Vantage, datetime], tuple[PageSeen, MediaSeen] | None] = lambda *_: (
        None
    )  # None: the truth
    removes: dict[str, tuple[int, timedelta]] = field(
        default_factory=dict
    )  # addressee: on which notice, after what
    answers: dict[str, Callable[[Envelope], bytes]] = field(default_factory=dict)  # addressee: its mail
    tried: list[tuple[str, str]] = field(default_factory=list)  # (how, key) of every send

    @property
    def remembers(self) -> bool:
        return self.archive == "honest"

    def send(self, envelope: Envelope, now: datetime) -> SendResult:
        """The next of `sends`: well, refused, later, before (the line breaks), after (it broke when all was said)."""
        how = self.sends.pop(0) if self.sends else "well"
        self.tried.append((how, envelope.key))
        if how == "refused":
            return NotDelivered("550 no such mailbox", permanent=True)
        if how == "later":
            return NotDelivered("450 try later", permanent=False)
        if how == "relay down":
            return NotDelivered("the relay could not be reached", permanent=False, ours=True)
        if how != "before":
            self.take(envelope, now)
        return Unclear("the line broke") if how in ("before", "after") else Delivered("250 queued")

    def look_up(self, envelope: Envelope, now: datetime) -> LookUpResult:
        if self.archive == "closed":
            return CannotTell("no archive")
        return Delivered("found in the archive") if self.count(envelope.key) else NotThere()

    def preview(self, envelope: Envelope) -> Preview:
        return Preview((Part("Text", envelope.body),))

    def take(self, envelope: Envelope, now: datetime) -> None:
        """It arrived, and the addressee does about it what it does."""
        first = not self.count(envelope.key)
        self.arrived.append((envelope.to, envelope.key, now))
        if not first:
            return
        number, pause = self.removes.get(envelope.to, (0, timedelta()))
        if number and len({key for to, key, _ in self.arrived if to == envelope.to}) == number:
            self.removed_at = now + pause
        if envelope.to in self.answers:
            (self.inbox / "new" / f"{len(self.arrived)}").write_bytes(self.answers[envelope.to](envelope))

    def gone_at(self, now: datetime) -> bool:
        """The truth about the place."""
        if self.removed_at is None or now < self.removed_at:
            return False
        return self.back_at is None or self.back_at < self.removed_at or now < self.back_at

    def count(self, key: str) -> int:
        """How often this notice arrived."""
        return sum(each == key for _, each, _ in self.arrived)

    def prober(self, *_: object) -> "OutsideProber":
        """Stands in for takedown's prober."""
        return OutsideProber(self)


@dataclass
class OutsideProber:
    """Sees the picture until it is removed, the same from every vantage."""

    outside: Outside
    sightings: list[Sighting] = field(default_factory=list)

    def look(self, sought: Sought, vantage: Vantage, now: datetime) -> Look:
        gone = self.outside.gone_at(now)
        shown = self.outside.shows(vantage, now)
        if shown is not None:
            return Look(vantage.name, vantage.country, vantage.own_address, *shown)
        if not gone:
            medium = parse_location(f"{sought.page.text}.jpg")
            self.sightings.append(Sighting(medium, Match(min(sought.materials), 4, "mirror")))
        page, media = (
            (PageSeen.MISSING, MediaSeen.MISSING) if gone else (PageSeen.PRESENT, MediaSeen.MATCHING)
        )
        return Look(vantage.name, vantage.country, vantage.own_address, page, media)


@dataclass(frozen=True)
class _Eyes:
    vantages: tuple[Vantage, ...] = VANTAGES


def refusal(envelope: Envelope) -> bytes:
    """A plain no."""
    return _answer(envelope, b"We have reviewed your notice and will not remove the content.")


def claim(envelope: Envelope) -> bytes:
    """They say that it is gone."""
    return _answer(envelope, b"We have removed the content named in your notice.")


def bounce(envelope: Envelope) -> bytes:
    """RFC 3464."""
    return (
        b"From: MAILER-DAEMON@relay.test\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\nNo.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        b"Reporting-MTA: dns; relay.test\r\n\r\nFinal-Recipient: rfc822; x@y.test\r\nAction: failed\r\n"
        b"Status: 5.1.1\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        b"Message-ID: <" + envelope.key.encode() + b"@centre.example>\r\n\r\n--b--\r\n"
    )


def _answer(envelope: Envelope, words: bytes) -> bytes:
    key = envelope.key.encode()
    return (
        b"From: abuse@prompt.test\r\nSubject: Re: notice\r\nIn-Reply-To: <"
        + key
        + b"@centre.example>\r\n\r\n"
        + words
    )


def a_draft(location: str) -> ReportDraft:
    """One picture at one place."""
    picture = ReportedMaterial(MaterialKind.IMAGE, (Fingerprint(os.urandom(32), 90),))
    return ReportDraft(AgeBand.ADULT, (picture,), (location,))


def a_reported_item(location: str = "http://prompt.test/p/1", at: datetime = NOON) -> Item:
    """A report of one picture at one place, taken up as a case."""
    receive_report(a_draft(location), may_share=False, now=at)
    casework.do_due(at, WORKER)
    return Item.objects.latest("pk")


def tick(now: datetime) -> None:
    """What a worker does at one instant, of these two stages."""
    while casework.do_due(now, WORKER) + due.do_due(now, WORKER):
        pass


def next_due_at() -> datetime | None:
    """When one of the two wants attention next."""
    times = [at for at in (casework.next_due_at(), due.next_due_at()) if at is not None]
    return min(times, default=None)


def pass_time(start: datetime, **time: float) -> datetime:
    """Work through all that is due from `start` on, each at its own instant; the end of the time."""
    now, ends_at = start, start + timedelta(**time)
    tick(now)
    while (at := next_due_at()) is not None and at <= ends_at:
        now = max(at, now + timedelta(seconds=1))
        tick(now)
    return ends_at


def inbox_in(folder: Path) -> Path:
    """An empty Maildir."""
    for part in ("new", "cur", "tmp"):
        (folder / "inbox" / part).mkdir(parents=True)
    return folder / "inbox"


@contextmanager
def in_place(outside: Outside) -> Iterator[None]:
    """Takedown sends to and looks at this outside, and at nothing else."""
    channel: Channel = outside
    in_force = replace(settings.UNSEEN, inbox=outside.inbox, signatory="Head of removal", country="KR")
    with ExitStack() as stack:
        stack.enter_context(patch.object(settings, "UNSEEN", in_force))
        stack.enter_context(patch.object(queries, "directory", whole_ladder))
        # It is drawn from the key of the row, which differs from run to run; looks would come at other hours each time.
        stack.enter_context(patch.object(queries, "_luck", lambda _: 0.0))
        stack.enter_context(patch.object(due, "open_channel", lambda _: channel))
        stack.enter_context(patch.object(due, "looker", _Eyes))
        stack.enter_context(patch.object(due, "recogniser", lambda: None))
        stack.enter_context(patch.object(due, "Prober", outside.prober))
        yield


@contextmanager
def outside_of(folder: Path) -> Iterator[Outside]:
    """An outside of its own for one test."""
    outside = Outside(inbox_in(folder))
    with in_place(outside):
        yield outside
