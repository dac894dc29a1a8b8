"""Whatever a caller sends, there is one answer, with clean headers, and nothing of it in a log."""

import asyncio
import json
import logging

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unseen.match_server.limits import BATCH_BYTES_MAX, QUERY_CHARACTERS_MAX, UPLOAD_BYTES_MAX
from unseen.match_server.rsgi import Application
from unseen.match_server.tests.asking import ONES, FakeExchange, FakeScope, SmallSource, asked, service

SERVICE = service()
PATHS = st.sampled_from(
    [
        "/m/raw_lookup", "/m/lookup", "/m/compare", "/m/index/status", "/h/hash", "/c/banks", "/c/bank/UNSEEN_BLOCK",
        "/c/bank/", "/status", "/status/live", "/metrics", "/v1/match", "/", "",
    ]
)  # fmt: skip
WORDS = st.one_of(
    st.text(max_size=40),
    st.sampled_from([ONES, "pdq", "video_md5", "true", "%0d%0aset-cookie:x", "%ff", "\r\nx: y"]),
)
QUERIES = st.lists(
    st.tuples(
        st.sampled_from(["signal", "signal_type", "banks", "include_distance", "url", "types", "pdq", "x"]),
        WORDS,
    ),
    max_size=6,
).map(lambda pairs: "&".join(f"{name}={value}" for name, value in pairs))
METHODS = st.sampled_from(["GET", "POST", "PUT", "HEAD", "OPTIONS", "DELETE", "\r\n", ""])
TYPES = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["application/json", "multipart/form-data; boundary=x", "multipart/form-data; boundary="]
    ),
)
BODIES = st.one_of(
    st.binary(max_size=200),
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text() | st.just(ONES),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text() | st.just("pdq"), inner, max_size=3)
        ),
        max_leaves=8,
    ).map(lambda told: json.dumps(told).encode()),
)
STATUSES = {200, 400, 403, 404, 405, 408, 413, 414, 415, 422}


@settings(max_examples=300, deadline=None)
@given(
    method=METHODS,
    path=st.one_of(PATHS, st.text(max_size=30)),
    query=QUERIES,
    body=BODIES,
    content_type=TYPES,
    length=st.one_of(st.just(""), st.text(max_size=5), st.integers().map(str)),
)
def test_anything_gets_one_clean_answer(
    method: str, path: str, query: str, body: bytes, content_type: str, length: str
) -> None:
    reply = asked(SERVICE, method, f"{path.replace('?', '')}?{query}", body, content_type, length)
    assert reply.status in STATUSES
    for name, value in reply.headers:
        assert value.isprintable()
        assert value.isascii()
        assert name in {
            "content-type",
            "cache-control",
            "x-content-type-options",
            "allow",
        }
    if reply.type == "application/json" and method != "HEAD":
        json.loads(reply.body)


def test_nothing_that_was_sent_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    damaged = SmallSource()
    damaged.damaged = True
    of = service(damaged)
    for target in (f"/m/lookup?signal={ONES}&signal_type=hostile", "/c/banks", "/hostile?hostile"):
        asked(of, "GET", target)
    assert "hostile" not in caplog.text
    assert ONES not in caplog.text
    assert "cannot be read" in caplog.text


def test_a_bank_that_cannot_be_read_is_a_503_and_logged_once() -> None:
    damaged = SmallSource()
    damaged.damaged = True
    assert asked(service(damaged), "GET", "/c/banks").status == 503


@pytest.mark.parametrize(("target", "most"), [("/v1/match", BATCH_BYTES_MAX), ("/h/hash", UPLOAD_BYTES_MAX)])
def test_a_body_that_is_said_to_be_too_long_is_not_read(target: str, most: int) -> None:
    exchange = FakeExchange([b"x"])
    scope = FakeScope("POST", target, "", {"content-length": str(most + 1)})
    run(exchange, scope)
    assert exchange.reply is not None
    assert exchange.reply.status == 413
    assert exchange.read == 0


def test_a_body_is_read_no_further_than_allowed_whatever_it_says() -> None:
    exchange = FakeExchange([bytes(BATCH_BYTES_MAX)] * 5)
    run(exchange, FakeScope("POST", "/v1/match", "", {"content-length": "32"}))
    assert exchange.reply is not None
    assert exchange.reply.status == 413
    assert exchange.read <= 2 * BATCH_BYTES_MAX


def test_arguments_that_are_too_long_are_refused() -> None:
    assert asked(SERVICE, "GET", f"/m/lookup?signal={'f' * QUERY_CHARACTERS_MAX}").status == 414


def run(exchange: FakeExchange, scope: FakeScope) -> None:
    asyncio.run(Application(SERVICE)(scope, exchange))
