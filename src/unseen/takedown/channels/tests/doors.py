"""Each channel before a server that a test can script, and before the real one: the same questions for all."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path
from uuid import uuid4

from django.conf import settings

from unseen.config.options import Options
from unseen.config.values import SmtpServer
from unseen.fetch.fetcher import Fetcher, FetchLimits
from unseen.fetch.resolver import HostsFileResolver
from unseen.fetch.vantage import Vantage
from unseen.takedown.channels.api.channel import ApiChannel
from unseen.takedown.channels.email.channel import EmailChannel
from unseen.takedown.channels.envelope import Channel, Envelope, LookUpResult, SendResult
from unseen.takedown.channels.packet.channel import PacketChannel
from unseen.takedown.channels.report.channel import ReportChannel
from unseen.takedown.channels.tests.raw import ADDRESS, RawHttp, RawServer, RawSmtp, http, listening

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SENDER = "notices@centre.test"
OFFICE = Vantage("office", "KR", "127.9.0.1", None, "Unseen/1", own_address=True)
LOCATIONS = ("http://prompt.test/p/1", "http://prompt.test/m/1.jpg")
DKIM_KEY = Path(__file__).with_name("dkim.pem")  # made for these tests; signs for nobody
# Every channel that sends by itself. `signed` is plain mail under a DKIM key.
BY_MAIL = ("email", "signed", "report", "packet")
KINDS = (*BY_MAIL, "api")
_MAIL_CHANNELS = {
    "email": EmailChannel,
    "signed": EmailChannel,
    "report": ReportChannel,
    "packet": PacketChannel,
}


@dataclass
class Door:
    """One channel and what stands at its other end."""

    kind: str
    channel: Channel
    to: str
    server: RawServer

    @property
    def by_mail(self) -> bool:
        """Whether a relay stands at the other end."""
        return self.kind in BY_MAIL

    def envelope(self, **changes: object) -> Envelope:
        """A notice for this door, with a key of its own unless one is given."""
        return replace(an_envelope(self.to), **changes)  # type: ignore[arg-type] # the test names the field

    def send(self, envelope: Envelope | None = None) -> SendResult:
        return self.channel.send(envelope or self.envelope(), NOON)

    def look_up(self, envelope: Envelope) -> LookUpResult:
        return self.channel.look_up(envelope, NOON)

    def refuses(self, *, for_good: bool) -> None:
        """From now on the addressee's side says no."""
        if self.by_mail:
            self.server.says["RCPT"] = (
                b"550 5.1.1 no such mailbox\r\n" if for_good else b"450 4.2.0 later\r\n"
            )
        else:
            self.server.says["POST"] = http(422 if for_good else 503)


# Moments at which the server closes the line, and whether the message may have been taken by then.
BEFORE = {**dict.fromkeys(BY_MAIL, ("greeting", "EHLO", "MAIL", "RCPT")), "api": ()}
AFTER = {**dict.fromkeys(BY_MAIL, ("DATA", "middle", "dot")), "api": ("greeting", "middle", "POST", "half")}


def an_envelope(to: str) -> Envelope:
    return Envelope(
        key=str(uuid4()),
        reference="AB23CD45EF",
        to=to,
        subject="[Notice AB23CD45EF] Request to remove an intimate image (first notice to the platform)",
        body="Please remove.\n\n-- locations --\n" + "\n".join(LOCATIONS) + "\n-- end --\n",
        laws=("us-tida",),
        locations=LOCATIONS,
        made_at=NOON,
        language="en",
    )


def options(**changes: object) -> Options:
    known = {"organisation": "Support Centre", "organisation_email": SENDER, "smtp_sender": SENDER}
    base: Options = settings.UNSEEN
    return replace(base, **known, organisation_domain="centre.test", **changes)  # type: ignore[arg-type] # same


@contextmanager
def door_of(kind: str, folder: Path) -> Iterator[Door]:
    """The channel before a scripted server."""
    server: RawServer = RawSmtp() if kind in BY_MAIL else RawHttp()
    with listening(server):
        if kind in BY_MAIL:
            channel = mail_channel(kind, smtp=SmtpServer(ADDRESS, server.port), sent_archive=None)
            yield Door(kind, channel, "abuse@prompt.test", server)
            return
        hosts = folder / "hosts"
        hosts.write_text(f"{ADDRESS} prompt.test\n")
        with api_fetcher(hosts, server.port) as fetcher:
            channel_ = ApiChannel(options(fetch_ports=(server.port,)), fetcher, OFFICE)
            yield Door(kind, channel_, f"http://prompt.test:{server.port}/notices", server)


def mail_channel(kind: str, **changes: object) -> Channel:
    """A channel by mail under options of its own."""
    if kind == "signed":
        changes = {"dkim_key": DKIM_KEY, **changes}
    return _MAIL_CHANNELS[kind](options(**changes))  # type: ignore[abstract] # none of the four is


def api_fetcher(hosts: Path, port: int) -> Fetcher:
    """A fetcher that reaches loopback only, and is impatient."""
    limits = FetchLimits(connect_s=2, read_s=2, total_s=4)
    networks = (ip_network("127.0.0.0/8"),)
    return Fetcher(HostsFileResolver(hosts), allow_networks=networks, ports=frozenset({port}), limits=limits)
