"""Killed at any write, a follower is as before a page or as after it, and no withdrawal is lost."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from unseen.replica.follow import Follower
from unseen.replica.match import Replica
from unseen.replica.tests.replicas import Platform, value

WRITES = ("fsync", "pwrite", "ftruncate", "replace", "rename", "unlink", "open", "write")


class Killed(BaseException):
    """The process is dead: nothing of it may catch this."""


@contextmanager
def killed_at(point: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Die before the so-many-th call that changes a file (or never, at 0); yields the calls."""
    trail: list[str] = []

    def mortal(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def called(*given: Any, **named: Any) -> Any:
            trail.append(name)
            if point and len(trail) >= point:
                raise Killed(name)
            return call(*given, **named)

        return called

    with monkeypatch.context() as patched:
        for name in WRITES:
            patched.setattr(os, name, mortal(name, getattr(os, name)))
        patched.setattr("unseen.matching.bank.Thread", _NoThread)
        with suppress(Killed):
            yield trail


class _NoThread:
    """Merging beside the work is a matter of the bank, which has its own faults test."""

    def __init__(self, **_: Any) -> None: ...

    def start(self) -> None: ...

    def is_alive(self) -> bool:
        return False


def answers(folder: Path, platform: Platform, values: list[bytes]) -> list[int]:
    """How many matches each has."""
    replica = Replica.open(folder, platform.clock)
    return [len(replica.match(one)) for one in values]


@pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.slow)])
def test_at_every_write_of_a_page_with_withdrawals(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    platform = Platform(tmp_path / "origin")
    values = [value() for _ in range(6)]
    entries = [platform.feed.add(one) for one in values[:4]]
    platform.follower.turn()
    platform.follower.close()
    platform.feed.withdraw(entries[0])
    platform.feed.suspend(entries[1])
    for one in values[4:]:
        platform.feed.add(one)
    before, after = [1, 1, 1, 1, 0, 0], [0, 0, 1, 1, 1, 1]

    seen, point = set(), 0
    while True:
        folder = tmp_path / f"copy {point}"
        shutil.copytree(platform.folder, folder)
        with (
            killed_at(point, monkeypatch) as trail,
            closing(Follower(folder, platform, platform.clock)) as follower,
        ):  # only what the system closes too
            follower.turn()
        found = answers(folder, platform, values)
        assert found in (before, after), trail
        seen.add(tuple(found))
        revived = Follower(folder, platform, platform.clock)
        assert answers(folder, platform, values) == found, "a restart alone changes nothing"
        revived.turn()
        assert answers(folder, platform, values) == after, trail
        revived.close()
        held = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
        assert values[0] not in held, "a withdrawn value is on the disk"
        if point and len(trail) < point:
            break
        point += step
    assert seen == {tuple(before), tuple(after)}
    assert point > 20
