import pytest

from unseen.door import budget
from unseen.takedown import queries
from unseen.takedown.tests.lives import small_directory
from unseen.takedown.verify_budget import AskBudget


@pytest.fixture(autouse=True)
def made_up_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    directory = small_directory()
    monkeypatch.setattr(queries, "directory", lambda: directory)


@pytest.fixture(autouse=True)
def full_budgets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test begins as if the server had just started."""
    for name in ("_OPENING", "_RECEIPTS", "_FILING"):
        old = getattr(budget, name)
        monkeypatch.setattr(budget, name, AskBudget(old.at_once, old.every, old.all_at_once, old.all_every))
