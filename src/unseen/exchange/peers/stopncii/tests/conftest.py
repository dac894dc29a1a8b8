from dataclasses import replace
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> None:
    """A bank that no other test has written to."""
    settings.UNSEEN = replace(settings.UNSEEN, data_dir=tmp_path)
