from pathlib import Path

import pytest

from unseen.takedown.mailbox import read_mailbox
from unseen.takedown.models import Notice, Reply
from unseen.takedown.tests.outside import NOON, a_reported_item, outside_of, tick

pytestmark = pytest.mark.django_db
MAIL = b"From: a@b.test\r\nSubject: Hello\r\n\r\nWe received your notice.\r\n"


def _maildir(folder: Path, *parts: str) -> Path:
    for part in parts:
        (folder / "inbox" / part).mkdir(parents=True)
    return folder / "inbox"


def test_a_mailbox_without_its_folder_for_seen_mail_gets_one(tmp_path: Path) -> None:
    """It once was taken for work of another worker, and the worker went round and round at one instant."""
    inbox = _maildir(tmp_path, "new")
    (inbox / "new" / "1").write_bytes(MAIL)
    assert [read_mailbox(inbox, NOON), read_mailbox(inbox, NOON)] == [1, 0]
    assert Reply.objects.count() == 1
    assert [file.name for file in (inbox / "cur").iterdir()] == ["1:2,S"]


def test_a_mail_that_cannot_be_moved_is_stored_once_and_is_no_work_for_ever(tmp_path: Path) -> None:
    inbox = _maildir(tmp_path, "new", "cur/1:2,S/full")
    (inbox / "new" / "1").write_bytes(MAIL)
    assert [read_mailbox(inbox, NOON), read_mailbox(inbox, NOON)] == [0, 0]
    assert Reply.objects.count() == 1


def test_a_mail_that_cannot_be_read_does_not_keep_back_the_next(tmp_path: Path) -> None:
    inbox = _maildir(tmp_path, "new/0-a-folder", "cur")
    (inbox / "new" / "1").write_bytes(MAIL)
    assert read_mailbox(inbox, NOON) == 1
    assert Reply.objects.count() == 1


@pytest.mark.parametrize("broken", ["no new", "new is a file", "a folder in new"])
def test_notices_go_out_without_a_mailbox(tmp_path: Path, broken: str) -> None:
    with outside_of(tmp_path) as outside:
        new = outside.inbox / "new"
        if broken == "a folder in new":
            (new / "0").mkdir()
        else:
            new.rmdir()
        if broken == "new is a file":
            new.touch()
        a_reported_item()
        tick(NOON)
        assert len(outside.arrived) == 1
    assert Notice.objects.get().state == "sent"
