import pytest
from django.test import Client

from unseen.accounts.models import Role, Staff
from unseen.takedown import case_views, notice_views, queries
from unseen.takedown.tests.budgets import fill
from unseen.takedown.tests.lives import small_directory


@pytest.fixture(autouse=True)
def made_up_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    directory = small_directory()
    monkeypatch.setattr(queries, "directory", lambda: directory)


@pytest.fixture
def bo(db: None) -> Staff:
    return Staff.objects.create(username="bo", role=Role.REVIEWER)


@pytest.fixture
def desk(bo: Staff) -> Client:
    """A browser in which Bo has logged in, and that sends no forgery token unasked."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(bo, "unseen.accounts.backends.PasswordAndCode")
    return client


@pytest.fixture(autouse=True)
def full_budgets(monkeypatch: pytest.MonkeyPatch) -> None:
    fill(monkeypatch, case_views, "_SEARCHES")
    fill(monkeypatch, notice_views, "_BUDGET")
