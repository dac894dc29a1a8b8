from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from unseen.domain.feed import EntryState, Scope
from unseen.domain.fingerprint import Fingerprint
from unseen.exchange.actions.entries import set_state
from unseen.exchange.models import Feedback, FeedEntry
from unseen.exchange.peers.models import PeerEntry, Quarantined
from unseen.exchange.peers.stopncii.tests.platform import Platform
from unseen.exchange.peers.tests.formats import ONE, TWO
from unseen.exchange.tests.peer import work
from unseen.exchange.tests.test_a_list_says_what_it_may import apart, drawn, many
from unseen.intake.actions import withdraw_report
from unseen.intake.tests.reports import HOUR, NOON, a_report, picture

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Platform:
    return Platform(monkeypatch)


def shared(*fingerprints: Fingerprint) -> None:
    a_report(picture(*fingerprints), share=True)
    work()


def test_live_values_are_told_with_the_peers_marks_and_no_case(platform: Platform) -> None:
    shared(*many(3))
    values = platform.fetch()
    assert sorted(min(apart(bytes.fromhex(value), drawn(at).pdq) for value in values) for at in range(3)) == [
        4,
        4,
        4,
    ]
    assert all(record["caseNumbers"] == {} for record in platform.held.values())
    assert {record["hashStatus"] for record in platform.held.values()} == {"Active"}


def test_pages_join_without_a_gap_and_nothing_is_told_twice_later(platform: Platform) -> None:
    shared(*many(7))
    assert len(set(platform.fetch(NOON + HOUR, size=2))) == 7
    assert platform.fetch(NOON + 2 * HOUR) == []
    a_report(picture(drawn(8)), share=True, at=NOON + 2 * HOUR)
    work(NOON + 3 * HOUR)
    assert len(platform.fetch(NOON + 3 * HOUR)) == 1


def test_after_a_withdrawal_an_old_checkpoint_is_refused_and_a_fresh_fetch_shows_what_is_left(
    platform: Platform,
) -> None:
    shared(drawn(1))
    report = a_report(picture(drawn(2)), share=True)
    work()
    assert len(platform.fetch()) == 2
    withdraw_report(report, NOON + HOUR)
    assert platform.get(NOON + HOUR).status_code == 200, "the list does not say it yet"
    work(NOON + HOUR)
    answer = platform.get(NOON + 2 * HOUR)
    assert answer.status_code == 410
    assert "--clear" in answer.json()["problem"]
    platform.checkpoint = 10
    (left,) = platform.fetch(NOON + 2 * HOUR)
    assert apart(bytes.fromhex(left), drawn(1).pdq) == 4
    assert platform.fetch(NOON + 3 * HOUR) == [], "and it is not sent back to the beginning again"


def test_a_withdrawal_that_a_slow_worker_dates_before_the_fetch_is_seen_all_the_same(
    platform: Platform,
) -> None:
    report = a_report(picture(drawn(1)), share=True)
    work()
    assert len(platform.fetch(NOON + HOUR)) == 1
    withdraw_report(report, NOON + HOUR)
    work(NOON)  # a turn that began long before
    assert platform.get(NOON + 2 * HOUR).status_code == 410


def test_a_time_that_is_none_of_our_checkpoints_is_read_from_well_before_it(platform: Platform) -> None:
    shared(*many(2))
    platform.checkpoint = int((NOON + HOUR / 2).timestamp())
    assert len(platform.fetch(NOON + HOUR)) == 2
    platform.checkpoint = int((NOON + 3 * HOUR).timestamp())
    assert platform.fetch(NOON + 4 * HOUR) == []


def test_another_peers_longer_list_moves_nobodys_checkpoint(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared(*many(6))
    platform.fetch(NOON + HOUR)
    a_report(picture(drawn(7)), share=True, at=NOON + 2 * HOUR)
    work(NOON + 2 * HOUR)
    late = Platform(monkeypatch, "Late Example")  # its whole list is one batch, of a later time
    work(NOON + 3 * HOUR)
    assert len(late.fetch(NOON + 3 * HOUR)) == 7
    late.checkpoint = int((NOON + 2 * HOUR + HOUR / 2).timestamp())
    assert len(late.fetch(NOON + 4 * HOUR)) == 7, (
        "all of it came after this checkpoint, whatever others were told before"
    )
    assert len(platform.fetch(NOON + 4 * HOUR)) == 1


def test_what_is_withdrawn_is_not_told_from_the_moment_of_the_word(platform: Platform) -> None:
    report = a_report(picture(drawn(2)), share=True)
    work()
    withdraw_report(report, NOON)
    assert platform.fetch() == []


def test_a_first_load_that_was_cut_off_begins_anew_after_a_withdrawal(platform: Platform) -> None:
    report = a_report(picture(*many(5)), share=True)
    work()
    platform.checkpoint = platform.get(pageSize=2).json()["nextSetTimestamp"]
    withdraw_report(report, NOON + HOUR)
    work(NOON + HOUR)
    assert platform.get(NOON + HOUR).status_code == 410


def test_a_suspended_entry_is_not_told_and_comes_back_when_the_doubt_is_lifted(platform: Platform) -> None:
    shared(drawn(1))
    assert len(platform.fetch()) == 1
    row = FeedEntry.objects.get()
    for state, at in ((EntryState.SUSPENDED, NOON + HOUR), (EntryState.LIVE, NOON + 3 * HOUR)):
        with transaction.atomic():
            set_state([row], state)
        work(at)
        if state == EntryState.SUSPENDED:
            assert platform.get(NOON + 2 * HOUR).status_code == 410
            platform.checkpoint = 10
            assert platform.fetch(NOON + 2 * HOUR) == []
    assert len(platform.fetch(NOON + 4 * HOUR)) == 1


def test_what_ended_by_itself_makes_the_peer_begin_anew_once(platform: Platform) -> None:
    shared(drawn(1))
    platform.fetch()
    later = NOON + timedelta(days=92)
    assert platform.get(later).status_code == 410
    platform.checkpoint = 10
    assert platform.fetch(later) == []
    assert platform.fetch(later + HOUR) == []


def test_only_a_peer_with_both_headers_and_the_scope_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    platform = Platform(monkeypatch, scopes=[Scope.FEED])
    for headers in ({}, {"x-functions-key": platform.key}, {**platform.headers, "x-functions-key": "x"}):
        assert Client().get("/v1/FetchHashes", headers=headers).status_code == 401
    assert platform.post("SubmitHashes", "hashRecords").status_code == 403
    assert platform.post("SubmitFeedback", "hashFeedbacks").status_code == 403


@pytest.mark.parametrize(
    "token", ["x", "1", "1-2", "-1-2-3", "1-2-3-4", "9" * 30 + "-1-1", "1-999999999999-999999999999"]
)
def test_a_token_that_is_none_of_ours_does_no_harm(platform: Platform, token: str) -> None:
    shared(drawn(1))
    assert platform.get(nextPageToken=token).status_code in {200, 400}


@pytest.mark.parametrize("asked", [{"startTimestamp": "-1"}, {"pageSize": "x"}, {"startTimestamp": "9" * 13}])
def test_numbers_that_are_none_are_named(platform: Platform, asked: dict[str, Any]) -> None:
    assert platform.get(NOON, **asked).status_code == 400


def test_a_checkpoint_ahead_of_our_clock_is_refused(platform: Platform) -> None:
    platform.checkpoint = 999_999_999_999
    assert platform.get().status_code == 410


def test_feedback_on_a_marked_value_reaches_its_entry(platform: Platform) -> None:
    shared(*many(3))
    value, other, _ = platform.fetch()
    answer = platform.post(
        "SubmitFeedback",
        "hashFeedbacks",
        {"hashValue": value, "feedbackValue": "Blocked", "tags": []},
        {"hashValue": other, "feedbackValue": "NotBlocked", "tags": []},
        {"hashValue": ONE, "feedbackValue": "Blocked", "tags": []},
    )
    assert answer.json() == {"count": 2, "put_aside": 1}
    assert sorted(Feedback.objects.values_list("verdict", flat=True)) == ["blocked", "cannot_tell"]
    assert Feedback.objects.values("feed_entry").distinct().count() == 2
    assert Quarantined.objects.get().reason == "unknown"


def test_feedback_names_no_entry_of_another_peers_list(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Platform(monkeypatch, "Other Example")
    shared(drawn(1))
    (value,) = other.fetch()
    answer = platform.post(
        "SubmitFeedback", "hashFeedbacks", {"hashValue": value, "feedbackValue": "Blocked"}
    )
    assert answer.json() == {"count": 0, "put_aside": 1}
    assert not Feedback.objects.exists()


def test_a_canary_takes_feedback_like_any_other(platform: Platform) -> None:
    shared(drawn(1))
    platform.fetch()
    (canary,) = platform.canaries & set(platform.held)
    answer = platform.post(
        "SubmitFeedback", "hashFeedbacks", {"hashValue": canary, "feedbackValue": "Blocked"}
    )
    assert answer.json() == {"count": 1, "put_aside": 0}


def test_what_a_peer_submits_is_kept_apart(platform: Platform) -> None:
    record = {"lastModtimestamp": 5, "signalType": "StopNCIISignalType.ImagePDQ", "hashValue": TWO}
    bad = {"lastModtimestamp": 5, "signalType": "ImagePDQ", "hashValue": "0" * 64}
    assert platform.post("SubmitHashes", "hashRecords", record, bad).json() == {"count": 1, "put_aside": 1}
    assert [(row.source.name, row.value.hex()) for row in PeerEntry.objects.all()] == [
        ("Platform Example", TWO)
    ]
    assert platform.fetch() == [], "and never told to anybody"


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"hashRecords": 1}', b"[" * 100_000, b"\xff"])
@pytest.mark.parametrize("route", ["SubmitHashes", "SubmitFeedback"])
def test_a_body_that_is_none_is_named(platform: Platform, route: str, body: bytes) -> None:
    answer = Client().post(f"/v1/{route}", body, content_type="application/json", headers=platform.headers)
    assert answer.status_code == 400
    assert answer.json()["problem"]
