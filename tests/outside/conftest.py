from pathlib import Path

import pytest

from tests.outside.client import Client, made_client


@pytest.fixture(scope="session")
def programs() -> Path:
    return made_client()


@pytest.fixture
def client(programs: Path, tmp_path: Path) -> Client:
    state = tmp_path / "client"
    state.mkdir()
    return Client(programs, state)
