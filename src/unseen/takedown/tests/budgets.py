"""Budgets live in memory, and the tests of one process ask from one address: each test begins as after a start."""

from types import ModuleType

import pytest

from unseen.takedown.ask_budget import AskBudget


def fill(patch: pytest.MonkeyPatch, module: ModuleType, *names: str) -> None:
    """Put a full budget of the same size in the place of each."""
    for name in names:
        used = getattr(module, name)
        full = AskBudget(used.at_once, used.every, used.all_at_once, used.all_every)
        patch.setattr(module, name, full)
