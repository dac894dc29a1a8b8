"""Forms as strangers send them."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unseen.match_server.forms import sent_file
from unseen.match_server.limits import PARTS_MAX
from unseen.match_server.tests.asking import form
from unseen.match_server.wire import Refused

CONTENT = st.binary(max_size=300)
PIECES = st.lists(
    st.sampled_from(
        [
            b"--b0undary", b"\r\n", b"\r\n\r\n", b"--", b"Content-Disposition: form-data;", b' name="photo"',
            b'; filename="a"', b"x", b"\0", b"\n\n", b'name="', b"filename*=",
        ]
    ),
    max_size=30,
)  # fmt: skip


@given(content=CONTENT, before=CONTENT)
def test_the_file_comes_out_byte_by_byte(content: bytes, before: bytes) -> None:
    if b"b0undary" in content + before:
        return
    body, content_type = form(("note", None, before), ("photo", "a.png", content), ("more", None, b"x"))
    sent = sent_file(content_type, body)
    assert (sent.field, sent.content) == ("photo", content)


@given(
    pieces=PIECES,
    content_type=st.sampled_from(
        ["multipart/form-data; boundary=b0undary", "", "x/y", 'multipart/form-data; boundary="b0undary"']
    ),
)
def test_whatever_comes_there_is_a_file_or_a_refusal(pieces: list[bytes], content_type: str) -> None:
    with contextlib.suppress(Refused):
        sent_file(content_type, b"".join(pieces))


def test_a_quoted_boundary_is_read() -> None:
    body, _ = form(("photo", "a.png", b"x"), boundary="a b")
    assert sent_file('multipart/form-data; charset=x; boundary="a b"', body).content == b"x"


def test_a_form_that_is_cut_off_is_refused() -> None:
    body, content_type = form(("photo", "a.png", b"x" * 100))
    with pytest.raises(Refused, match="cut off"):
        sent_file(content_type, body[:120])


def test_a_form_of_very_many_parts_is_refused() -> None:
    body, content_type = form(*[("note", None, b"")] * (PARTS_MAX + 1))
    with pytest.raises(Refused, match="parts"):
        sent_file(content_type, body)


def test_the_name_of_a_field_may_not_look_like_a_file() -> None:
    body, content_type = form(("filename", None, b"x"))
    with pytest.raises(Refused, match="Missing"):
        sent_file(content_type, body)
