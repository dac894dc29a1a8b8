import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection, transaction

from unseen import leases
from unseen.casework.models import Item
from unseen.domain.limits import HANDFUL_LASTS, LEASE
from unseen.intake.models import Report
from unseen.intake.tests.reports import HOUR, NOON, a_report
from unseen.leases import Handful, claim, free, let_go, next_due_at, take_back, while_it_lasts

ONE, TWO = "one", "two"
SECOND = timedelta(seconds=1)


def claimed(worker: str, at_hours: int = 0, limit: int = 10) -> list[Report]:
    return claim(Report.objects.all(), worker, NOON + at_hours * HOUR, limit)


@pytest.mark.django_db
def test_two_names_share_the_rows_without_overlap() -> None:
    reports = [a_report(at=NOON - number * SECOND) for number in range(4)]
    first, second = claimed(ONE, limit=3), claimed(TWO, limit=3)
    assert first == [reports[3], reports[2], reports[1]]  # the earliest due first
    assert second == [reports[0]]
    assert claimed(ONE) == claimed(TWO) == []
    assert {row.lease_by for row in Report.objects.filter(pk__in=[row.pk for row in first])} == {ONE}
    assert [(row.lease_by, row.lease_until) for row in second] == [(TWO, NOON + LEASE)]


@pytest.mark.django_db
def test_a_row_is_claimed_when_it_is_due_and_not_before() -> None:
    a_report(at=NOON + HOUR)
    assert claimed(ONE) == []
    assert len(claimed(ONE, at_hours=1)) == 1


@pytest.mark.django_db
def test_a_lease_runs_out_and_another_takes_over() -> None:
    a_report()
    claimed(ONE)
    just_before, then = NOON + LEASE - SECOND, NOON + LEASE
    assert claim(Report.objects.all(), TWO, just_before, 10) == []
    assert len(claim(Report.objects.all(), TWO, then, 10)) == 1
    assert Report.objects.get().lease_by == TWO


@pytest.mark.django_db
def test_a_worker_takes_back_only_what_its_own_name_held() -> None:
    for _ in range(3):
        a_report()
    claimed(ONE, limit=2)
    claimed(TWO, limit=1)
    assert take_back((Report, Item), ONE) == 2
    assert take_back((Report, Item), ONE) == 0
    assert len(claimed(ONE)) == 2
    assert Report.objects.filter(lease_by=TWO).count() == 1


@pytest.mark.django_db
def test_the_next_due_time_counts_held_rows_from_the_end_of_their_lease() -> None:
    assert next_due_at(Report.objects.all()) is None
    a_report(at=NOON)
    a_report(at=NOON + HOUR)
    assert next_due_at(Report.objects.all()) == NOON
    claimed(ONE)
    assert next_due_at(Report.objects.all()) == NOON + LEASE
    take_back((Report,), ONE)
    assert next_due_at(Report.objects.all()) == NOON


@pytest.mark.django_db
def test_a_row_that_is_settled_is_not_due_at_any_time() -> None:
    a_report()
    (report,) = claimed(ONE)
    free(report, None)
    report.save()
    assert next_due_at(Report.objects.all()) is None
    assert claimed(TWO, at_hours=100) == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no row locks: writers take turns")
@pytest.mark.django_db(transaction=True)
def test_a_second_worker_skips_the_rows_that_the_first_has_locked() -> None:
    for _ in range(4):
        a_report()
    taken: list[Report] = []

    def work() -> None:
        taken.extend(claimed(TWO))
        connection.close()

    with transaction.atomic():
        held = claimed(ONE, limit=2)
        other = threading.Thread(target=work)
        other.start()
        other.join()  # it did not wait for our transaction
        assert len(taken) == 2
    assert not {row.pk for row in held} & {row.pk for row in taken}


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no row locks: writers take turns")
@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_time_take_every_row_once() -> None:
    for _ in range(12):
        a_report()
    taken: list[Report] = []
    start = threading.Barrier(3)

    def work(name: str) -> None:
        start.wait()
        while rows := claimed(name, limit=2):
            taken.extend(rows)
        connection.close()

    workers = [threading.Thread(target=work, args=(f"worker-{number}",)) for number in range(3)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert len(taken) == len({row.pk for row in taken}) == 12


@pytest.mark.django_db
def test_after_a_failure_rows_are_taken_one_by_one_and_the_others_are_free() -> None:
    for number in range(3):
        a_report(at=NOON - number * SECOND)
    handful = Handful()
    assert fails_with(handful) == 3
    assert Report.objects.filter(lease_by=ONE).count() == 0
    assert fails_with(handful) == 1
    assert Report.objects.filter(lease_by=ONE).count() == 1, "the one that fails waits for its lease"
    sizes = []
    for _ in range(3):
        with handful.claimed(Report.objects.none(), ONE, NOON):
            sizes.append(handful.size)
    assert sizes == [1, 2, 4]


def fails_with(handful: Handful) -> int:
    """How many rows were in hand when it failed."""
    taken: list[Report] = []
    with suppress(RuntimeError), handful.claimed(Report.objects.all(), ONE, NOON) as rows:
        taken += rows
        raise RuntimeError("a bug")
    return len(taken)


def test_what_is_not_begun_in_time_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    given_back: list[list[Report]] = []
    rows = [Report() for _ in range(4)]
    times = iter([0.0, 1.0, HANDFUL_LASTS.total_seconds() + 1])
    monkeypatch.setattr(leases, "monotonic", lambda: next(times))
    begun = list(while_it_lasts(rows, lambda rest: given_back.append(list(rest))))
    assert [id(row) for row in begun] == [id(row) for row in rows[:2]]
    assert [[id(row) for row in rest] for rest in given_back] == [[id(row) for row in rows[2:]]]


@pytest.mark.django_db
def test_a_row_that_another_worker_took_over_is_not_given_back() -> None:
    a_report()
    (mine,) = claimed(ONE)
    claim(Report.objects.all(), TWO, NOON + LEASE, 1)
    let_go(Report.objects.all(), [mine])
    assert Report.objects.get().lease_by == TWO
