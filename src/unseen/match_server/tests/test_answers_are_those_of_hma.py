"""HMA's own answers, recorded from HMA 1.1.7 (facebook/ThreatExchange at baefb4ed) with the same two entries."""

import json

import pytest

from unseen.match_server.source import Lease
from unseen.match_server.tests.asking import NEAR_ONES, ONES, ZEROS, SmallSource, asked, form, service

ASK_ONES = f"signal={ONES}&signal_type=pdq"
NO_PDQ = {"message": "invalid signal: invalid PDQ hash"}
BLOCK_1 = {"UNSEEN_BLOCK": [{"bank_content_id": 1, "distance": "0"}]}
REVIEW_2 = {"UNSEEN_REVIEW": [{"bank_content_id": 2, "distance": "1"}]}
WITH_DISTANCE = [{"bank_content_id": 1, "distance": "0"}, {"bank_content_id": 2, "distance": "1"}]

RECORDED = [
    (f"/m/raw_lookup?{ASK_ONES}", 200, {"matches": [1, 2]}),
    (f"/m/raw_lookup?{ASK_ONES}&include_distance=true", 200, {"matches": WITH_DISTANCE}),
    (f"/m/raw_lookup?{ASK_ONES}&include_distance=1", 200, {"matches": WITH_DISTANCE}),
    (f"/m/raw_lookup?{ASK_ONES}&banks=UNSEEN_BLOCK", 200, {"matches": [1]}),
    (f"/m/raw_lookup?{ASK_ONES}&banks=UNSEEN_BLOCK%2CUNSEEN_REVIEW", 200, {"matches": [1, 2]}),
    (f"/m/raw_lookup?{ASK_ONES}&banks=NONE", 200, {"matches": []}),
    (f"/m/raw_lookup?{ASK_ONES}&banks=", 200, {"matches": [1, 2]}),
    (f"/m/raw_lookup?signal={ZEROS}&signal_type=pdq", 200, {"matches": []}),
    (f"/m/raw_lookup?{ASK_ONES}&signal={ZEROS}", 200, {"matches": [1, 2]}),
    (f"/m/raw_lookup?signal={ONES[1:]}&signal_type=pdq", 400, NO_PDQ),
    (f"/m/raw_lookup?signal={ONES.upper()}&signal_type=pdq", 400, NO_PDQ),
    (f"/m/raw_lookup?signal=%20{ONES}&signal_type=pdq", 400, NO_PDQ),
    (f"/m/raw_lookup?signal={'z' * 64}&signal_type=pdq", 400, NO_PDQ),
    ("/m/raw_lookup?signal=&signal_type=pdq", 400, NO_PDQ),
    (f"/m/raw_lookup?signal={ONES}&signal_type=nope", 400, {"message": "No such SignalType 'nope'"}),
    (f"/m/raw_lookup?signal={ONES}&signal_type=", 400, {"message": "No such SignalType ''"}),
    (f"/m/lookup?{ASK_ONES}", 200, BLOCK_1 | REVIEW_2),
    (f"/m/lookup?{ASK_ONES}&seed=1", 200, BLOCK_1 | REVIEW_2),
    (f"/m/lookup?{ASK_ONES}&banks=UNSEEN_REVIEW", 200, REVIEW_2),
    (f"/m/lookup?signal={ZEROS}&signal_type=pdq", 200, {}),
    (
        "/m/lookup",
        400,
        {"message": "Either url or both signal and signal_type are required"},
    ),
    ("/m/lookup?signal=zz&signal_type=pdq", 400, NO_PDQ),
    ("/m/index/status?signal_type=nope", 400, {"message": "No such signal type 'nope'"}),
    ("/c/bank/UNSEEN_BLOCK", 200, {"matching_enabled_ratio": 1.0, "name": "UNSEEN_BLOCK"}),
    ("/c/bank/NOPE", 404, {"message": "bank 'NOPE' not found"}),
]


@pytest.mark.parametrize(("target", "status", "told"), RECORDED)
def test_a_question_by_get_gets_what_hma_answered(target: str, status: int, told: object) -> None:
    reply = asked(service(), "GET", target)
    assert (reply.status, json.loads(reply.body)) == (status, told)
    assert reply.type == "application/json"


def test_the_bytes_are_those_of_flask() -> None:
    assert asked(service(), "GET", f"/m/raw_lookup?{ASK_ONES}").body == b'{"matches":[1,2]}\n'
    expected = b'{"UNSEEN_BLOCK":[{"bank_content_id":1,"distance":"0"}]}\n'
    assert asked(service(), "GET", f"/m/lookup?{ASK_ONES}&banks=UNSEEN_BLOCK").body == expected


def test_a_content_with_two_near_fingerprints_is_told_once_with_the_nearer() -> None:
    source = SmallSource()
    source.contents[:] = 7
    told = json.loads(asked(service(source), "GET", f"/m/raw_lookup?{ASK_ONES}&include_distance=true").body)
    assert told == {"matches": [{"bank_content_id": 7, "distance": "0"}]}


@pytest.mark.parametrize(
    ("target", "lacking", "kind"),
    [
        (f"/m/raw_lookup?signal={ONES}", "signal_type", "missing"),
        ("/m/raw_lookup?signal_type=pdq", "signal", "missing"),
        (f"/m/raw_lookup?{ASK_ONES}&include_distance=maybe", "include_distance", "bool_parsing"),
    ],
)
def test_a_missing_or_wrong_argument_is_a_422_with_a_list(target: str, lacking: str, kind: str) -> None:
    reply = asked(service(), "GET", target)
    assert reply.status == 422
    (told,) = json.loads(reply.body)
    assert (told["loc"], told["type"]) == ([lacking], kind)


@pytest.mark.parametrize(
    ("sent", "status", "told"),
    [
        ({"pdq": [ONES, NEAR_ONES]}, 200, {"pdq": [True, {"distance": 1}]}),
        ({"pdq": [ONES, ZEROS]}, 200, {"pdq": [False, {"distance": 256}]}),
        ({}, 200, {}),
        ({"pdq": [ONES, "zz"]}, 400, {"message": "Invalid pdq hash: invalid PDQ hash"}),
        ({"pdq": [ONES]}, 400, {"message": "Comparison hash list length must be exactly 2"}),
        ({"pdq": "x"}, 400, {"message": "Comparison hashes for pdq was not a list"}),
        ({"nope": [ONES, ONES]}, 400, {"message": "No such SignalType 'nope'"}),
        ([], 400, {"message": "Request input was not a dict"}),
    ],
)
def test_two_fingerprints_are_compared_as_hma_compares_them(sent: object, status: int, told: object) -> None:
    reply = asked(service(), "POST", "/m/compare", json.dumps(sent).encode(), "application/json")
    assert (reply.status, json.loads(reply.body)) == (status, told)


def test_a_comparison_that_is_no_json_is_refused_with_hmas_statuses() -> None:
    for body in (b"{", b"\xff", b"[" * 16_000, b'{"pdq":' + b"9" * 5_000 + b"}"):
        assert asked(service(), "POST", "/m/compare", body, "application/json").status == 400
    assert asked(service(), "POST", "/m/compare", b"x", "text/plain").status == 415


@pytest.mark.parametrize(
    ("parts", "target", "status", "told"),
    [
        ([("photo", "a.png", b"x")], "/h/hash", 200, {"pdq": ONES}),
        ([("photo", "a.png", b"x")], "/h/hash?types=pdq", 200, {"pdq": ONES}),
        ([("photo", "a.png", b"")], "/h/hash", 200, {"pdq": ""}),
        (
            [("photo", "a.png", b"x")],
            "/h/hash?types=nope",
            400,
            {"message": "signal type 'nope' doesn't exist or is disabled"},
        ),
        ([("photo", "a.png", b"x")], "/h/hash?types=", 400, {"message": "empty signal type selection"}),
        ([("other", "a.png", b"x")], "/h/hash", 400, {"message": "no such content_type: 'other'"}),
        (
            [("photo", "a", b"x"), ("video", "b", b"x")],
            "/h/hash",
            400,
            {"message": "Only one file allowed per request"},
        ),
        ([("photo", None, b"x")], "/h/hash", 400, {"message": "Missing multipart/form-data file upload"}),
        ([("photo", "a.png", b"x")], "/m/lookup", 200, {"pdq": BLOCK_1 | REVIEW_2}),
        ([("photo", "a.png", b"")], "/m/lookup", 400, NO_PDQ),
    ],
)
def test_an_upload_gets_what_hma_answered(
    parts: list[tuple[str, str | None, bytes]], target: str, status: int, told: object
) -> None:
    body, content_type = form(*parts)
    reply = asked(service(), "POST", target, body, content_type)
    assert (reply.status, json.loads(reply.body)) == (status, told)


def test_an_upload_that_is_no_form_is_missing() -> None:
    assert asked(service(), "POST", "/h/hash", b"\x89PNG", "image/png").status == 400
    assert asked(service(), "POST", "/h/hash").status == 400


@pytest.mark.parametrize("target", ["/h/hash?url=http://a.test/b.jpg", "/m/lookup?url=http://a.test/b.jpg"])
def test_an_address_is_refused_and_never_loaded(target: str) -> None:
    reply = asked(service(), "GET", target)
    assert reply.status == 403
    assert "loads no addresses" in json.loads(reply.body)["message"]


def test_status_is_alive_stale_after_the_lease_and_not_loaded_where_the_bank_cannot_be_read() -> None:
    assert asked(service(), "GET", "/status").body == b"I-AM-ALIVE"
    ended = SmallSource(Lease(False, 2))
    stale = asked(service(ended), "GET", "/status")
    assert (stale.status, stale.body) == (503, b"INDEX-STALE")
    damaged = SmallSource()
    damaged.damaged = True
    unread = asked(service(damaged), "GET", "/status")
    assert (unread.status, unread.body) == (503, b"INDEX-NOT-LOADED")
    assert asked(service(damaged), "GET", "/status/live").status == 200


def test_the_index_says_until_when_it_is_built() -> None:
    told = json.loads(asked(service(), "GET", "/m/index/status").body)
    assert told == {"pdq": {"built_to": 1_800_000_000 - 10, "present": True, "size": 2}}


def test_a_wrong_method_is_refused_with_what_is_allowed() -> None:
    reply = asked(service(), "PUT", f"/m/raw_lookup?{ASK_ONES}")
    assert reply.status == 405
    assert ("allow", "GET") in reply.headers
    assert asked(service(), "GET", "/nothing").status == 404
    assert asked(service(), "GET", "/c/bank/").status == 404


def test_head_is_a_get_without_its_body() -> None:
    reply = asked(service(), "HEAD", f"/m/raw_lookup?{ASK_ONES}")
    assert (reply.status, reply.body) == (200, b"")
