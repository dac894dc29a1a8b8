"""The contracts of .importlinter hold (`make contracts`), and each of them bites: one planted violation per contract."""

import configparser
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tidy.source import PACKAGE, REPOSITORY

pytestmark = pytest.mark.thorough

CONTRACTS = REPOSITORY / ".importlinter"

# Contract -> file that breaks it, and what it imports.
PLANTED = {
    "Imports run upstream only": ("unseen/intake/planted.py", "import unseen.takedown"),
    "The domain is plain Python": ("unseen/domain/planted.py", "import django"),
    "Fingerprints, matching and fetching know no Django": ("unseen/fetch/planted.py", "import django.conf"),
    "Channels do not know each other": (
        "unseen/takedown/channels/email/planted.py",
        "import unseen.takedown.channels.api",
    ),
    "The small internet does not import the engine": (
        "unseen/testing/internet/planted.py",
        "import unseen.domain",
    ),
}


def linted(folder: Path) -> str:
    command = [
        sys.executable,
        "-c",
        "import sys; from importlinter.cli import lint_imports_command as lint; lint()",
    ]
    done = subprocess.run(
        [*command, "--config", str(CONTRACTS), "--no-cache"],
        env={**os.environ, "PYTHONPATH": str(folder), "NO_COLOR": "1", "COLUMNS": "200"},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(
        PACKAGE, tmp_path / "unseen", ignore=shutil.ignore_patterns("__pycache__", "media", "static")
    )
    return tmp_path


def test_every_contract_has_a_planted_violation() -> None:
    parser = configparser.ConfigParser()
    parser.read(CONTRACTS, encoding="utf-8")
    names = {
        parser[section]["name"]
        for section in parser.sections()
        if section.startswith("importlinter:contract:")
    }
    assert names == set(PLANTED)


@pytest.mark.slow
def test_each_planted_violation_is_found_and_the_package_itself_has_none(copy: Path) -> None:
    untouched = linted(copy)
    for name, (file, code) in PLANTED.items():
        assert f"{name} KEPT" in untouched, untouched
        (copy / file).write_text(f"{code}\n", encoding="utf-8")
    broken = linted(copy)
    for name, (file, _) in PLANTED.items():
        assert f"{name} BROKEN" in broken, broken
        assert file.removesuffix(".py").replace("/", ".") in broken


@pytest.mark.slow
def test_a_new_package_must_be_given_its_place(copy: Path) -> None:
    (copy / "unseen" / "newcomer").mkdir()
    (copy / "unseen" / "newcomer" / "__init__.py").write_text("")
    assert "newcomer" in linted(copy)
