"""A run keeps the order of the sources, whatever the order of the engine, and does nothing that a record holds."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from unseen.discovery.sources import Found, SourceError
from unseen.fingerprint import Source
from unseen.scanning.limits import FETCHED_SIZE_BYTES_MAX
from unseen.scanning.look import Facts
from unseen.scanning.record import Record
from unseen.scanning.run import Run

TERMS = {"the bank": "a"}


class BackToFront:
    """Finishes the newest first; `breaks_after` files it is stopped like a run by Ctrl-C."""

    def __init__(self, files_at_once: int = 3, breaks_after: int = 1_000_000) -> None:
        self.files_at_once = files_at_once
        self.breaks_after = breaks_after
        self.seen: list[Source] = []
        self.most = 0
        self._under_way: list[tuple[int, Source]] = []

    def start(self, number: int, source: Source) -> None:
        self._under_way.append((number, source))
        self.seen.append(source)
        self.most = max(self.most, len(self._under_way))

    def finished(self) -> list[tuple[int, Facts]]:
        if self.breaks_after == 0:
            raise KeyboardInterrupt
        self.breaks_after -= 1
        number, source = self._under_way.pop()
        return [(number, {"matches": [{"label": str(source)[-5:]}]})]


@pytest.fixture
def files(tmp_path: Path) -> list[Found]:
    made = []
    for number in range(20):
        path = tmp_path / f"{number:05d}"
        path.write_bytes(b"x")
        made.append(Found(str(path), partial(bytes, 3), path=path))
    return made


def told(engine: BackToFront, files: list[Found], record: Record | None = None) -> list[tuple[str, str]]:
    run = Run(engine, record, lambda: None)
    return [(found.where[-5:], facts["matches"][0]["label"]) for found, facts in run.answers(iter(files))]


def test_lines_come_in_the_order_of_the_sources_whatever_is_finished_first(files: list[Found]) -> None:
    engine = BackToFront()
    names = [found.where[-5:] for found in files]
    assert told(engine, files) == list(zip(names, names, strict=True))
    assert engine.most == 3


@pytest.mark.parametrize("breaks_after", [0, 1, 5, 19])
def test_what_was_finished_before_a_stop_is_told_again_and_not_done_again(
    files: list[Found], tmp_path: Path, breaks_after: int
) -> None:
    record = Record.open(tmp_path / "a.scan", TERMS)
    stopped = BackToFront(breaks_after=breaks_after)
    with pytest.raises(KeyboardInterrupt):
        told(stopped, files, record)
    record.close()
    engine = BackToFront()
    whole = told(engine, files, Record.open(tmp_path / "a.scan", TERMS))
    assert whole == told(BackToFront(), files)
    assert len(engine.seen) == len(files) - breaks_after


def test_a_file_that_cannot_be_read_keeps_its_place(files: list[Found]) -> None:
    def fail() -> bytes:
        raise SourceError("unreadable", "it is locked")

    files[4] = Found("locked", fail)
    run = Run(BackToFront(), None, lambda: None)
    answers = list(run.answers(iter(files)))
    assert [found for found, _ in answers] == files
    assert answers[4][1] == {"error": {"code": "unreadable", "message": "it is locked"}}


def test_fetched_files_do_not_pile_up_in_memory() -> None:
    def many() -> Iterator[Found]:
        for number in range(5):
            yield Found(f"s3://box/{number:05d}", partial(bytes, FETCHED_SIZE_BYTES_MAX // 2))

    engine = BackToFront(files_at_once=5)
    assert len(list(Run(engine, None, lambda: None).answers(many()))) == 5
    assert engine.most == 2
