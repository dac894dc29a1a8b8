"""A mail is evidence; what hangs on it is not ours to keep (promise 1)."""

import base64
from email.message import EmailMessage
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

import unseen
from unseen.takedown.kept_mail import kept

PHOTO = min((Path(unseen.__file__).parent / "testing" / "media" / "photos").iterdir()).read_bytes()


def mail(**parts: tuple[bytes, str, str]) -> bytes:
    message = EmailMessage()
    message["Subject"] = "Re: your notice"
    message["From"] = "abuse@site.example"
    message.set_content("We have removed it.")
    for content, main, sub in parts.values():
        message.add_attachment(content, maintype=main, subtype=sub, filename="logo.jpg")
    return message.as_bytes()


def test_headers_and_words_are_kept() -> None:
    text = kept(mail())
    assert "Subject: Re: your notice" in text
    assert "We have removed it." in text


def test_a_picture_is_replaced_by_its_digest() -> None:
    text = kept(mail(photo=(PHOTO, "image", "jpeg")))
    assert "We have removed it." in text
    assert f"[left out: {len(PHOTO)} bytes" in text
    assert base64.b64encode(PHOTO[300:600]).decode()[:60] not in text.replace("\n", "")
    assert len(text) < 2_000


def test_a_picture_under_a_false_name_is_left_out_too() -> None:
    text = kept(mail(photo=(PHOTO, "text", "plain")))
    assert "left out" in text
    assert len(text) < 2_000


def test_a_mail_that_is_nothing_but_a_picture_leaves_only_a_line() -> None:
    raw = b"Content-Type: image/jpeg\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(PHOTO)
    assert len(kept(raw)) < 500


@given(st.binary(max_size=400))
def test_any_bytes_are_survived(raw: bytes) -> None:
    assert isinstance(kept(raw), str)
    assert isinstance(kept(b"Content-Type: multipart/mixed; boundary=x\n\n--x\n" + raw + b"\n--x--"), str)
