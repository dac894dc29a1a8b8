import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from unseen import clock
from unseen.cli import doctor as command
from unseen.takedown import queries
from unseen.takedown.models import Attempt
from unseen.takedown.tests.lives import LOCATION, removed_copy, small_directory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_desk(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    settings.UNSEEN = replace(settings.UNSEEN, data_dir=tmp_path)
    directory = small_directory()
    monkeypatch.setattr(queries, "directory", lambda: directory)
    monkeypatch.setattr(command, "directory", lambda: directory)
    monkeypatch.setattr(command, "sandbox_report", lambda: ())  # the sandbox has tests of its own


def worker_was_idle_at(folder: Path, at: datetime) -> None:
    beat = {"pid": 1, "idle_at": at.isoformat(), "next_due_at": None}
    (folder / "worker-desk.json").write_text(json.dumps(beat))


def run() -> Result:
    app = typer.Typer()
    app.command()(command.doctor)
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, [])


def test_a_healthy_desk_is_fine(tmp_path: Path) -> None:
    removed_copy(LOCATION)
    worker_was_idle_at(tmp_path, clock.now())
    told = run()
    assert told.exit_code == 0, told.output
    assert "all 10 promises hold" in told.output
    assert LOCATION not in told.output


def test_a_silent_worker_fails_the_check_but_breaks_no_promise(tmp_path: Path) -> None:
    assert run().exit_code == 1
    worker_was_idle_at(tmp_path, clock.now() - timedelta(hours=1))
    told = run()
    assert told.exit_code == 1
    assert "silent for 60 minutes" in told.output


def test_a_broken_promise_outweighs_everything(tmp_path: Path) -> None:
    removed_copy(LOCATION)
    Attempt.objects.update(ended_at=None)
    told = run()
    assert told.exit_code == 3
    assert "1 of 10 promises are broken" in told.output
