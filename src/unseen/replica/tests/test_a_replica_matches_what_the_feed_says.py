"""Additions match, what was withdrawn, suspended or has expired does not, and later lines outweigh earlier ones."""

from pathlib import Path

import pytest

from unseen.feed.lines import Level, LineAction, LineKind
from unseen.matching import bank
from unseen.matching.files import read_manifest
from unseen.replica import ReplicaError, follow
from unseen.replica.match import MATCH_RADIUS_BITS, Match, Replica
from unseen.replica.tests.replicas import NOW, Platform, near, value


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    return Platform(tmp_path / "replica")


def test_an_addition_matches_within_the_radius_with_what_the_centre_recommends(platform: Platform) -> None:
    shown = value()
    entry = platform.feed.add(shown)
    assert platform.replica.match(shown) == []
    platform.follower.turn()
    assert platform.replica.match(shown.hex()) == [
        Match(entry.hex(), Level.ORGANISATION, LineAction.BLOCK, 0, LineKind.PDQ_IMAGE)
    ]
    assert len(platform.replica.match(near(shown, MATCH_RADIUS_BITS))) == 1
    assert platform.replica.match(near(shown, MATCH_RADIUS_BITS + 1)) == []


def test_many_pages_lead_to_one_bank(platform: Platform) -> None:
    shown = [value() for _ in range(130)]
    entries = [platform.feed.add(one) for one in shown]
    platform.follower.turn()
    assert [platform.replica.match(one)[0].entry for one in shown] == [one.hex() for one in entries]


def test_a_long_load_leaves_few_files(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "BATCH_LINES", 20)
    monkeypatch.setattr(bank, "_RECENT_ROWS_MAX", 10)
    shown = [value() for _ in range(120)]
    for one in shown:
        platform.feed.add(one)
    platform.follower.turn()
    assert all(platform.replica.match(one) for one in shown)
    assert len(read_manifest(platform.folder / "pictures").parts) <= 2


def test_a_withdrawal_is_final_and_leaves_no_byte(platform: Platform) -> None:
    shown = value()
    entry = platform.feed.add(shown)
    platform.follower.turn()
    assert platform.replica.match(shown)
    platform.feed.withdraw(entry)
    platform.feed.add(shown, entry)
    platform.follower.turn()
    assert platform.replica.match(shown) == []
    platform.restart()
    assert platform.replica.match(shown) == []
    files = [path for path in platform.folder.rglob("*") if path.is_file() and path.name != "lines"]
    assert not any(shown in path.read_bytes() for path in files)


def test_a_withdrawn_value_is_erased_from_the_lines(platform: Platform) -> None:
    shown = value()
    entry = platform.feed.add(shown)
    platform.follower.turn()
    assert shown in (platform.folder / "lines").read_bytes()
    platform.feed.withdraw(entry)
    platform.follower.turn()
    assert shown not in (platform.folder / "lines").read_bytes()
    platform.feed.add(value())
    platform.follower.turn()  # and the tree still leads on
    assert platform.follower.health.trouble == ""


def test_a_suspended_entry_does_not_match_until_it_is_added_again(platform: Platform) -> None:
    shown = value()
    entry = platform.feed.add(shown)
    platform.feed.suspend(entry)
    platform.follower.turn()
    assert platform.replica.match(shown) == []
    platform.feed.add(shown, entry, action=LineAction.REVIEW)
    platform.follower.turn()
    assert [one.action for one in platform.replica.match(shown)] == [LineAction.REVIEW]


def test_a_later_addition_of_an_entry_replaces_the_earlier_one(platform: Platform) -> None:
    shown, other = value(), value()
    entry = platform.feed.add(shown, action=LineAction.REVIEW)
    platform.follower.turn()
    platform.feed.add(other, entry)
    platform.follower.turn()
    assert platform.replica.match(shown) == []
    assert [one.action for one in platform.replica.match(other)] == [LineAction.BLOCK]


def test_frames_of_a_video_share_an_entry_and_are_withdrawn_together(platform: Platform) -> None:
    frames = [value() for _ in range(3)]
    entry = platform.feed.add(frames[0], kind=LineKind.PDQ_FRAME)
    for part in (1, 2):
        platform.feed.add(frames[part], entry, LineKind.PDQ_FRAME, part=part, at_ms=part * 500)
    platform.follower.turn()
    assert [platform.replica.match(one)[0].at_ms for one in frames] == [0, 500, 1000]
    platform.feed.withdraw(entry)
    platform.follower.turn()
    assert not any(platform.replica.match(one) for one in frames)


def test_an_expired_entry_does_not_match_even_when_the_clock_is_turned_back(platform: Platform) -> None:
    shown = value()
    platform.feed.add(shown, expires=NOW + 100)
    platform.follower.turn()
    assert platform.replica.match(shown)
    platform.clock.pass_s(100)
    assert platform.replica.match(shown) == []
    platform.follower.turn()
    platform.clock.wall_s -= 50
    assert platform.replica.match(shown) == []


def test_a_digest_matches_only_itself(platform: Platform) -> None:
    digest = value()
    platform.feed.add(digest, kind=LineKind.SHA256)
    platform.follower.turn()
    assert [one.kind for one in platform.replica.match_sha256(digest)] == [LineKind.SHA256]
    assert platform.replica.match_sha256(near(digest, 1)) == []
    assert platform.replica.match(digest) == []


def test_a_folder_without_a_replica_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReplicaError, match="begin one with --invitation"):
        Replica.open(tmp_path)
