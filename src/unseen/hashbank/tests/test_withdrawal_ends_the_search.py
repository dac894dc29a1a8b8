import pytest

from unseen.hashbank.actions import remove_report, write_folder
from unseen.hashbank.models import BankEntry
from unseen.hashbank.tests.banked import bits, found, living, shown, work
from unseen.intake.actions import withdraw_report
from unseen.intake.tests.reports import HOUR, NOON, a_report, picture
from unseen.journal.actions import about
from unseen.journal.queries import life_of

pytestmark = pytest.mark.django_db


def test_it_is_found_no_more_from_the_moment_of_the_withdrawal() -> None:
    report, other = a_report(picture(bits(0))), a_report(picture(bits(1)))
    work()
    assert len(found(0)) == 2
    withdraw_report(report, NOON + HOUR)
    assert found(0) == [(str(other.materials.get().pk), 1)]


def test_the_next_round_takes_it_out_of_the_rows_and_out_of_the_folder() -> None:
    report, other = a_report(picture(bits(0))), a_report(picture(bits(1)))
    work()
    withdraw_report(report, NOON + HOUR)
    work()
    removed = BankEntry.objects.get(material__report=report)
    assert removed.removed_at is not None
    assert removed.in_folder
    assert shown() == living() == {BankEntry.objects.get(material__report=other).pk}
    tags = [told.tag for told in life_of(about("report", report.pk))]
    assert tags[-1] == "report:bank:removed"


def test_taking_out_twice_tells_once() -> None:
    report = a_report()
    work()
    withdraw_report(report, NOON)
    assert remove_report(report, NOON) == 1
    assert remove_report(report, NOON) == 0
    assert len(life_of(about("report", report.pk))) == 4


def test_a_withdrawal_between_reading_the_rows_and_writing_the_folder_wins() -> None:
    report = a_report()
    work()
    BankEntry.objects.update(in_folder=False)
    read = list(BankEntry.objects.all())
    withdraw_report(report, NOON)
    remove_report(report, NOON)
    write_folder(read)
    assert shown() == set()
    work()
    assert shown() == set()
