"""The centre's mailbox, a Maildir: every new mail is taken up once, and marked as seen after it was stored."""

import logging
from collections.abc import Iterable
from datetime import datetime
from glob import escape
from pathlib import Path

from unseen.takedown.actions.mail import is_wanted, record_reply
from unseen.takedown.replies import MAIL_SIZE_BYTES_MAX

MAILS_AT_ONCE = 50

log = logging.getLogger(__name__)


def read_mailbox(folder: Path, now: datetime) -> int:
    """Take up new mail; a worker killed in between finds it again. Returns how many were taken up.

    What cannot be read or moved stays where it is and counts for nothing: notices go out without it.
    """
    try:
        new = sorted((folder / "new").iterdir(), key=lambda file: file.name)
        (folder / "cur").mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        log.error("the inbox cannot be read: check UNSEEN_INBOX", extra={"error": type(error).__name__})
        return 0
    taken = stuck = 0
    for file in new:
        try:
            _take_up(file, folder / "cur" / f"{file.name}:2,S", now)  # Maildir: seen
            taken += 1
        except FileNotFoundError:
            continue  # another worker took it
        except OSError:
            stuck += 1
        if taken == MAILS_AT_ONCE:
            break
    if stuck:
        log.error("mail that cannot be read or moved stays in the inbox", extra={"count": stuck})
    return taken


def _take_up(file: Path, seen: Path, now: datetime) -> None:
    with file.open("rb") as mail:
        raw = mail.read(MAIL_SIZE_BYTES_MAX)
    stored = record_reply(raw, now, seen.name)
    if stored.file if stored is not None else is_wanted(raw):
        file.rename(seen)
    else:
        file.unlink()


def remove(folder: Path, names: Iterable[str]) -> None:
    """Remove mails that were taken up under these names, whatever flags a mail program gave them since. Raises OSError."""
    for name in names:
        base = name.partition(":")[0]
        (folder / "new" / base).unlink(missing_ok=True)  # stored, and its worker died before it was moved
        for file in (folder / "cur").glob(f"{escape(base)}*"):
            file.unlink(missing_ok=True)
