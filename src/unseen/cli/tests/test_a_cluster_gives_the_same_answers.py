"""`--engine ray` tells the same as one machine, also when a node is killed half way; the sandbox holds on its workers."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from unseen.fingerprint import Ask, Forms, fingerprint, sandbox_report
from unseen.matching.labelled import LabelledBank
from unseen.testing.media import FOLDER as MEDIA

FILES = 150
UNSEEN = str(Path(sys.executable).with_name("unseen"))
PHOTOS = sorted((MEDIA / "photos").glob("*.jpg"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    held = tmp_path / "held"
    held.mkdir()
    for number in range(FILES):
        with Image.open(PHOTOS[number % len(PHOTOS)]) as photo:
            photo.resize((300 + number, 300)).save(held / f"{number:03d}.jpg")
    (held / "010.jpg").write_bytes(b"")
    (held / "111.jpg").write_bytes((held / "012.jpg").read_bytes()[:3000])
    return held


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    kept = LabelledBank.open(tmp_path / "bank")
    kept.add([(photo.stem, fingerprint(photo, Ask(forms=Forms.BANK))) for photo in PHOTOS[::2]])
    return tmp_path / "bank"


@pytest.fixture
def cluster() -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "unseen.scanning.tests.two_nodes"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as running:
        yield running
        assert running.stdin
        running.stdin.close()


def told(running: "subprocess.Popen[str]", word: str = "") -> str:
    assert running.stdin
    assert running.stdout
    if word:
        running.stdin.write(word + "\n")
        running.stdin.flush()
    return running.stdout.readline().strip()


def scanning(
    folder: Path, bank: Path, state: Path, *more: str, **environment: str
) -> "subprocess.Popen[str]":
    command = [UNSEEN, "scan", str(folder), "--bank", str(bank), "--json", *more]
    environ = {**os.environ, "XDG_STATE_HOME": str(state), **environment}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environ)


@pytest.mark.slow
def test_a_cluster_that_loses_a_node_half_way_tells_the_same_as_one_machine(
    folder: Path, bank: Path, cluster: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    alone = scanning(folder, bank, tmp_path).communicate()[0]
    assert 50 < len(alone.splitlines()) < FILES
    address = told(cluster)
    assert json.loads(told(cluster, "sandbox")) == {part.name: part.trouble for part in sandbox_report()}
    with scanning(folder, bank, tmp_path, "--engine", "ray", RAY_ADDRESS=address) as running:
        assert running.stdout
        assert running.stderr
        together = "".join(running.stdout.readline() for _ in range(20))
        assert cluster.stdin
        cluster.stdin.write("kill\n")
        cluster.stdin.flush()
        together += running.stdout.read()
        assert running.stderr.read() == ""
    assert together == alone
    assert running.returncode == 1
    assert list((tmp_path / "unseen").iterdir()) == []


@pytest.mark.slow
def test_a_cluster_that_does_not_answer_is_named(folder: Path, bank: Path, tmp_path: Path) -> None:
    with scanning(folder, bank, tmp_path, "--engine", "ray", RAY_ADDRESS="127.0.0.2:1") as running:
        said = running.communicate(timeout=60)[1]
    assert "no cluster answers at 127.0.0.2:1" in said
    assert running.returncode == 1
