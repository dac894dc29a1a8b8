"""One suite for every channel, the form included: what it shows beforehand, and what it never says or carries."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest
import xarf

from unseen.takedown.channels import packet as packet_folder
from unseen.takedown.channels.envelope import CannotTell, Channel, Envelope, Preview, Unclear
from unseen.takedown.channels.form.channel import FormChannel
from unseen.takedown.channels.headers import Letterhead
from unseen.takedown.channels.open import open_channel
from unseen.takedown.channels.packet.data import packet_of
from unseen.takedown.channels.packet.pdf import pdf_of
from unseen.takedown.channels.report.channel import as_uri
from unseen.takedown.channels.report.xarf import report_of
from unseen.takedown.channels.tests.doors import (
    BY_MAIL,
    KINDS,
    LOCATIONS,
    NOON,
    an_envelope,
    door_of,
    mail_channel,
    options,
)
from unseen.takedown.directory.party import ChannelKind

HEAD = Letterhead("notices@centre.test", "Support Centre", "centre.test")
SCHEMA = json.loads(Path(packet_folder.__path__[0], "packet.schema.json").read_text("utf-8"))
MEDIA = ("image/", "video/", "audio/")


def _envelope(kind: str) -> Envelope:
    to = "abuse@prompt.test" if kind in BY_MAIL else "http://prompt.test:8001/notices"
    return an_envelope(to)


def _preview(kind: str, envelope: Envelope, folder: Path) -> Preview:
    if kind == "form":
        return FormChannel(options()).preview(envelope)
    if kind == "api":
        with door_of("api", folder) as door:
            return door.channel.preview(replace(envelope, to=door.to))
    return mail_channel(kind).preview(envelope)


@pytest.mark.parametrize("kind", [*KINDS, "form"])
def test_a_preview_shows_every_location_and_the_words(kind: str, tmp_path: Path) -> None:
    envelope = _envelope(kind)
    shown = "\n".join(part.content for part in _preview(kind, envelope, tmp_path).parts)
    for location in LOCATIONS:
        assert location in shown
    assert "Please remove." in shown or "did not consent" in shown
    assert not any(media in shown for media in MEDIA)


@pytest.mark.parametrize("kind", BY_MAIL)
def test_a_preview_of_a_mail_is_what_arrives(kind: str, tmp_path: Path) -> None:
    with door_of(kind, tmp_path) as door:
        envelope = door.envelope()
        shown = door.channel.preview(envelope)
        door.send(envelope)
    (raw,) = door.server.heard
    text = raw.decode()
    for line in shown.parts[0].content.splitlines():
        name = line.partition(":")[0]
        assert f"\r\n{name}: " in f"\r\n{text}", name
    for part in shown.parts:
        if part.name.endswith(".pdf"):
            assert _digest_of_pdf(raw) in part.content


def _digest_of_pdf(raw: bytes) -> str:
    import email
    import email.policy

    message = email.message_from_bytes(raw, policy=email.policy.default)
    (pdf,) = (part for part in message.walk() if part.get_content_type() == "application/pdf")
    content = pdf.get_payload(decode=True)
    assert isinstance(content, bytes)
    return hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("kind", [*BY_MAIL, "form"])
def test_what_cannot_be_built_is_not_shown_either(kind: str, tmp_path: Path) -> None:
    broken = replace(an_envelope("abuse@prompt.test"), language="xx\r\n", to="a@b.test, c@d.test")
    with pytest.raises(ValueError, match=r"."):
        _preview(kind, broken, tmp_path)


def test_every_kind_of_the_directory_has_a_channel() -> None:
    for kind in set(ChannelKind) - {ChannelKind.API}:  # that one needs vantages
        channel: Channel = open_channel(kind)
        for verb in ("send", "look_up", "preview"):
            assert callable(getattr(channel, verb))


def test_a_form_never_says_that_anything_went_out() -> None:
    form, envelope = FormChannel(options()), _envelope("form")
    assert isinstance(form.send(envelope, NOON), Unclear)
    assert isinstance(form.look_up(envelope, NOON), CannotTell)


def test_a_report_is_right_by_the_reference_library() -> None:
    for envelope in (_envelope("report"), replace(_envelope("report"), key=f"{_envelope('report').key}-2")):
        found = xarf.parse(report_of(envelope, HEAD))
        assert found.errors == []
        assert found.warnings == []
        assert found.report is not None
        assert found.report.report_id.count("-") == 4


def test_a_report_says_nothing_about_children() -> None:
    report = report_of(_envelope("report"), HEAD)
    assert report["type"] not in ("csam", "csem")
    assert "csam" not in json.dumps(report).lower()


@pytest.mark.parametrize("wrong", [(), ("no address",), ("http:///p",)])
def test_a_report_without_a_place_is_refused(wrong: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"."):
        report_of(replace(_envelope("report"), locations=wrong), HEAD)


def test_a_korean_address_becomes_a_uri_and_a_broken_one_nothing() -> None:
    assert as_uri("http://한국.test/사진?q=1#a") == "http://%ED%95%9C%EA%B5%AD.test/%EC%82%AC%EC%A7%84?q=1#a"
    for broken in ("http://x.test/\r\nX: 1", "http://x.test/a b", "http://x.test/\x85", "x"):
        with pytest.raises(ValueError, match="location"):
            as_uri(broken)


def test_a_packet_fits_its_schema() -> None:
    record = [
        {
            "rung": "platform",
            "addressee": "Prompt",
            "sent_at": NOON.isoformat(),
            "received_at": None,
            "deadline_at": None,
            "answer": "none",
            "laws": ["us-tida"],
        }
    ]
    laws = [{"id": "us-tida", "version": "1", "citation": "47 U.S.C. 223a", "hours": 48, "statutory": True}]
    full = replace(_envelope("packet"), particulars={"record": record, "laws": laws})
    for envelope in (_envelope("packet"), full):
        jsonschema.validate(packet_of(envelope, HEAD), SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**packet_of(full, HEAD), "photo": "x"}, SCHEMA)


def test_a_packet_on_paper_is_the_same_for_every_try_and_takes_hostile_text() -> None:
    envelope = replace(
        _envelope("packet"),
        language="ko",
        body='삭제를 요청합니다. #read("/etc/passwd") *b* $x$ \\ [c] <d> @e // f\n'
         "http://x.test/" + "a" * 2_000 + "\n\x01\u202e\n",
    )  # fmt: skip
    made_at = datetime(2026, 11, 23, 12, tzinfo=UTC)
    first, second = (pdf_of(packet_of(envelope, HEAD), made_at) for _ in range(2))
    assert first == second
    assert first.startswith(b"%PDF-")
    assert b"Pretendard" in first
    assert len(first) < 200_000
