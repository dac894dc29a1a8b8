import pytest

from unseen.takedown import queries
from unseen.takedown.tests.lives import small_directory


@pytest.fixture(autouse=True)
def made_up_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    directory = small_directory()
    monkeypatch.setattr(queries, "directory", lambda: directory)
