"""Small files become one while the bank is read and written; what is removed meanwhile does not come back."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from unseen.matching import Bank, bank, compact, files
from unseen.matching.files import Part

random = np.random.default_rng(11)
ROWS = random.integers(0, 256, (60, 32), np.uint8)
IDS = np.arange(60, dtype=np.uint64)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three files of twenty rows that nothing has merged yet."""
    monkeypatch.setattr(bank, "_RECENT_ROWS_MAX", 0)
    with monkeypatch.context() as patched:
        patched.setattr(compact, "due", lambda _: [])
        made = Bank.open(tmp_path / "bank")
        for first in (0, 20, 40):
            made.add(ROWS[first : first + 20], IDS[first : first + 20])
    return tmp_path / "bank"


def test_which_files_are_due() -> None:
    def due(*counts: int) -> list[int]:
        return [part.count for part in compact.due([Part("", count, "") for count in counts])]

    assert due() == due(5) == due(100, 5) == due(100, 40, 15) == []
    assert due(100, 5, 5) == [5, 5]
    assert due(120, 30, 5, 10, 10) == [30, 5, 10, 10]
    assert due(50, 30, 5, 10, 10) == [50, 30, 5, 10, 10]


def test_merging_leaves_one_file_and_the_same_answers(folder: Path) -> None:
    reader = Bank.open(folder)
    assert reader.search(ROWS, 0).id.tolist() == IDS.tolist()
    Bank.open(folder).compact()
    assert len(list(folder.glob("*.bank"))) == 1
    assert reader.search(ROWS, 0).id.tolist() == IDS.tolist()
    assert reader.verify().rows == 60
    assert not list(folder.glob("merge*"))


def test_rows_removed_while_files_are_merged_are_gone_at_once_and_stay_gone(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Bank.open(folder)
    real = files.fill_part

    def removes_meanwhile(*arguments: object) -> str:
        digest: str = real(*arguments)  # type: ignore[arg-type]
        monkeypatch.setattr(files, "fill_part", real)
        made.remove(IDS[:1])
        assert ROWS[0].tobytes() not in b"".join(path.read_bytes() for path in folder.iterdir())
        return digest

    monkeypatch.setattr(files, "fill_part", removes_meanwhile)
    made.compact()
    assert Bank.open(folder).search(ROWS, 0).id.tolist() == IDS[1:].tolist()
    assert ROWS[0].tobytes() not in b"".join(path.read_bytes() for path in folder.iterdir())
    made.compact()
    assert Bank.open(folder).search(ROWS, 0).id.tolist() == IDS[1:].tolist()
    assert len(list(folder.glob("*.bank"))) == 1


def test_rows_added_while_files_are_merged_are_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Bank.open(folder)
    real = compact._filled

    def adds_meanwhile(place: Path, layout: str, chosen: Sequence[Part], opened: list[int]) -> Part:
        monkeypatch.setattr(compact, "_filled", real)
        made.add(255 - ROWS[:1], np.array([99], np.uint64))
        return real(place, layout, chosen, opened)

    monkeypatch.setattr(compact, "_filled", adds_meanwhile)
    made.compact()
    assert made.search(255 - ROWS[:1], 0).id.tolist() == [99]
    assert made.verify().rows == 61


def test_what_a_killed_merge_left_is_deleted_by_a_removal(folder: Path) -> None:
    left = folder / "merge.bank.unfinished"
    left.write_bytes(ROWS[:5].tobytes())
    Bank.open(folder).remove(IDS[:1])
    assert not left.exists()
