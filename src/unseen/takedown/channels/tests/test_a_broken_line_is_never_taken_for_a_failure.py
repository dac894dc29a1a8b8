"""One suite for every channel: what is said when the line breaks, and when the other side says no."""

from pathlib import Path

import pytest

from unseen.takedown.channels.envelope import Delivered, NotDelivered, Unclear
from unseen.takedown.channels.tests.doors import AFTER, BEFORE, KINDS, Door, door_of
from unseen.takedown.channels.tests.raw import http

pytestmark = pytest.mark.thorough


def test_what_was_taken_is_delivered_with_the_words_of_the_other_side(door: Door) -> None:
    result = door.send()
    assert isinstance(result, Delivered)
    assert ("queued as 17" if door.by_mail else "R-1") in result.proof
    assert len(door.server.heard) == 1


def test_a_line_that_broke_before_the_message_was_offered_is_a_failure_for_now(door: Door) -> None:
    for moment in BEFORE[door.kind]:
        door.server.breaks_at = moment
        result = door.send()
        assert isinstance(result, NotDelivered), moment
        assert not result.permanent, moment
    assert door.server.heard == []


def test_a_line_that_broke_when_the_message_may_have_been_taken_is_unclear(door: Door) -> None:
    for moment in AFTER[door.kind]:
        door.server.breaks_at = moment
        assert isinstance(door.send(), Unclear), moment


@pytest.mark.parametrize("kind", KINDS)
def test_where_nobody_listens_nothing_was_delivered(kind: str, tmp_path: Path) -> None:
    with door_of(kind, tmp_path) as closed:
        pass
    result = closed.send()
    assert isinstance(result, NotDelivered)
    assert not result.permanent


@pytest.mark.parametrize("for_good", [True, False])
def test_a_refusal_says_whether_it_is_for_good(door: Door, *, for_good: bool) -> None:
    door.refuses(for_good=for_good)
    result = door.send()
    assert isinstance(result, NotDelivered)
    assert result.permanent is for_good


def test_every_try_of_a_notice_carries_the_same_id(door: Door) -> None:
    envelope = door.envelope()
    for _ in range(3):
        assert isinstance(door.send(envelope), Delivered)
    wanted = (
        f"Message-ID: <{envelope.key}@centre.test>" if door.by_mail else f"Idempotency-Key: {envelope.key}"
    )
    assert [raw.count(wanted.encode()) for raw in door.server.heard] == [1, 1, 1]
    # A signature tells its own time (RFC 6376, 3.5, t=); everything below it is the same.
    assert len({_below_signature(raw) for raw in door.server.heard}) == 1


def _below_signature(raw: bytes) -> bytes:
    return raw[raw.index(b"From:") :] if raw.startswith(b"DKIM-Signature") else raw


def test_after_the_relay_took_it_nothing_it_says_at_parting_changes_that(mail_door: Door) -> None:
    for moment in ("silence", "421"):
        mail_door.server.breaks_at = "QUIT" if moment == "silence" else ""
        mail_door.server.says["QUIT"] = b"421 too many connections\r\n"
        assert isinstance(mail_door.send(), Delivered), moment


@pytest.mark.parametrize("nonsense", [b"banana\r\n", b"999 ?\r\n", b"250-" + b"x" * 9_000 + b"\r\n", b"\r\n"])
def test_nonsense_after_the_last_dot_is_unclear(mail_door: Door, nonsense: bytes) -> None:
    mail_door.server.says["dot"] = nonsense
    assert isinstance(mail_door.send(), Unclear)


@pytest.mark.parametrize(
    ("moment", "said", "permanent"),
    [
        ("dot", b"554 5.7.1 spam\r\n", True),
        ("dot", b"451 4.3.0 disk full\r\n", False),
        ("DATA", b"554 5.5.1 no\r\n", True),
        ("DATA", b"421 closing\r\n", False),
        ("MAIL", b"550 5.7.1 we do not know you\r\n", False),  # it is we who are refused, not the addressee
    ],
)
def test_a_relay_may_refuse_at_each_step(
    mail_door: Door, moment: str, said: bytes, *, permanent: bool
) -> None:
    mail_door.server.says[moment] = said
    result = mail_door.send()
    assert isinstance(result, NotDelivered)
    assert result.permanent is permanent
    assert said.split(b" ")[0].decode() in result.why


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>please log in</html>", b"{}", b'{"receipt": ""}', b"[1]", b'{"receipt": null}', b"\xff"],
)
def test_a_status_without_a_receipt_proves_nothing(api_door: Door, body: bytes) -> None:
    for status in (200, 201, 202):
        api_door.server.says["POST"] = http(status, body)
        assert isinstance(api_door.send(), Unclear)


@pytest.mark.parametrize(
    ("status", "permanent"),
    [
        (400, True),
        (401, True),
        (404, True),
        (410, True),
        (408, False),
        (425, False),
        (429, False),
        (500, False),
    ],
)
def test_an_endpoint_may_refuse_in_many_ways(api_door: Door, status: int, *, permanent: bool) -> None:
    api_door.server.says["POST"] = http(status)
    result = api_door.send()
    assert isinstance(result, NotDelivered)
    assert result.permanent is permanent


def test_a_redirect_is_not_followed_with_a_notice(api_door: Door) -> None:
    api_door.server.says["POST"] = http(307, extra=b"Location: /elsewhere\r\n")
    assert isinstance(api_door.send(), Unclear)
    assert len(api_door.server.heard) == 1
