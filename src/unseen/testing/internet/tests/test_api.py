"""The notice API: a receipt, the same receipt again, a look-up after a crash, and clear refusals."""

import json
import socket

import pytest

from unseen.testing.internet.tests.hand import START, Hand


def test_a_notice_gets_a_receipt_and_a_replay_gets_the_same_one(hand: Hand) -> None:
    copy = hand.copies("prompt")[0]
    first = hand.api("prompt", copy.page_url, key="k1")
    hand.hours(1)
    again = hand.api("prompt", copy.page_url, key="k1")
    assert (first.status, again.status) == (202, 200)
    assert first.body == again.body
    assert json.loads(first.body)["received_at"] == START.isoformat()
    assert [notice.replay for notice in hand.internet.truth.notices()] == [False, True]


def test_a_receipt_can_be_looked_up_after_a_crash(hand: Hand) -> None:
    base = f"http://prompt.test:{hand.internet.port}/notices/"
    assert hand.ask(base + "k1").status == 404
    receipt = hand.api("prompt", hand.copies("prompt")[0].page_url, key="k1").body
    assert (hand.ask(base + "k1").status, hand.ask(base + "k1").body) == (200, receipt)


def test_a_key_belongs_to_one_notice(hand: Hand) -> None:
    copies = hand.copies("prompt")
    hand.api("prompt", copies[0].page_url, key="k1")
    assert hand.api("prompt", copies[1].page_url, key="k1").status == 422
    hand.hours(24)
    assert hand.internet.truth.served_to_anyone(copies[1])


@pytest.mark.parametrize("body", [b"{", b"[]", b"{}", b'{"locations": []}', b"\xff"])
def test_what_is_no_notice_is_refused_and_not_recorded(hand: Hand, body: bytes) -> None:
    url = f"http://prompt.test:{hand.internet.port}/notices"
    assert hand.ask(url, method="POST", body=body, Idempotency_Key="k").status == 400
    assert hand.internet.truth.notices() == []


def test_a_platform_without_an_api_has_no_endpoint(hand: Hand) -> None:
    assert hand.api("silent", hand.copies("silent")[0].page_url).status == 404


def test_a_sender_that_dies_one_byte_before_the_end_has_sent_nothing(hand: Hand) -> None:
    hand.api("prompt", hand.copies("prompt")[0].page_url)
    body = hand.internet.truth.notices()[0].raw
    head = "POST /notices HTTP/1.1\r\nHost: prompt.test\r\nIdempotency-Key: k"
    head += f"\r\nContent-Length: {len(body) + 1}"
    with socket.create_connection((hand.address_of("prompt.test"), hand.internet.port)) as line:
        line.sendall(f"{head}\r\n\r\n".encode() + body)
    assert hand.internet.quiet(2)
    assert len(hand.internet.truth.notices()) == 1


def test_the_kill_harness_is_told_before_and_after_the_reply(hand: Hand) -> None:
    seen: list[tuple[str, int]] = []
    hand.internet.on_wire = lambda event, count: seen.append((event, count))
    hand.api("prompt", hand.copies("prompt")[0].page_url)
    hand.ask(hand.internet.start_pages()[0])
    assert hand.internet.quiet(2)
    assert seen == [("http_notice:before_reply", 1), ("http_notice:after_reply", 1), ("page", 1)]
