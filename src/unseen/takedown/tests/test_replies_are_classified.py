import base64

import pytest

from unseen.takedown.replies import ReplyKind, read_reply

HEAD = "From: desk@prompt.test\r\nTo: help@centre.test\r\nMessage-ID: <answer-1@prompt.test>\r\n"


def mail(body: str, headers: str = "", subject: str = "Re: your mail") -> bytes:
    text = f"{HEAD}Subject: {subject}\r\n{headers}Content-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n"
    return text.encode("utf-8")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("We have received your notice and will look into it.", ReplyKind.ACKNOWLEDGED),
        ("Thank you for your report. We are reviewing it.", ReplyKind.ACKNOWLEDGED),
        ("신고가 정상적으로 접수되었습니다.", ReplyKind.ACKNOWLEDGED),
        ("접수하신 내용을 검토하겠습니다.", ReplyKind.ACKNOWLEDGED),
        ("We have reviewed your notice and will not remove the content.", ReplyKind.REFUSED),
        ("We have reviewed your notice and will not\r\nremove the content.", ReplyKind.REFUSED),
        ("Your request has been received. The content does not violate our rules.", ReplyKind.REFUSED),
        ("We won\u2019t remove it.", ReplyKind.REFUSED),
        ("검토 결과 삭제하지 않기로 결정하였습니다.", ReplyKind.REFUSED),
        ("요청을 거절하였습니다.", ReplyKind.REFUSED),
        ("We have received your request. The content has been removed.", ReplyKind.SAYS_REMOVED),
        ("We have removed the content named in your notice.", ReplyKind.SAYS_REMOVED),
        ("요청하신 게시물을 삭제하였습니다.", ReplyKind.SAYS_REMOVED),
        ("I am out of the office until Monday. Thank you for contacting us.", ReplyKind.AUTO_REPLY),
        ("The content has not been removed.", ReplyKind.REFUSED),
        ("If the content has been removed, you need do nothing.", ReplyKind.UNREADABLE),
        ("We will tell you when it was removed.", ReplyKind.UNREADABLE),
        ("We may decline your request.", ReplyKind.UNREADABLE),
        ("삭제되었습니다만 경우에 따라 다릅니다.", ReplyKind.UNREADABLE),
        ("The first has been removed. We will not remove the second.", ReplyKind.UNREADABLE),
        ("No.", ReplyKind.UNREADABLE),
        ("Nous avons bien noté.", ReplyKind.UNREADABLE),
        ("", ReplyKind.UNREADABLE),
    ],
)
def test_words_decide_and_unknown_words_are_unreadable(body: str, kind: ReplyKind) -> None:
    assert read_reply(mail(body)).kind is kind


def test_a_refusal_keeps_the_sentence_that_refused() -> None:
    reply = read_reply(mail("Hello. We will not remove it, because it is art. Bye."))
    assert reply.words == "We will not remove it, because it is art."


@pytest.mark.parametrize(
    "quoted",
    [
        "> The content has been removed.",
        "On Mon, 2 Nov 2026 at 10:00, Centre wrote:\r\nThe content has been removed.",
        "-----Original Message-----\r\nThe content has been removed.",
        "We are a support organisation. We write.\r\n\r\nRemoval was refused. It has been refused.",
        "저희는 피해자 지원 기관입니다.\r\n\r\n삭제를 거부하였습니다.",
    ],
)
def test_what_is_quoted_is_not_their_answer(quoted: str) -> None:
    assert read_reply(mail(f"We have received your notice.\r\n\r\n{quoted}")).kind is ReplyKind.ACKNOWLEDGED


def test_an_automatic_answer_with_clear_words_says_what_it_says() -> None:
    automatic = "Auto-Submitted: auto-replied\r\n"
    assert read_reply(mail("We will not remove it.", automatic)).kind is ReplyKind.REFUSED
    assert read_reply(mail("Hello, this is a machine.", automatic)).kind is ReplyKind.AUTO_REPLY
    assert read_reply(mail("Hello, this is a person.", "Auto-Submitted: no\r\n")).kind is ReplyKind.UNREADABLE
    for older in ("Precedence: auto_reply\r\n", "X-Autoreply: yes\r\n", "Precedence: BULK\r\n"):
        assert read_reply(mail("Hello.", older)).kind is ReplyKind.AUTO_REPLY
    assert read_reply(mail("We will not remove it.", "Precedence: bulk\r\n")).kind is ReplyKind.REFUSED


def test_a_page_is_read_without_its_tags_and_styles() -> None:
    html = "<html><head><style>p{} .x:after{content:'has been removed'}</style></head><p>We will <b>not remove</b> it.</p>"
    raw = f"{HEAD}Content-Type: text/html\r\n\r\n{html}".encode()
    assert read_reply(raw).kind is ReplyKind.REFUSED


def test_plain_text_goes_before_html_and_attachments_are_not_read() -> None:
    raw = (
        f'{HEAD}Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\nIt has been removed.\r\n"
        "--b\r\nContent-Type: text/html\r\n\r\n<p>It has been removed.</p>\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nWe have received your report.\r\n--b--\r\n"
    ).encode()
    assert read_reply(raw).kind is ReplyKind.ACKNOWLEDGED


def test_encoded_words_and_bodies_are_read() -> None:
    raw = (
        f"{HEAD}Content-Type: text/plain; charset=euc-kr\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode()
        + base64.b64encode("게시물을 삭제하였습니다.".encode("euc-kr"))
    )
    assert read_reply(raw).kind is ReplyKind.SAYS_REMOVED
