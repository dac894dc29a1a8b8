import pytest

from unseen.door import budget
from unseen.takedown import queries
from unseen.takedown.tests.budgets import fill
from unseen.takedown.tests.lives import small_directory


@pytest.fixture(autouse=True)
def made_up_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    directory = small_directory()
    monkeypatch.setattr(queries, "directory", lambda: directory)


@pytest.fixture(autouse=True)
def full_budgets(monkeypatch: pytest.MonkeyPatch) -> None:
    fill(monkeypatch, budget, "_OPENING", "_RECEIPTS", "_FILING")
