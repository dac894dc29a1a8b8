"""The relay archives before it answers, and the inbox gets what mail servers really send."""

import mailbox
import smtplib
import socket
from datetime import timedelta
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.policy import SMTP

import pytest

from unseen.testing.internet.tests.hand import START, Hand


def parts(mail: Message) -> list[Message]:
    """The parts of a multipart mail."""
    payload = mail.get_payload()
    assert isinstance(payload, list)
    return [part for part in payload if isinstance(part, Message)]


def archived(hand: Hand) -> list[Message]:
    return list(mailbox.Maildir(hand.internet.sent_archive))


def test_a_mail_is_archived_and_delivered_before_the_relay_answers(hand: Hand) -> None:
    seen: list[tuple[str, int, int, int]] = []

    def look(event: str, count: int) -> None:
        seen.append((event, count, len(archived(hand)), len(hand.internet.truth.notices())))

    hand.internet.on_wire = look
    message_id = hand.mail("abuse@silent.test", "http://silent.test/p/1")
    assert hand.internet.quiet(2)
    assert seen == [("smtp:before_reply", 1, 1, 1), ("smtp:after_reply", 1, 1, 1)]
    assert archived(hand)[0]["Message-ID"] == message_id


def test_the_truth_keeps_the_raw_bytes_and_reads_the_locations(hand: Hand) -> None:
    message_id = hand.mail("abuse@silent.test", "http://silent.test/p/1", "http://silent.test/p/2")
    (notice,) = hand.internet.truth.notices()
    assert notice.raw.startswith(b"From: desk@centre.test\r\n")
    assert notice.locations == ("http://silent.test/p/1", "http://silent.test/p/2")
    assert (notice.message_id, notice.channel, notice.received_at) == (message_id, "mail", START)
    assert (notice.party, notice.recipient, notice.replay) == ("silent", "abuse@silent.test", False)


def test_a_bounce_reads_as_rfc_3464_and_names_the_notice(hand: Hand) -> None:
    message_id = hand.mail("abuse@bouncer.test", hand.copies("bouncer")[0].page_url)
    hand.hours(1)
    (bounce,) = hand.inbox()
    assert bounce.get_content_type() == "multipart/report"
    assert bounce.get_param("report-type") == "delivery-status"
    _, status, headers = parts(bounce)
    assert status.get_content_type() == "message/delivery-status"
    per_recipient = parts(status)[1]
    assert (per_recipient["Action"], per_recipient["Status"]) == ("failed", "5.2.2")
    assert per_recipient["Final-Recipient"] == "rfc822; abuse@bouncer.test"
    assert f"Message-ID: {message_id}" in str(headers.get_payload())
    assert bounce["In-Reply-To"] == message_id


def test_unknown_mailboxes_and_domains_bounce_too(hand: Hand) -> None:
    hand.mail("nobody@silent.test", "http://silent.test/p/1")
    hand.mail("abuse@elsewhere.test", "http://elsewhere.test/p/1")
    hand.hours(1)
    statuses = sorted(str(parts(parts(mail)[1])[1]["Status"]) for mail in hand.inbox())
    assert statuses == ["5.1.1", "5.1.2"]


def test_an_answer_comes_at_its_simulated_time_in_the_notices_thread(hand: Hand) -> None:
    message_id = hand.mail("abuse@nodder.test", hand.copies("nodder")[0].media_url)
    due = hand.internet.next_event_at()
    assert due == START + timedelta(hours=1)
    hand.internet.advance(due - timedelta(microseconds=1))
    assert hand.inbox() == []
    hand.internet.advance(due)
    (answer,) = hand.inbox()
    assert (answer["In-Reply-To"], answer["References"]) == (message_id, message_id)
    assert answer["To"] == "desk@centre.test"
    assert answer["Date"] == "Mon, 02 Nov 2026 10:00:00 +0000"


def test_the_same_mail_again_is_a_replay_and_changes_nothing(hand: Hand) -> None:
    copy = hand.copies("slow")[0]
    for _ in range(3):
        hand.mail("abuse@slow.test", copy.page_url, name="the same")
    hand.hours(100)
    assert [notice.replay for notice in hand.internet.truth.notices()] == [False, True, True]
    assert hand.internet.truth.served_to_anyone(copy)
    assert len(hand.inbox()) == 1


def test_a_notice_without_a_location_is_refused(hand: Hand) -> None:
    hand.mail("abuse@silent.test")
    hand.hours(2)
    assert "names no address" in str(hand.inbox()[0])


def test_a_sender_that_dies_before_the_end_has_sent_nothing(hand: Hand) -> None:
    with socket.create_connection(hand.internet.relay_address) as line:
        for sent in (
            "HELO centre.test",
            "MAIL FROM:<desk@centre.test>",
            "RCPT TO:<abuse@silent.test>",
            "DATA",
        ):
            line.recv(4096)
            line.sendall(f"{sent}\r\n".encode())
        assert line.recv(4096).startswith(b"354")
        line.sendall(b"Subject: half a mail\r\n\r\nand then")
    assert hand.internet.quiet(2)
    assert (archived(hand), hand.internet.truth.notices()) == ([], [])


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "8bit"])
def test_locations_are_read_whatever_the_transfer_encoding(hand: Hand, encoding: str) -> None:
    message = EmailMessage(policy=SMTP.clone(utf8=True))
    message["From"], message["To"] = "지원센터 <desk@centre.test>", "abuse@nodder.test"
    message["Subject"], message["Message-ID"] = "[Notice N-1] 삭제 요청", "<n1@centre.test>"
    long = "http://nodder.test/p/" + "a" * 400
    message.set_content(f"삭제해 주세요.\n-- locations --\n{long}\n-- end --\n", cte=encoding)
    with smtplib.SMTP(*hand.internet.relay_address, local_hostname="centre.test") as line:
        line.sendmail(
            "desk@centre.test", ["abuse@nodder.test"], message.as_bytes(), ["SMTPUTF8", "BODY=8BITMIME"]
        )
    (notice,) = hand.internet.truth.notices()
    assert (notice.locations, notice.reply_to) == ((long,), "desk@centre.test")
    hand.hours(2)
    assert "삭제" in str(make_header(decode_header(hand.inbox()[0]["Subject"])))
