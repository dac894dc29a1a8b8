"""Many fingerprints in one request, and hits of 32 bytes each."""

import numpy as np

from unseen.feed.lines import LineAction
from unseen.match_server.limits import BATCH_FINGERPRINTS_MAX
from unseen.match_server.own import BATCH_NAME, HEAD, HIT
from unseen.match_server.tests.asking import NOW, ONES, ZEROS, asked, service


def test_each_hit_names_its_query_its_entry_and_what_to_do() -> None:
    body = bytes.fromhex(ZEROS + ONES)
    reply = asked(service(), "POST", "/v1/match", body, "application/octet-stream")
    assert (reply.status, reply.type) == (200, "application/octet-stream")
    (head,) = np.frombuffer(reply.body, HEAD, 1)
    assert (bytes(head["name"]), int(head["hits"]), int(head["may_act_until"])) == (
        BATCH_NAME,
        2,
        NOW + 3_600,
    )
    hits = np.frombuffer(reply.body, HIT, offset=HEAD.itemsize)
    assert hits["query"].tolist() == [1, 1]
    assert hits["distance_bits"].tolist() == [0, 1]
    assert hits["action"].tolist() == [LineAction.BLOCK, LineAction.REVIEW]
    assert [each.tobytes() for each in hits["entry"]] == [bytes(range(16)), bytes(range(16, 32))]


def test_no_hit_is_a_head_alone() -> None:
    reply = asked(service(), "POST", "/v1/match", bytes(32))
    assert len(reply.body) == HEAD.itemsize


def test_half_a_fingerprint_and_none_at_all_are_refused() -> None:
    assert asked(service(), "POST", "/v1/match", bytes(33)).status == 400
    assert asked(service(), "POST", "/v1/match", b"").status == 400


def test_a_batch_that_is_too_long_is_refused() -> None:
    most = 32 * BATCH_FINGERPRINTS_MAX
    assert asked(service(), "POST", "/v1/match", bytes(most)).status == 200
    assert asked(service(), "POST", "/v1/match", bytes(most + 32)).status == 413
