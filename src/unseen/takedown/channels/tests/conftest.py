"""A door for each channel: every test that asks for one is run for all of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from unseen.takedown.channels.tests.doors import BY_MAIL, KINDS, Door, door_of


@pytest.fixture(params=KINDS)
def door(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Door]:
    with door_of(request.param, tmp_path) as opened:
        yield opened


@pytest.fixture(params=BY_MAIL)
def mail_door(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Door]:
    with door_of(request.param, tmp_path) as opened:
        yield opened


@pytest.fixture
def api_door(tmp_path: Path) -> Iterator[Door]:
    with door_of("api", tmp_path) as opened:
        yield opened
