"""An index is derived: whatever happens to it, a search gives what the rows say."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import unseen.native
from unseen.matching import Bank, BankError
from unseen.matching.index import INDEX_ROWS_MIN
from unseen.native import kernels

pytestmark = [
    pytest.mark.skipif(kernels() is None, reason="the kernels are not installed"),
    pytest.mark.thorough,
]

random = np.random.default_rng(5)
ROWS = random.integers(0, 256, (INDEX_ROWS_MIN, 32), np.uint8)
IDS = np.arange(1, len(ROWS) + 1, dtype=np.uint64)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bank")
    Bank.open(folder, layout="small").add(ROWS, IDS)
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "bank"))


def index_of(folder: Path) -> Path:
    (path,) = folder.glob("*.index")
    return path


def flip(path: Path, place: int) -> None:
    with path.open("r+b") as file:
        file.seek(place)
        byte = file.read(1)[0]
        file.seek(place)
        file.write(bytes([byte ^ 4]))


def found(bank: Bank, queries: NDArray[np.uint8]) -> list[int]:
    ids: list[int] = bank.search(queries, 31).id.tolist()
    return ids


def test_every_row_is_found_through_an_index_of_each_layout(folder: Path, tmp_path: Path) -> None:
    fast = Bank.open(tmp_path / "fast")
    fast.add(ROWS, IDS)
    for bank in (fast, Bank.open(folder)):
        assert found(bank, ROWS[::9]) == IDS[::9].tolist()
    assert index_of(tmp_path / "fast").stat().st_size > 256 * len(ROWS)


def test_flipped_bits_are_found_out_and_the_index_is_made_again(folder: Path) -> None:
    index = index_of(folder)
    whole = index.read_bytes()
    for place in [0, 13, 30, 90, 500, 4096, len(whole) // 2, len(whole) - 1]:
        flip(index, place)
        bank = Bank.open(folder, layout="small")
        assert found(bank, ROWS[::9]) == IDS[::9].tolist()
        assert bank.verify().rows == len(ROWS)
        assert index.read_bytes() == whole


def test_damage_is_found_while_a_bank_is_open(folder: Path) -> None:
    bank = Bank.open(folder)
    for place in range(4096, index_of(folder).stat().st_size, 4096):
        flip(index_of(folder), place)
    assert found(bank, ROWS[:50]) == IDS[:50].tolist()


def test_where_nothing_may_be_written_a_damaged_index_is_passed_over(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flip(index_of(folder), 5000)

    def refuses(*arguments: object, **more: object) -> None:
        raise PermissionError

    monkeypatch.setattr("unseen.matching.files.write_lock", refuses)
    bank = Bank.open(folder)
    queries = np.concatenate([ROWS, 255 - ROWS])
    assert found(bank, queries) == IDS.tolist()


@pytest.mark.parametrize("size", [0, 100, 4096, 500_000])
def test_a_cut_index_is_made_again(folder: Path, size: int) -> None:
    whole = index_of(folder).read_bytes()
    index_of(folder).write_bytes(whole[:size])
    assert found(Bank.open(folder, layout="small"), ROWS[:20]) == IDS[:20].tolist()
    assert index_of(folder).read_bytes() == whole


def test_the_index_of_other_rows_is_not_believed(folder: Path, tmp_path: Path) -> None:
    other = Bank.open(tmp_path / "other", layout="small")
    other.add(ROWS[::-1], IDS)
    shutil.copy(index_of(folder), index_of(tmp_path / "other"))
    assert found(Bank.open(tmp_path / "other"), ROWS[:3]) == IDS[::-1][:3].tolist()


def test_a_flipped_bit_among_the_rows_is_named_when_a_search_meets_it(folder: Path) -> None:
    (part,) = folder.glob("*.bank")
    for place in (64 + 8 * 7, 64 + 8 * len(ROWS) + 32 * 7):
        flip(part, place)
        bank = Bank.open(folder)
        with pytest.raises(BankError, match=f"{part.name} is damaged"):
            bank.search(ROWS[7:8], 31)
        with pytest.raises(BankError, match=f"{part.name} is damaged"):
            bank.verify()
        flip(part, place)
    assert found(Bank.open(folder), ROWS[7:8]) == [8]


def test_a_withdrawn_row_leaves_the_index_too(folder: Path) -> None:
    bank = Bank.open(folder)
    old = index_of(folder)
    bank.remove(IDS[:3])
    assert not old.exists()
    assert found(bank, ROWS[:5]) == [4, 5]
    assert ROWS[0].tobytes() not in b"".join(path.read_bytes() for path in folder.iterdir())


def test_numpy_and_kernels_read_the_same_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unseen.native, "_MODULE", None)
    bank = Bank.open(folder)
    assert found(bank, ROWS[:9]) == IDS[:9].tolist()
    bank.add(255 - ROWS, IDS)  # without kernels no index is made
    bank.compact()
    assert not list(folder.glob("*.index"))
    monkeypatch.undo()
    assert found(Bank.open(folder), 255 - ROWS[:9]) == IDS[:9].tolist()
    assert len(list(folder.glob("*.index"))) == 1
