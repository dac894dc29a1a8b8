"""A list of a platform's usual size is searched at full speed; a very long one in a fifth of the memory."""

from pathlib import Path

import pytest

from unseen.matching import Bank
from unseen.replica import store
from unseen.replica.store import layout_for
from unseen.replica.tests.replicas import Platform, value


def test_up_to_two_million_lines_the_index_is_the_fast_one() -> None:
    assert [layout_for(lines) for lines in (0, 1_000_000, 2_000_000, 2_000_001, 10_000_000)] == [
        "fast", "fast", "fast", "small", "small",
    ]  # fmt: skip


def test_a_feed_that_outgrows_it_goes_on_in_the_small_layout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_FAST_LINES_MAX", 2)
    platform = Platform(tmp_path / "replica")
    early, late = value(), [value() for _ in range(4)]
    platform.feed.add(early)
    platform.follower.turn()
    entries = [platform.feed.add(one) for one in late]
    opened: list[tuple[str, str]] = []
    real = Bank.open

    def noted(path: Path, layout: str = "fast") -> Bank:
        opened.append((path.name, layout))
        return real(path, layout)

    monkeypatch.setattr(Bank, "open", noted)
    platform.follower.turn()
    assert opened == [("pictures", "small"), ("digests", "small")]
    platform.feed.withdraw(entries[0])
    platform.follower.turn()
    assert platform.replica.match(early)
    assert platform.replica.match(late[1])
    assert not platform.replica.match(late[0])
