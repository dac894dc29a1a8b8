"""Over a real replica: a withdrawal, a suspension, an end of the lease show in the answer to the next question."""

import json
from pathlib import Path

import numpy as np
import pytest

from unseen.feed.lines import LineAction
from unseen.match_server.followed import FollowedFeed
from unseen.match_server.own import HEAD, HIT
from unseen.match_server.service import Service
from unseen.match_server.tests.asking import asked
from unseen.replica.tests.replicas import NOW, Platform, near, value


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    return Platform(tmp_path / "replica")


def server(platform: Platform, radius_bits: int = 31) -> Service:
    return Service(FollowedFeed(platform.replica, radius_bits), lambda: platform.clock.wall_s)


def banks_that_match(of: Service, pdq: bytes) -> dict[str, list[str]]:
    told = json.loads(asked(of, "GET", f"/m/lookup?signal_type=pdq&signal={pdq.hex()}").body)
    return {bank: [each["distance"] for each in found] for bank, found in told.items()}


def test_an_entry_is_found_in_the_bank_of_its_action(platform: Platform) -> None:
    shown = [value() for _ in range(3)]
    actions = (LineAction.BLOCK, LineAction.REMOVE_AND_REVIEW, LineAction.REVIEW)
    for one, action in zip(shown, actions, strict=True):
        platform.feed.add(one, action=action)
    platform.follower.turn()
    of = server(platform)
    assert banks_that_match(of, shown[0]) == {"UNSEEN_BLOCK": ["0"]}
    assert banks_that_match(of, near(shown[1], 31)) == {"UNSEEN_REMOVE_AND_REVIEW": ["31"]}
    assert banks_that_match(of, shown[2]) == {"UNSEEN_REVIEW": ["0"]}
    assert banks_that_match(of, near(shown[2], 32)) == {}


def test_a_wider_radius_finds_what_a_mark_hides(platform: Platform) -> None:
    shown = value()
    platform.feed.add(shown)
    platform.follower.turn()
    assert banks_that_match(server(platform, radius_bits=35), near(shown, 35)) == {"UNSEEN_BLOCK": ["35"]}


@pytest.mark.parametrize("end", ["withdraw", "suspend"])
def test_what_was_withdrawn_or_suspended_does_not_match_at_the_next_question(
    platform: Platform, end: str
) -> None:
    shown = value()
    entry = platform.feed.add(shown)
    platform.follower.turn()
    of = server(platform)
    assert banks_that_match(of, shown)
    getattr(platform.feed, end)(entry)
    platform.follower.turn()
    assert banks_that_match(of, shown) == {}


def test_after_the_lease_every_match_is_for_review_and_the_server_says_that_it_is_stale(
    platform: Platform,
) -> None:
    shown = value()
    entry = platform.feed.add(shown)
    platform.follower.turn()
    of = server(platform)
    assert asked(of, "GET", "/status").status == 200
    platform.cut_off()
    platform.clock.pass_s(86_401)
    platform.follower.turn()
    assert banks_that_match(of, shown) == {"UNSEEN_REVIEW": ["0"]}
    assert asked(of, "GET", "/status").body == b"INDEX-STALE"
    body = asked(of, "POST", "/v1/match", shown).body
    (head,), (hit,) = np.frombuffer(body, HEAD, 1), np.frombuffer(body, HIT, 1, HEAD.itemsize)
    assert (int(head["may_act_until"]), int(hit["action"])) == (NOW + 86_400, LineAction.REVIEW)
    assert hit["entry"].tobytes() == entry


def test_distrust_and_refused_pages_show_in_the_metrics(platform: Platform) -> None:
    platform.feed.add(value())
    platform.follower.turn()
    platform.answer = b"no page"
    platform.clock.pass_s(40)
    platform.follower.turn()
    lines = asked(server(platform), "GET", "/metrics").body.decode().splitlines()
    assert 'unseen_feed_standing{standing="distrust"} 1' in lines
    assert "unseen_feed_pages_refused 1" in lines
    assert "unseen_feed_head_age_seconds 40" in lines
    assert f"unseen_feed_lease_left_seconds {86_400 - 40}" in lines
    assert "unseen_match_fingerprints 1" in lines


def test_a_replica_that_is_gone_is_a_503(platform: Platform) -> None:
    platform.feed.add(value())
    platform.follower.turn()
    of = server(platform)
    (platform.folder / "state").unlink()
    assert asked(of, "GET", f"/v1/match?pdq={value().hex()}").status == 503
    assert asked(of, "GET", "/status").body == b"INDEX-NOT-LOADED"
