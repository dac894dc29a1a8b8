"""Security promise P21 from end to end: whatever stands in a report, a party, a law or a setting, a real mail server sees
our headers, one sender and one recipient; or nothing is written at all.
"""

import smtplib
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings

from unseen.casework.models import Item
from unseen.config.options import Options
from unseen.config.values import SmtpServer
from unseen.domain.notice import Law, NoUsableLaw, Rung
from unseen.takedown import compose
from unseen.takedown.channels.email.channel import EmailChannel
from unseen.takedown.channels.envelope import Delivered, Envelope, NotDelivered
from unseen.takedown.channels.mail import MailChannel
from unseen.takedown.channels.packet.channel import PacketChannel
from unseen.takedown.channels.report.channel import ReportChannel
from unseen.takedown.channels.tests.doors import SENDER
from unseen.takedown.channels.tests.payloads import COUNT, payloads
from unseen.takedown.channels.tests.raw import ADDRESS
from unseen.takedown.channels.tests.test_hostile_values_add_nothing import MAIL_HEADERS
from unseen.takedown.directory.directory import Directory
from unseen.takedown.directory.party import Addressee, ChannelKind
from unseen.takedown.tests.lives import NOON, a_case, deliver, found_copy, step
from unseen.takedown.tests.outside import whole_ladder
from unseen.takedown.texts import NoticeRefused

pytestmark = [pytest.mark.slow, pytest.mark.django_db]  # thousands of mails
TO = "abuse@hosting.test"
CHANNELS: dict[
    str, tuple[type[MailChannel], int]
] = {  # each n-th payload: a PDF costs a hundred times a mail
    "email": (EmailChannel, 2),
    "report": (ReportChannel, 4),
    "packet": (PacketChannel, 40),
}


@dataclass
class Plant:
    """One notice about to be written, with a hostile text somewhere."""

    item: Item
    options: Options
    addressee: Addressee
    meanwhile: Callable[[], AbstractContextManager[object]] = nullcontext


def _in_the_item(name: str) -> Callable[[Plant, str], None]:
    def plant(into: Plant, text: str) -> None:
        setattr(into.item, name, f"http://prompt.test/p/{text}" if name.endswith("location") else text)

    return plant


def _in_the_options(name: str) -> Callable[[Plant, str], None]:
    def plant(into: Plant, text: str) -> None:
        into.options = replace(into.options, **{name: text})  # type: ignore[arg-type] # the test names the field

    return plant


def _in_the_addressee(name: str) -> Callable[[Plant, str], None]:
    def plant(into: Plant, text: str) -> None:
        into.addressee = replace(into.addressee, **{name: text})  # type: ignore[arg-type] # same

    return plant


def _in_the_law(name: str) -> Callable[[Plant, str], None]:
    def plant(into: Plant, text: str) -> None:
        real = Directory.law

        def law(directory: Directory, key: str) -> Law:
            changed: dict[str, Any] = {name: text}
            return replace(real(directory, key), **changed)

        into.meanwhile = lambda: patch.object(Directory, "law", law)

    return plant


def _in_a_party_of_the_record(into: Plant, text: str) -> None:
    into.meanwhile = lambda: patch.object(compose, "_name_of", lambda *_: text)


PLANTS: dict[str, Callable[[Plant, str], None]] = {
    "location": _in_the_item("location"),
    "media location": _in_the_item("media_location"),
    "reference": _in_the_item("reference"),
    "organisation": _in_the_options("organisation"),
    "contact": _in_the_options("organisation_email"),
    "sender": _in_the_options("smtp_sender"),
    "domain": _in_the_options("organisation_domain"),
    "signatory": _in_the_options("signatory"),
    "public address": _in_the_options("public_address"),
    "address": _in_the_addressee("address_or_endpoint"),
    "party key": _in_the_addressee("party_key"),
    "party name": _in_a_party_of_the_record,
    "law title": _in_the_law("title"),
    "law article": _in_the_law("article"),
    "law instrument": _in_the_law("instrument"),
    "law version": _in_the_law("version"),
}


@dataclass
class Server:
    """A real mail server; `mails` are the bytes between DATA and the last dot, with sender and recipients."""

    mails: list[tuple[str, list[str], bytes]] = field(default_factory=list)

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.mails.append((envelope.mail_from, envelope.rcpt_tos, envelope.original_content))
        return "250 2.0.0 OK"


@contextmanager
def listening() -> Iterator[tuple[Server, int]]:
    server = Server()
    with socket.create_server((ADDRESS, 0)) as probe:
        port = int(probe.getsockname()[1])
    controller = Controller(server, hostname=ADDRESS, port=port, server_hostname="relay.test")
    controller.start()
    try:
        yield server, port
    finally:
        controller.stop()


def hosted_item() -> Item:
    """An item whose platform was written to: its host is next, with a record to tell."""
    with patch("unseen.takedown.queries.directory", whole_ladder):
        item = step(step(found_copy(a_case(), "http://prompt.test/p/1"), NOON), NOON)
        deliver(item, NOON)
    return item


def envelope_of(plant: Plant) -> Envelope:
    """As the engine makes it. Raises NoticeRefused."""
    directory = whole_ladder()
    with plant.meanwhile():
        made = compose.compose(plant.item, Rung.HOST, plant.addressee, directory, plant.options, NOON)
    return Envelope(
        key=str(uuid4()),
        reference=plant.item.reference,
        to=plant.addressee.address_or_endpoint,
        subject=made.text.subject,
        body=made.text.body,
        laws=tuple(law.id for law in made.laws),
        locations=compose.locations_of(plant.item),
        made_at=NOON,
        language="en",
        addressee=plant.addressee.party_key,
        particulars=made.particulars,
    )


def check(mail: tuple[str, list[str], bytes], plant: Plant, told: str) -> None:
    sender, recipients, raw = mail
    # smtplib sends the address in what the option holds: one, whatever stands around it.
    assert [f"<{sender}>", recipients] == [smtplib.quoteaddr(plant.options.smtp_sender), [TO]], told
    assert raw.isascii(), told
    assert b"\x00" not in raw, told
    lines = raw.split(b"\r\n")
    assert not any(b"\r" in line or b"\n" in line for line in lines), told
    assert max(map(len, lines)) <= 998, told
    head = raw.partition(b"\r\n\r\n")[0].split(b"\r\n")
    names = [line.partition(b":")[0].lower() for line in head if not line.startswith((b" ", b"\t"))]
    assert len(names) == len(set(names)), told
    assert set(names) <= MAIL_HEADERS, told


@pytest.mark.parametrize("name", PLANTS)
@pytest.mark.parametrize("kind", CHANNELS)
def test_a_real_server_sees_our_headers_and_one_recipient(kind: str, name: str) -> None:
    channel, every = CHANNELS[kind]
    base: Options = replace(
        settings.UNSEEN, organisation="Support Centre", organisation_email=SENDER, smtp_sender=SENDER,
        organisation_domain="centre.test", signatory="Head", dkim_key=None,
    )  # fmt: skip
    item = hosted_item()
    sent = refused = 0
    with listening() as (server, port), patch("unseen.takedown.queries.directory", whole_ladder):
        relay = SmtpServer(ADDRESS, port)
        for text in list(payloads())[::every]:
            fresh = Item.objects.select_related("case__report").get(pk=item.pk)
            plant = Plant(
                fresh,
                replace(base, smtp=relay),
                Addressee("hosting", "hosting", ChannelKind(kind), TO, ("host-abuse",), "en"),
            )
            PLANTS[name](plant, text)
            server.mails.clear()
            try:
                result = channel(plant.options).send(envelope_of(plant), NOON)
            except (NoticeRefused, NoUsableLaw):
                refused += 1
                continue
            assert isinstance(result, Delivered | NotDelivered), repr(text)
            assert len(server.mails) == isinstance(result, Delivered), repr(text)
            sent, refused = sent + len(server.mails), refused + (not server.mails)
            for mail in server.mails:
                check(mail, plant, repr(text))
    assert sent + refused == len(range(0, COUNT, every))
