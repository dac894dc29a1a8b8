import pytest

from unseen.domain.report import AgeBand
from unseen.hashbank import due, queries
from unseen.hashbank.actions import add_report
from unseen.hashbank.models import BankEntry
from unseen.hashbank.tests.banked import FAR, bits, found, living, shown, work
from unseen.intake.actions import withdraw_report
from unseen.intake.tests.reports import NOON, PAGE, a_report, picture
from unseen.journal.actions import about
from unseen.journal.queries import life_of

pytestmark = pytest.mark.django_db


def test_a_new_report_is_searched_for_after_one_round() -> None:
    report = a_report(picture(bits(0), bits(FAR, variant="mirror")))
    assert found(0) == []
    work()
    material = str(report.materials.get().pk)
    assert found(1) == [(material, 1)]
    assert [match.how for match in queries.search([bits(FAR)])] == ["mirror"]
    assert shown() == living()
    assert not BankEntry.objects.filter(in_folder=False).exists()


def test_banking_twice_adds_nothing_and_tells_once() -> None:
    report = a_report()
    assert add_report(report, NOON) == 1
    assert add_report(report, NOON) == 0
    work()
    assert BankEntry.objects.count() == 1
    assert [told.tag for told in life_of(about("report", report.pk))] == [
        "report:intake:received",
        "report:bank:added",
    ]


def test_low_quality_is_left_out_of_the_bank_and_of_the_search() -> None:
    a_report(picture(bits(0, quality=49), bits(FAR, quality=50)))
    work()
    assert [entry.quality for entry in BankEntry.objects.all()] == [50]
    assert queries.search([bits(FAR, quality=49)]) == ()
    assert queries.search([]) == ()
    assert found(0) == []


def test_a_report_of_places_only_is_banked_with_nothing() -> None:
    report = a_report(locations=(PAGE,))
    report.materials.all().delete()
    work()
    assert not BankEntry.objects.exists()
    assert queries.version().newest_entry == 0


def test_a_report_that_was_withdrawn_before_is_not_banked_at_all() -> None:
    report = a_report()
    listed = type(report).objects.get(pk=report.pk)  # by a worker, just before the person said stop
    withdraw_report(report, NOON)
    assert add_report(listed, NOON) == 0
    work()
    assert not BankEntry.objects.exists()
    assert due.next_due_at() is None


def test_the_version_rises_only_when_the_folder_shows_the_new_entries() -> None:
    a_report()
    work()
    first = queries.version()
    assert first.newest_entry == BankEntry.objects.get().pk
    report = a_report()
    add_report(report, NOON)
    assert queries.version() == first
    work()
    assert queries.version().newest_entry == max(living()) > first.newest_entry


@pytest.mark.parametrize("band", [AgeBand.MINOR, AgeBand.UNKNOWN])
def test_a_minors_picture_is_banked_for_the_exchange_and_never_looked_for(band: AgeBand) -> None:
    report = a_report(picture(bits(0)))
    type(report).objects.update(age_band=band)
    work()
    assert shown() == living() != set()
    assert found(0) == []
