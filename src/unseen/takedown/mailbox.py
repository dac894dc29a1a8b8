"""The centre's mailbox, a Maildir: every new mail is taken up once, and marked as seen after it was stored."""

from datetime import datetime
from pathlib import Path

from unseen.takedown.actions.mail import record_reply
from unseen.takedown.replies import MAIL_SIZE_BYTES_MAX

MAILS_AT_ONCE = 50


def read_mailbox(folder: Path, now: datetime) -> int:
    """Take up new mail; a worker killed in between finds it again. Returns how many there were."""
    new = sorted((folder / "new").iterdir(), key=lambda file: file.name)[:MAILS_AT_ONCE]
    for file in new:
        try:
            with file.open("rb") as mail:
                record_reply(mail.read(MAIL_SIZE_BYTES_MAX), now)
            file.rename(folder / "cur" / f"{file.name}:2,S")  # Maildir: seen
        except FileNotFoundError:
            continue  # another worker took it
    return len(new)
