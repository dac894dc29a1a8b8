from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from unseen.domain.limits import (
    VERIFY_ADDRESSES_MAX,
    VERIFY_ALL_AT_ONCE_MAX,
    VERIFY_ALL_EVERY,
    VERIFY_AT_ONCE_MAX,
    VERIFY_EVERY,
)
from unseen.takedown import notice_views, queries
from unseen.takedown.tests.lives import LOCATION, a_case, deliver, found_copy, small_directory, step
from unseen.takedown.tests.lives import NOON as THEN
from unseen.takedown.verify_budget import AskBudget, asker_of

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def a_budget() -> AskBudget:
    return AskBudget(VERIFY_AT_ONCE_MAX, VERIFY_EVERY, VERIFY_ALL_AT_ONCE_MAX, VERIFY_ALL_EVERY)


def spent(budget: AskBudget, address: str, now: datetime = NOON) -> int:
    """How many questions this address gets at one moment."""
    count = 0
    while not budget.spend(address, now):
        count += 1
    return count


def test_an_address_gets_its_questions_at_once_and_then_one_at_a_time() -> None:
    budget = a_budget()
    assert spent(budget, "192.0.2.1") == VERIFY_AT_ONCE_MAX
    assert budget.spend("192.0.2.1", NOON) == VERIFY_EVERY.total_seconds()
    assert spent(budget, "192.0.2.1", NOON + VERIFY_EVERY) == 1
    assert spent(budget, "192.0.2.2") == VERIFY_AT_ONCE_MAX


def test_everybody_together_has_a_budget_too() -> None:
    budget = a_budget()
    asked = sum(spent(budget, f"192.0.2.{number}") for number in range(100))
    assert asked == VERIFY_ALL_AT_ONCE_MAX
    assert budget.spend("198.51.100.1", NOON) == 1


def test_no_address_is_kept_and_the_key_is_new_each_day() -> None:
    budget = a_budget()
    budget.spend("192.0.2.1", NOON)
    key = budget._key
    assert b"192.0.2.1" not in repr(vars(budget)).encode()
    budget.spend("192.0.2.1", NOON + timedelta(days=1))
    assert budget._key != key
    assert len(budget._of) == 1


def test_a_flood_of_addresses_fills_no_memory() -> None:
    budget, now = a_budget(), NOON
    for number in range(2 * VERIFY_ADDRESSES_MAX):
        now += timedelta(milliseconds=150)
        budget.spend(f"2001:db8:{number:x}::/64", now)
    assert len(budget._of) <= VERIFY_ADDRESSES_MAX


def test_a_clock_that_is_set_back_gives_nothing_away() -> None:
    budget = a_budget()
    spent(budget, "192.0.2.1")
    assert budget.spend("192.0.2.1", NOON - timedelta(hours=1)) > 0


@pytest.mark.parametrize(
    ("peer", "forwarded", "asker"),
    [
        ("192.88.99.7", "", "192.88.99.7"),
        ("192.88.99.7", "203.0.113.1", "192.88.99.7"),  # no proxy of ours: its word counts for nothing
        ("127.0.0.1", "203.0.113.1, 192.88.99.9", "192.88.99.9"),
        ("127.0.0.1", "no address", "127.0.0.1"),
        ("2606:4700::1234:5678", "", "2606:4700::/64"),
        ("::ffff:192.88.99.7", "203.0.113.1", "192.88.99.7"),
        ("", "", ""),
    ],
)
def test_who_asks_is_the_address_that_our_proxy_saw(peer: str, forwarded: str, asker: str) -> None:
    assert asker_of({"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded}) == asker


@pytest.mark.django_db
def test_who_asks_too_often_is_told_when_to_come_back_whatever_the_number(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: object
) -> None:
    monkeypatch.setattr(queries, "directory", small_directory)
    item = step(step(found_copy(a_case(), LOCATION), THEN), THEN)
    deliver(item, THEN)
    monkeypatch.setattr(notice_views, "_BUDGET", a_budget())
    monkeypatch.setattr(notice_views, "now", lambda: NOON)
    client = Client()
    for _ in range(VERIFY_AT_ONCE_MAX):
        assert client.get(reverse("verify"), {"number": item.reference}).status_code == 200
    with django_assert_num_queries(0):  # type: ignore[operator] # pytest-django's fixture
        answers = [client.get(reverse("verify"), {"number": one}) for one in (item.reference, "ZZZZZZZZZZ")]
    assert {answer.status_code for answer in answers} == {429}
    assert {answer["Retry-After"] for answer in answers} == {"6"}
    assert answers[0].content == answers[1].content
    assert "no-store" in answers[0]["Cache-Control"]
