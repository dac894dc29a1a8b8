import shutil
from pathlib import Path

import numpy as np
import pytest

from unseen.hashbank import due, queries
from unseen.hashbank.actions import add_report, rebuild_folder, write_folder
from unseen.hashbank.models import BankEntry
from unseen.hashbank.tests.banked import FAR, bits, found, living, shown, work
from unseen.intake.tests.reports import NOON, a_report, picture
from unseen.matching import Bank
from unseen.matching.files import BankError

pytestmark = pytest.mark.django_db


def test_a_crash_after_the_rows_is_finished_by_the_next_run() -> None:
    add_report(a_report(picture(bits(0))), NOON)
    assert found(0) == []
    work()
    assert len(found(0)) == 1


def test_a_crash_after_the_folder_leaves_no_row_twice() -> None:
    a_report(picture(bits(0)))
    work()
    BankEntry.objects.update(in_folder=False)
    work()
    assert len(found(0)) == 1
    assert shown() == living()


def test_writing_the_folder_twice_changes_nothing(folder: Path) -> None:
    a_report()
    work()
    write_folder(list(BankEntry.objects.all()))
    assert len(Bank.open(folder)) == 1


def test_a_lost_folder_is_written_anew_when_a_worker_starts(folder: Path) -> None:
    for value in (0, FAR):
        a_report(picture(bits(value)))
    work()
    before = queries.version()
    shutil.rmtree(folder)
    queries._bank.cache_clear()  # a new process
    due.prepare()
    assert queries.version().newest_entry < before.newest_entry
    work()
    assert shown() == living()
    assert len(found(1)) == 1
    assert queries.version() == before


def test_a_folder_that_is_whole_is_left_alone() -> None:
    a_report()
    work()
    due.prepare()
    assert due.do_due(NOON, "one") == 0


def test_a_damaged_folder_does_not_keep_a_worker_from_starting(folder: Path) -> None:
    a_report()
    work()
    for part in folder.glob("*.wal"):
        part.write_bytes(b"damaged")
    queries._bank.cache_clear()
    due.prepare()
    with pytest.raises(BankError, match="bank"):
        found(0)


def test_an_older_folder_from_a_backup_gains_what_it_lacks(folder: Path) -> None:
    a_report(picture(bits(0)))
    newer = a_report(picture(bits(FAR)))
    work()
    lost = BankEntry.objects.get(material__report=newer)
    Bank.open(folder).remove(np.array([lost.pk], dtype=np.uint64))
    assert found(FAR) == []
    due.prepare()
    work()
    assert len(found(FAR)) == 1


def test_rebuilding_marks_every_row_as_due() -> None:
    a_report()
    work()
    rebuild_folder()
    assert BankEntry.objects.filter(in_folder=False).count() == 1
