"""Tables copied into memory of the process, at once or beside the searches, change no answer; damage is still found."""

import os
import shutil
import threading
from pathlib import Path

import numpy as np
import pytest

from unseen.matching import Bank, BankError, memory
from unseen.matching.index import INDEX_ROWS_MIN
from unseen.native import kernels

pytestmark = pytest.mark.skipif(kernels() is None, reason="the kernels are not installed")

random = np.random.default_rng(8)
ROWS = random.integers(0, 256, (INDEX_ROWS_MIN, 32), np.uint8)
IDS = np.arange(len(ROWS), dtype=np.uint64)
QUERIES = np.concatenate([ROWS[::40], 255 - ROWS[::40]])


@pytest.fixture(scope="module", params=["fast", "small"])
def saved(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bank")
    Bank.open(folder, layout=request.param).add(ROWS, IDS)
    return folder


def found(bank: Bank) -> list[int]:
    ids: list[int] = bank.search(QUERIES, 31).id.tolist()
    return ids


def warm_and_search(bank: Bank) -> None:
    """The copy of the small layout meets damaged rows; the fast one leaves them to the search."""
    bank.warm()
    found(bank)


def test_before_while_and_after_the_copy_all_is_found(saved: Path) -> None:
    bank = Bank.open(saved)
    for _ in range(30):
        assert found(bank) == IDS[::40].tolist()
    bank.warm()
    assert found(bank) == IDS[::40].tolist()


def test_with_too_little_memory_the_map_serves(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "available_bytes", lambda: 1 << 20)
    bank = Bank.open(saved)
    for _ in range(3):
        assert found(bank) == IDS[::40].tolist()


def test_damage_found_by_the_copy_makes_the_index_again(saved: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(saved, tmp_path / "bank"))
    (path,) = folder.glob("*.index")
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 1
    path.write_bytes(whole)
    bank = Bank.open(folder)
    bank.warm()
    assert found(bank) == IDS[::40].tolist()
    assert bank.verify().rows == len(ROWS)


def test_damaged_rows_are_named_by_a_warm_bank(saved: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(saved, tmp_path / "bank"))
    (path,) = folder.glob("*.bank")
    whole = bytearray(path.read_bytes())
    whole[64 + 8 * len(ROWS) + 32 * 40] ^= 1  # the second row that is asked for
    path.write_bytes(whole)
    bank = Bank.open(folder)
    with pytest.raises(BankError, match=f"{path.name} is damaged"):
        warm_and_search(bank)


def test_a_forked_child_searches_and_ends(saved: Path) -> None:
    bank = Bank.open(saved)
    found(bank)
    child = os.fork()
    if child == 0:
        good = found(bank) == IDS[::40].tolist()
        del bank
        os._exit(0 if good else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_threads_share_one_bank(saved: Path) -> None:
    bank = Bank.open(saved)
    answers: list[list[int]] = []
    threads = [threading.Thread(target=lambda: answers.append(found(bank))) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert answers == [IDS[::40].tolist()] * 4
