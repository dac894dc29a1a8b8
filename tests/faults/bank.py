"""Faults of a bank on disk: kills, full disks, cuts and flipped bits, checked against what was promised.

`python -m tests.faults.bank --rounds 200` runs the heavy version; the tests beside run a small share.
"""

import argparse
import hashlib
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from unseen.matching import Bank, BankError
from unseen.matching.files import Ids, Rows


class BrokenPromiseError(Exception):
    """What a bank said after a fault is not what it promised before."""


def row_of(number: int) -> bytes:
    """The fingerprint kept under an id: what is searched and looked for on the disk."""
    return hashlib.sha256(number.to_bytes(8, "little")).digest()


def rows_of(numbers: list[int]) -> tuple[Rows, Ids]:
    rows = np.frombuffer(b"".join(map(row_of, numbers)), np.uint8).reshape(-1, 32)
    return rows, np.array(numbers, np.uint64)


def need(holds: bool, what: str) -> None:
    if not holds:
        raise BrokenPromiseError(what)


def check_holds(folder: Path, expected: set[int], gone: set[int]) -> None:
    """The bank holds exactly these ids, finds each, finds none that went, and no byte of those is in the folder."""
    bank = Bank.open(folder)
    need(set(bank.ids().tolist()) == expected, "the ids are not those of acknowledged changes")
    need(bank.verify().rows == len(expected), "the number of rows is not that of acknowledged changes")
    if expected:
        rows, ids = rows_of(sorted(expected))
        hits = bank.search(rows, 31)
        need((hits.id[hits.distance_bits == 0] == ids).all(), "a row is not found by its own fingerprint")
    if gone:
        need(len(bank.search(rows_of(sorted(gone))[0], 31)) == 0, "a removed row is found")
    on_disk = b"".join(path.read_bytes() for path in sorted(folder.iterdir()))
    need(not any(row_of(number) in on_disk for number in gone), "a removed row is still on the disk")


def kill_rounds(folder: Path, rounds: int, seed: int) -> int:
    """Kill a writer `rounds` times at random moments; returns how many changes it had acknowledged."""
    chance = random.Random(seed)
    held: set[int] = set()
    gone: set[int] = set()
    acknowledged = 0
    for _ in range(rounds):
        command = [
            sys.executable,
            "-m",
            "tests.faults.bank_writer",
            str(folder),
            str(chance.randrange(1 << 30)),
        ]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()  # it has loaded its modules
            # Some lines and then a moment: on a busy machine a moment alone would end before the first change.
            heard = "".join(writer.stdout.readline() for _ in range(chance.randrange(12)))
            time.sleep(chance.random() ** 2 * 0.1)
            writer.send_signal(signal.SIGKILL)
            said = [line.split() for line in (heard + writer.stdout.read()).split("\n")[:-1]]
        pending: list[str] = []
        for line in said:
            if line == ["done"]:
                apply(pending, held, gone)
                acknowledged += 1
                pending = []
            else:
                pending = line
        after = set(Bank.open(folder).ids().tolist())
        if after != held:
            apply(pending, held, gone)  # it was written, and the kill came before the word
        if pending[:1] == ["remove"]:  # not acknowledged, so its caller asks again
            Bank.open(folder).remove(np.array(pending[1:], np.uint64))
            held, gone = held - set(map(int, pending[1:])), gone | set(map(int, pending[1:]))
        check_holds(folder, held, gone)
    return acknowledged


def apply(change: list[str], held: set[int], gone: set[int]) -> None:
    numbers = {int(each) for each in change[1:]}
    if change[:1] == ["add"]:
        held |= numbers
    elif change[:1] == ["remove"]:
        held -= numbers
        gone |= numbers


def full_disk(folder: Path, step_bytes: int) -> int:
    """Every change with no room beyond each size of a file in turn: refused by name, and nothing changed."""
    signal.signal(
        signal.SIGXFSZ, signal.SIG_IGN
    )  # a write beyond the limit is then an error, as on a full disk
    base = list(range(1, 40))
    refused = 0
    for change in ("append", "new file", "remove"):
        for limit in range(0, 6000, step_bytes):
            shutil.rmtree(folder, ignore_errors=True)
            bank = Bank.open(folder)
            bank.add(*rows_of(base))
            _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, most))
            held, gone = set(base), set[int]()
            try:
                if change == "remove":
                    bank.remove(np.array(base[:20], np.uint64))
                    held, gone = set(base[20:]), set(base[:20])
                else:
                    more = list(range(100, 110 if change == "append" else 4300))
                    bank.add(*rows_of(more))
                    held |= set(more)
            except BankError:
                refused += 1
            finally:
                resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
            check_holds(folder, held, gone)
            bank.add(*rows_of([9999]))
            check_holds(folder, held | {9999}, gone)
    return refused


def cuts_and_flips(folder: Path, step: int) -> int:
    """Each file cut at each byte and with each bit flipped: an error that names it, or the right answer."""
    bank = Bank.open(folder)
    numbers = list(range(60))
    bank.add(*rows_of(numbers[:30]))
    bank.add(*rows_of(numbers[30:]))
    rows, ids = rows_of(numbers)
    tried = 0
    for path in sorted(folder.glob("*.*")):
        if path.name.endswith(".lock"):
            continue
        whole = path.read_bytes()
        cut = [whole[:length] for length in range(0, len(whole), step)]
        flipped = (
            whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :]
            for at in range(0, len(whole), step)
            for bit in range(8)
        )
        for damaged in [*cut, *flipped]:
            path.write_bytes(damaged)
            tried += 1
            try:
                hits = Bank.open(folder).search(rows, 0)
            except BankError:
                continue
            need(hits.id.tolist() == ids.tolist(), f"{path.name}: damage was believed")
        path.write_bytes(whole)
    check_holds(folder, set(numbers), set())
    return tried


def torn_appends(folder: Path) -> int:
    """An append that reached the disk up to each of its bytes, and its mark not: what was before holds, and goes on."""
    bank = Bank.open(folder)
    bank.add(*rows_of([1, 2]))
    (path,) = folder.glob("*.wal")
    before = path.read_bytes()
    bank.add(*rows_of([3, 4, 5]))
    whole = path.read_bytes()
    for length in range(len(before), len(whole) + 1):
        path.write_bytes(before[:128] + whole[128:length])
        held = {1, 2, 3, 4, 5} if length == len(whole) else {1, 2}
        check_holds(folder, held, set())
        reader = Bank.open(folder)
        Bank.open(folder).add(*rows_of([6]))
        need(reader.search(rows_of([6])[0], 0).id.tolist() == [6], "a reader does not see what was added")
        check_holds(folder, held | {6}, set())
    return len(whole) - len(before)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="unseen-faults-") as base:
        folder = Path(base)
        say(f"torn appends: {torn_appends(folder / 'torn')}")
        say(f"cuts and flips: {cuts_and_flips(folder / 'flips', 1)}")
        say(f"changes refused by a full disk: {full_disk(folder / 'full', 13)}")
        done = kill_rounds(folder / "kills", options.rounds, options.seed)
        say(f"kills: {options.rounds}, changes acknowledged before them: {done}")


if __name__ == "__main__":
    main()
