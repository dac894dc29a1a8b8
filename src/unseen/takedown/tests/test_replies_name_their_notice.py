import pytest

from unseen.takedown.replies import About, ReplyKind, read_reply

NOTICE = "0d9a4f5e-5f0c-4f3a-9c63-3f3a5f1f0a01"
ORIGINAL = (
    "From: help@centre.test\r\n"
    f"Message-ID: <{NOTICE}@centre.test>\r\n"
    f"X-Unseen-Notice: {NOTICE}\r\n"
    "Subject: [Notice U-7F3K] Request to remove an intimate image (first notice)\r\n"
)


def report(
    action: str = "failed", status: str = "Status: 5.1.1\r\n", original: str = "text/rfc822-headers"
) -> bytes:
    return (
        "From: MAILER-DAEMON@relay.test\r\nSubject: Undelivered\r\nMessage-ID: <dsn@relay.test>\r\n"
        "Auto-Submitted: auto-replied\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nWe will not remove: your message could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; relay.test\r\n\r\n"
        f"Final-Recipient: rfc822; abuse@prompt.test\r\nAction: {action}\r\n{status}"
        "Diagnostic-Code: smtp; 550 5.7.1 No such mailbox\r\n\r\n"
        f"--b\r\nContent-Type: {original}\r\n\r\n{ORIGINAL}\r\nWe have received your notice.\r\n--b--\r\n"
    ).encode()


@pytest.mark.parametrize("original", ["text/rfc822-headers", "message/rfc822"])
def test_a_bounce_keeps_the_code_the_reason_and_the_original(original: str) -> None:
    reply = read_reply(report(original=original))
    assert (reply.kind, reply.status_code, reply.message_id) == (ReplyKind.BOUNCED, "5.1.1", "dsn@relay.test")
    assert reply.words == "smtp; 550 5.7.1 No such mailbox"
    assert reply.about == About(NOTICE, (f"{NOTICE}@centre.test",), "U-7F3K")


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("Failed", ReplyKind.BOUNCED),
        ("failed (no such mailbox)", ReplyKind.BOUNCED),
        ("delayed", ReplyKind.DELAYED),
        ("delivered", ReplyKind.AUTO_REPLY),
        ("nonsense", ReplyKind.UNREADABLE),
    ],
)
def test_the_action_decides(action: str, kind: ReplyKind) -> None:
    assert read_reply(report(action)).kind is kind


def test_one_failed_recipient_among_delivered_ones_is_a_bounce() -> None:
    both = (
        "Status: 2.0.0\r\n\r\nFinal-Recipient: rfc822; b@prompt.test\r\nAction: failed\r\nStatus: 4.4.7\r\n"
    )
    reply = read_reply(report("delivered", both))
    assert (reply.kind, reply.status_code) == (ReplyKind.BOUNCED, "4.4.7")


def test_a_missing_status_is_taken_from_the_diagnosis() -> None:
    assert read_reply(report(status="")).status_code == "5.7.1"


def answer(headers: str) -> bytes:
    return f"From: d@prompt.test\r\n{headers}Content-Type: text/plain\r\n\r\nWe have received your notice.\r\n".encode()


def test_an_answer_is_about_in_reply_to_first_and_the_latest_reference_next() -> None:
    raw = answer("References: <a@c.test>\r\n <b@c.test>\r\nIn-Reply-To: <c@c.test>\r\n")
    assert read_reply(raw).about.message_ids == ("c@c.test", "b@c.test", "a@c.test")


def test_the_reference_is_read_from_an_encoded_subject() -> None:
    raw = answer("Subject: =?utf-8?b?UmU6IFtOb3RpY2UgVS03RjNLXSDsgq3soJw=?=\r\n")
    assert read_reply(raw).about == About(None, (), "U-7F3K")


def test_our_own_header_sent_back_names_the_notice() -> None:
    assert read_reply(answer(f"X-Unseen-Notice: {NOTICE.upper()}\r\n")).about.notice_id == NOTICE
    assert read_reply(answer(f"X-Unseen-Notice: {NOTICE}-2\r\n")).about.notice_id == f"{NOTICE}-2"
    assert read_reply(answer("X-Unseen-Notice: not-an-id\r\n")).about.notice_id is None


def test_a_mail_about_nothing_names_nothing() -> None:
    assert read_reply(answer("Subject: lunch\r\n")).about == About()
