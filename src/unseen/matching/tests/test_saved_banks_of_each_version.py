"""A bank saved by each version of the format is still opened, and the next write makes it the newest."""

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from unseen.matching import Bank
from unseen.matching.files import MANIFEST

SAVED = Path(__file__).parent / "saved"
ROWS = np.frombuffer(b"".join(hashlib.sha256(bytes([each])).digest() for each in range(1, 9)), np.uint8)
ROWS = ROWS.reshape(-1, 32)
KEPT = [1, 2, 4, 5, 6, 7, 8]  # 3 was removed before it was saved


def version(folder: Path) -> int:
    number: int = json.loads((folder / MANIFEST).read_text().rsplit("\n", 2)[0])["version"]
    return number


@pytest.mark.usefixtures("every_kernel")
@pytest.mark.parametrize("saved", [1, 2])
def test_a_saved_bank_is_read_and_the_next_write_makes_it_the_newest(saved: int, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SAVED / f"version{saved}", tmp_path / "bank"))
    assert version(folder) == saved
    bank, reader = Bank.open(folder), Bank.open(folder)
    assert bank.verify().rows == 7
    assert bank.search(ROWS, 31).id.tolist() == KEPT
    assert version(folder) == saved
    bank.add(255 - ROWS[:2], np.array([9, 10], np.uint64))
    assert version(folder) == 2
    assert Bank.open(folder).ids().tolist() == [*KEPT, 9, 10]
    bank.remove(np.array([1, 8, 10], np.uint64))
    for each in (bank, reader, Bank.open(folder)):
        assert each.search(np.concatenate([ROWS, 255 - ROWS]), 31).id.tolist() == [2, 4, 5, 6, 7, 9]


def test_the_newest_saved_bank_has_rows_in_each_kind_of_file() -> None:
    kinds = {path.suffix for path in (SAVED / "version2").iterdir()}
    assert kinds == {".bank", ".wal", ".json"}
