"""`unseen match-server` refuses what cannot be served, in words, and needs no part of a centre."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from unseen.matching import Bank

pytestmark = pytest.mark.thorough

UNSEEN = Path(sys.executable).with_name("unseen")
WITHOUT_DJANGO = """
import sys
sys.modules["django"] = None
import unseen.cli.match_server
print("fine")
"""


def run(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [str(UNSEEN), "match-server", *words], capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize("words", [(), ("--bank", "a", "--folder", "b")])
def test_a_bank_and_a_replica_exclude_each_other(words: tuple[str, ...]) -> None:
    done = run(*words)
    assert done.returncode == 2
    assert "--folder or --bank" in done.stderr


def test_a_folder_that_holds_nothing_is_named(tmp_path: Path) -> None:
    bank = run("--bank", str(tmp_path))
    assert (bank.returncode, "there is no bank" in " ".join(bank.stderr.split())) == (2, True)
    replica = run("--folder", str(tmp_path))
    assert replica.returncode == 1
    assert "holds no replica" in replica.stderr
    assert "Traceback" not in replica.stderr


def test_a_port_that_is_taken_is_not_shared(tmp_path: Path) -> None:
    Bank.open(tmp_path / "bank")
    with socket.create_server(("127.0.0.1", 0), reuse_port=True) as taken:
        port = taken.getsockname()[1]
        done = run("--bank", str(tmp_path / "bank"), "--port", str(port))
    assert done.returncode == 1
    assert f"port {port} (Address already in use)" in done.stderr


def test_no_part_of_a_centre_is_needed() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_DJANGO], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stdout == "fine\n", done.stderr
