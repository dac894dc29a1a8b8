"""Forged, frozen, rolled back, forked, cut, mixed and replayed pages: none is accepted, and none moves anything (P14)."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from unseen.feed.follow import accept
from unseen.feed.lines import LINE_BYTES
from unseen.feed.refusals import PageRefused, RolledBackPage
from unseen.feed.signing import Signer
from unseen.replica.health import Standing
from unseen.replica.tests.feed_server import LivingFeed
from unseen.replica.tests.replicas import Platform, value


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    """One that has read 40 lines, of a feed that has 60 by now."""
    made = Platform(tmp_path / "replica")
    for _ in range(40):
        made.feed.add(value())
    made.follower.turn()
    made.old = made.feed.page(20)  # type: ignore[attr-defined]
    made.clock.pass_s(30)
    for _ in range(20):
        made.feed.add(value())
    return made


def hostile(platform: Platform, chance: random.Random) -> dict[str, Callable[[], bytes]]:
    """A mutation of each kind, drawn anew at each call."""
    feed, clock = platform.feed, platform.clock
    good = feed.page(40)
    lines = good[-20 * LINE_BYTES :]
    head = good[: -20 * LINE_BYTES]
    stranger = LivingFeed(lambda: clock.wall_s, name=feed.name, page_lines=20)
    other = LivingFeed(lambda: clock.wall_s, signer=feed.signer, page_lines=20)
    twin = LivingFeed(lambda: clock.wall_s, name=feed.name, signer=feed.signer, page_lines=20)
    for one in (stranger, other, twin):
        for _ in range(60):
            one.add(value())

    def flipped() -> bytes:
        at = chance.randrange(len(good))
        return good[:at] + bytes([good[at] ^ 1 << chance.randrange(8)]) + good[at + 1 :]

    def swapped() -> bytes:
        one, two = chance.sample(range(20), 2)
        cut = [lines[at : at + LINE_BYTES] for at in range(0, len(lines), LINE_BYTES)]
        cut[one], cut[two] = cut[two], cut[one]
        return head + b"".join(cut)

    def spliced() -> bytes:
        at = chance.randrange(20)
        foreign = twin.page(40)[-20 * LINE_BYTES :]
        return head + lines[: at * LINE_BYTES] + foreign[at * LINE_BYTES :]

    return {
        "a flipped bit": flipped,
        "cut": lambda: good[: chance.randrange(len(good))],
        "longer": lambda: good + chance.randbytes(chance.randrange(1, 200)),
        "lines exchanged": swapped,
        "lines of another history": spliced,
        "the head of one page, the lines of another": lambda: (
            head + feed.page(chance.randrange(20))[-20 * LINE_BYTES :]
        ),
        "forged": lambda: stranger.page(40),
        "another feed of the same centre": lambda: other.page(chance.randrange(41)),
        "another history, signed": lambda: twin.page(40, 40 + chance.randrange(1, 21)),
        "rolled back": lambda: feed.page(chance.randrange(40), chance.randrange(40, 61)),
        "shorter": lambda: feed.page(size := chance.randrange(40), size),
        "replayed": lambda: platform.old,  # type: ignore[attr-defined]
        "frozen": lambda: feed.page(40, issued=int(clock.wall_s) - chance.randrange(3_600, 10**6)),
        "older than the last": lambda: feed.page(40, issued=int(clock.wall_s) - chance.randrange(31, 3_600)),
        "ahead of time": lambda: feed.page(40, issued=int(clock.wall_s) + chance.randrange(301, 10**6)),
    }


@pytest.mark.parametrize("pages", [600, pytest.param(10_000, marks=pytest.mark.slow)])
def test_of_ten_thousand_hostile_pages_none_is_accepted(platform: Platform, pages: int) -> None:
    state = platform.follower.store.state.followed
    draws = hostile(platform, random.Random(6))  # noqa: S311 - drawn anew at each run would hide a failure
    accepted = dict.fromkeys(draws, 0)
    for number in range(pages):
        kind = list(draws)[number % len(draws)]
        try:
            accept(state, draws[kind](), platform.clock().now)
        except PageRefused:
            continue
        accepted[kind] += 1
    assert accepted == dict.fromkeys(draws, 0)
    assert accept(state, platform.feed.page(40), platform.clock().now)[0].frontier.size == 60


def test_a_refused_page_moves_nothing_and_is_counted_and_named(
    platform: Platform, caplog: pytest.LogCaptureFixture
) -> None:
    before = platform.follower.store.state
    draws = hostile(platform, random.Random(7))  # noqa: S311 - same
    for draw in draws.values():
        platform.answer = draw()
        platform.follower.turn()
    assert platform.follower.store.state == before
    health = platform.follower.health
    assert health.standing is Standing.DISTRUST
    assert sum(health.refused.values()) == len(draws)
    assert len(caplog.records) >= len(draws)
    platform.answer = None
    platform.follower.turn()
    assert platform.follower.health.standing is Standing.FOLLOWING
    assert platform.follower.store.state.size == 60


def test_after_a_refusal_it_asks_past_whoever_keeps_pages(platform: Platform) -> None:
    platform.answer = b"no page"
    platform.follower.turn()
    platform.answer = None
    platform.fresh.clear()
    platform.follower.turn()
    assert platform.fresh == [True]


def test_a_feed_that_says_that_it_is_shorter_is_distrusted(platform: Platform) -> None:
    platform.answer = RolledBackPage("shorter")
    platform.follower.turn()
    assert platform.follower.health.refused == {"RolledBackPage": 1}


def test_good_pages_before_a_bad_one_are_kept(platform: Platform) -> None:
    good, feed = platform.feed.page(40, 50), platform.feed
    bad = Signer.new()
    pages = iter([good, feed.page(50).replace(b"feed", bad.private[:4])])
    platform.page = lambda *_: next(pages)  # type: ignore[method-assign]
    platform.follower.turn()
    assert platform.follower.store.state.size == 50
    assert platform.follower.health.standing is Standing.DISTRUST
