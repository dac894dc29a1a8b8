"""What reached the disk is whole or named as damaged; a stop at any moment leaves the old bank or the new one."""

import errno
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from unseen.matching import Bank, BankError, files

HASHES = np.arange(5 * 32, dtype=np.uint8).reshape(5, 32)
IDS = np.array([1, 2, 2, 3, 4], np.uint64)


def files_of(folder: Path) -> list[Path]:
    """The file of rows, the write-ahead file, the manifest."""
    return [*folder.glob("*.bank"), *folder.glob("*.wal"), folder / files.MANIFEST]


class PowerCutError(Exception):
    """Stands for the machine stopping at this call."""


@pytest.fixture
def bank(tmp_path: Path) -> Bank:
    """Two ids' rows in a file of rows, the others in the write-ahead file."""
    folder = tmp_path / "bank"
    made = Bank.open(folder)
    made.add(HASHES[3:], IDS[3:])
    with files.write_lock(folder):
        manifest = files.read_manifest(folder)
        part = files.write_part(folder, manifest.take_name(".bank"), IDS[:3], HASHES[:3])
        manifest.parts.append(part)
        files.write_manifest(folder, manifest)
    return made


def test_removing_an_id_removes_all_its_rows_and_leaves_none_on_the_disk(bank: Bank, tmp_path: Path) -> None:
    bank.remove(np.array([2, 99], np.uint64))
    assert bank.ids().tolist() == [1, 3, 4]
    on_disk = b"".join(path.read_bytes() for path in (tmp_path / "bank").iterdir())
    assert HASHES[0].tobytes() in on_disk
    assert HASHES[1].tobytes() not in on_disk
    assert HASHES[2].tobytes() not in on_disk


def test_a_removed_id_can_come_back(bank: Bank) -> None:
    bank.remove(IDS)
    assert len(bank) == 0
    bank.add(HASHES[:1], IDS[:1])
    assert bank.search(HASHES[:1], 0).id.tolist() == [1]


def test_any_flipped_bit_is_named_and_never_believed(bank: Bank, tmp_path: Path) -> None:
    for path in files_of(tmp_path / "bank"):
        whole = path.read_bytes()
        for place in range(0, len(whole), 5):
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
            with pytest.raises(BankError, match=path.name):
                Bank.open(tmp_path / "bank")
            with pytest.raises(BankError, match=path.name):
                bank.verify()
        path.write_bytes(whole)
    assert bank.verify().rows == 5


def test_a_cut_or_lost_file_is_named_with_the_cure(bank: Bank, tmp_path: Path) -> None:
    for part in files_of(tmp_path / "bank")[:2]:
        whole = part.read_bytes()
        for length in (0, 40, len(whole) - 9):
            part.write_bytes(whole[:length])
            with pytest.raises(BankError, match=f"{part.name} is damaged .*: restore"):
                Bank.open(tmp_path / "bank")
        part.unlink()
        with pytest.raises(BankError, match=f"{part.name} is missing: restore"):
            Bank.open(tmp_path / "bank")
        part.write_bytes(whole)
    (tmp_path / "bank" / files.MANIFEST).unlink()
    with pytest.raises(BankError, match=f"{files.MANIFEST} is missing: restore"):
        Bank.open(tmp_path / "bank")


@pytest.mark.parametrize("stop_at", range(8))
@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_stop_at_any_moment_leaves_the_old_bank_or_the_new(
    call: str, stop_at: int, bank: Bank, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = 0
    owner, name = (os, "fsync") if call == "fsync" else (Path, "replace")
    real = getattr(owner, name)

    def stops(*arguments: object) -> object:
        nonlocal calls
        calls += 1
        if calls > stop_at:
            raise PowerCutError
        return real(*arguments)

    monkeypatch.setattr(owner, name, stops)
    new = 255 - HASHES[:1]
    done = True
    try:
        bank.add(new, np.array([9], np.uint64))
    except PowerCutError:
        done = False
    monkeypatch.undo()
    after = Bank.open(tmp_path / "bank")
    found = after.search(new, 0).id.tolist()
    assert found == [9] if done else found in ([], [9])
    assert after.search(HASHES, 0).id.tolist() == IDS.tolist()
    after.add(new, np.array([10], np.uint64))
    assert not [path for path in (tmp_path / "bank").iterdir() if path.name.endswith(".bank.unfinished")]
    assert 10 in Bank.open(tmp_path / "bank").search(new, 0).id.tolist()


def test_small_adds_go_to_one_file_and_become_rows_for_good_when_it_is_full(tmp_path: Path) -> None:
    bank, reader = Bank.open(tmp_path), Bank.open(tmp_path)
    random = np.random.default_rng(1)
    rows = random.integers(0, 256, (11_000, 32), np.uint8)
    for first in range(0, len(rows), 1000):
        bank.add(rows[first : first + 1000], np.arange(first, first + 1000, dtype=np.uint64))
        assert reader.search(rows[first : first + 2], 0).id.tolist() == [first, first + 1]
    assert len(list(tmp_path.glob("*.wal"))) == 1
    bank.compact()
    assert len(list(tmp_path.glob("*.bank"))) == 1
    assert bank.verify().rows == len(rows)
    assert reader.search(rows[::99], 0).id.tolist() == list(range(0, len(rows), 99))


def test_two_writers_lose_nothing(tmp_path: Path) -> None:
    Bank.open(tmp_path)
    script = (
        "import sys, numpy as np; from unseen.matching import Bank; bank = Bank.open(sys.argv[1])\n"
        "for i in range(15): bank.add(np.zeros((1, 32), np.uint8), np.array([int(sys.argv[2]) + i], np.uint64))"
    )
    writers = [subprocess.Popen([sys.executable, "-c", script, tmp_path, str(first)]) for first in (0, 100)]
    assert [writer.wait(20) for writer in writers] == [0, 0]
    assert Bank.open(tmp_path).ids().tolist() == [*range(15), *range(100, 115)]


def test_a_reader_keeps_working_while_another_writes(bank: Bank, tmp_path: Path) -> None:
    reader = Bank.open(tmp_path / "bank")
    with files.write_lock(tmp_path / "bank"):
        assert len(reader.search(HASHES, 0)) == 5
    bank.remove(np.array([4], np.uint64))
    assert len(reader.search(HASHES, 0)) == 4


def test_a_folder_that_holds_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").touch()
    with pytest.raises(BankError, match="holds other files and no bank: choose"):
        Bank.open(tmp_path)
    with pytest.raises(BankError, match="cannot be a bank's folder"):
        Bank.open(tmp_path / "letters.txt")
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]


def test_a_bank_whose_first_write_was_stopped_can_be_opened(tmp_path: Path) -> None:
    (tmp_path / files.LOCK).touch()
    (tmp_path / f"{files.MANIFEST}.unfinished").write_bytes(b'{"for')
    assert len(Bank.open(tmp_path)) == 0


def test_a_full_disk_is_named_and_changes_nothing(
    bank: Bank, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(BankError, match=r"No space left on device.*make room"):
            bank.add(HASHES, IDS)
    assert bank.verify().rows == 5
    bank.add(HASHES, IDS)
    assert Bank.open(tmp_path / "bank").verify().rows == 10


@pytest.mark.parametrize("body", ["[]", "no JSON", '{"format": "unseen-bank", "version": 1}'])
def test_a_manifest_that_is_none_is_named(bank: Bank, tmp_path: Path, body: str) -> None:
    manifest = tmp_path / "bank" / files.MANIFEST
    manifest.write_text(f"{body}\n{hashlib.sha256(body.encode()).hexdigest()}\n")
    with pytest.raises(BankError, match=r"manifest\.json is no manifest"):
        bank.verify()


def test_a_lost_file_is_named_by_a_change_too(bank: Bank, tmp_path: Path) -> None:
    next((tmp_path / "bank").glob("*.bank")).unlink()
    with pytest.raises(BankError, match=r"\.bank cannot be changed .*restore"):
        bank.remove(IDS)
