from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from unseen.exchange.peers.tests.reaching import OPENED


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> None:
    """A bank that no other test has written to."""
    settings.UNSEEN = replace(settings.UNSEEN, data_dir=tmp_path)


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    """Connections to the services."""
    yield
    while OPENED:
        OPENED.pop().close()
