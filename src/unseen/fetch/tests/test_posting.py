"""A notice by JSON goes out once, under the same guard, with the headers that were given and no others."""

import json

import pytest

from unseen.fetch.answers import FailureCode, Fetched, FetchFailure
from unseen.fetch.fetcher import Fetcher
from unseen.fetch.tests.site import OFFICE, Handler, Site

PAYLOAD = {"reference": "N-1", "locations": ["http://site.test/p/1"], "statement": "삭제를 요청합니다"}


def test_the_payload_and_headers_arrive(site: Site, fetcher: Fetcher) -> None:
    site.answers["/notices"] = lambda handler: handler.answer(
        202, b'{"receipt": "r1"}', Content_Type="application/json"
    )
    answer = fetcher.post_json(site.at("/notices"), OFFICE, PAYLOAD, {"Idempotency-Key": "k1"})
    assert isinstance(answer, Fetched)
    assert (answer.status, json.loads(answer.body)) == (202, {"receipt": "r1"})
    method, _, source, headers, body = site.requests[0]
    assert (method, source, json.loads(body)) == ("POST", OFFICE.source_address, PAYLOAD)
    assert headers["Idempotency-Key"] == "k1"
    assert headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Idempotency-Key", "k\r\nBcc: x"), ("Idempotency-Key", "k\nX: y"), ("X\r\nY", "k"), ("X", "a\x00b"), ("X", "é"),
        ("X Y", "k"), ("", "k"), ("X:", "k"), ("Host", "other.test"), ("content-length", "1"), ("Transfer-Encoding", "chunked"),
        ("X", "k" * 4001),
    ],
)  # fmt: skip
def test_a_header_that_could_smuggle_is_never_sent(
    site: Site, fetcher: Fetcher, name: str, value: str
) -> None:
    answer = fetcher.post_json(site.at("/notices"), OFFICE, PAYLOAD, {name: value})
    assert isinstance(answer, FetchFailure)
    assert (answer.code, answer.sent) == (FailureCode.PROTOCOL, False)
    assert site.requests == []


def test_a_redirect_of_a_notice_is_not_followed(site: Site, fetcher: Fetcher) -> None:
    site.answers["/notices"] = lambda handler: handler.answer(307, Location="/elsewhere")
    answer = fetcher.post_json(site.at("/notices"), OFFICE, PAYLOAD, {})
    assert isinstance(answer, FetchFailure)
    assert (answer.code, answer.status, answer.sent) == (FailureCode.BAD_REDIRECT, 307, True)
    assert len(site.requests) == 1


def test_a_notice_whose_answer_is_lost_is_marked_as_sent_and_not_repeated(
    site: Site, fetcher: Fetcher
) -> None:
    def leave(handler: Handler) -> None:
        handler.close_connection = True

    fetcher.get(
        site.at("/"), OFFICE
    )  # the notice goes over the kept connection, where a repeat would be easiest
    site.answers["/notices"] = leave
    answer = fetcher.post_json(site.at("/notices"), OFFICE, PAYLOAD, {})
    assert isinstance(answer, FetchFailure)
    assert answer.sent
    assert [request[0] for request in site.requests] == ["GET", "POST"]
