"""A film is told by its frames, one frame of it is not; and what a replica says of itself."""

from pathlib import Path

import pytest

from unseen.feed.lines import LINE_BYTES, LineAction, LineKind
from unseen.replica import ReplicaError
from unseen.replica.errors import AskFailed
from unseen.replica.follow import Follower
from unseen.replica.status import status_of
from unseen.replica.tests.replicas import Platform, near, value
from unseen.replica.verify import verify


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    return Platform(tmp_path / "replica")


def film(platform: Platform, frames: int) -> tuple[bytes, list[bytes]]:
    values = [value() for _ in range(frames)]
    entry = platform.feed.add(values[0], kind=LineKind.PDQ_FRAME)
    for part, one in enumerate(values[1:], start=1):
        platform.feed.add(one, entry, LineKind.PDQ_FRAME, part=part, at_ms=1000 * part)
    platform.follower.turn()
    return entry, values


def test_an_upload_that_shows_the_film_is_acted_on(platform: Platform) -> None:
    entry, frames = film(platform, 10)
    upload = [near(one, 12) for one in frames[2:8]] + [value(), value()]
    (match,) = platform.replica.match_film(upload)
    assert (match.entry, match.action, match.frames, match.share) == (entry.hex(), LineAction.BLOCK, 6, 0.75)
    assert match.distance_bits == 12


def test_one_frame_of_a_long_film_is_for_a_person(platform: Platform) -> None:
    _, frames = film(platform, 10)
    (match,) = platform.replica.match_film([frames[4]] + [value() for _ in range(20)])
    assert match.action is LineAction.REVIEW
    (match,) = platform.replica.match_film(frames[:2])
    assert match.action is LineAction.REVIEW
    assert platform.replica.match_film([value()]) == []
    assert platform.replica.match_film([]) == []


def test_fingerprints_of_low_quality_match_nothing(platform: Platform) -> None:
    _, frames = film(platform, 1)
    assert platform.replica.match(frames[0], quality=50)
    assert platform.replica.match(frames[0], quality=49) == []


def test_it_says_how_it_stands(platform: Platform) -> None:
    film(platform, 3)
    platform.clock.pass_s(7)
    platform.answer = AskFailed("nothing comes through")
    platform.follower.turn()
    told = status_of(platform.folder, platform.clock())
    assert told["standing"] == "unreachable"
    assert (told["may_act"], told["lease_left_s"], told["head_age_s"]) == (True, 86_393, 7)
    assert (told["lines"], told["pictures"], told["digests"], told["failed"]) == (3, 3, 0, 1)


def test_a_changed_byte_of_the_lines_is_found(platform: Platform) -> None:
    film(platform, 30)
    assert verify(platform.folder) == (30, 30)
    path = platform.folder / "lines"
    whole = bytearray(path.read_bytes())
    whole[5 * LINE_BYTES + 28] = LineAction.REVIEW
    path.write_bytes(whole)
    with pytest.raises(ReplicaError, match="leads to another root"):
        verify(platform.folder)


def test_a_damaged_state_and_a_second_follower_are_named(platform: Platform) -> None:
    with pytest.raises(ReplicaError, match="another process follows"):
        Follower(platform.folder, platform, platform.clock)
    platform.follower.close()
    path = platform.folder / "state"
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"lease_s", b"lease_t"))
    with pytest.raises(ReplicaError, match="damaged"):
        Follower(platform.folder, platform, platform.clock)
