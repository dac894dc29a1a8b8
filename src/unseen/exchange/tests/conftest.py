from dataclasses import replace
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from unseen.exchange import views
from unseen.intake.tests.reports import NOON


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> None:
    """A bank that no other test has written to."""
    settings.UNSEEN = replace(settings.UNSEEN, data_dir=tmp_path)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The door of peers opens at noon."""
    monkeypatch.setattr(views, "now", lambda: NOON)
