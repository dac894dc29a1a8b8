"""What a database leaves on the disk of rows that are gone, and how it is made to go.

SQLite overwrites what is removed (`secure_delete`), but its write-ahead file holds the old pages until a checkpoint copies
them back and cuts it (sqlite.org/wal.html). PostgreSQL keeps removed rows until VACUUM; the small table of keys is written
anew (VACUUM FULL), so that its old file goes.
"""

from django.db import connection
from django.db.models import Model

from unseen.casework.models import Answer, Item
from unseen.exchange.models import FeedLine, Verification
from unseen.hashbank.models import BankEntry
from unseen.intake.models import Message, Report, ReportedFingerprint, ReportedLocation
from unseen.keys.models import CaseKey
from unseen.takedown.models import Notice, Place, Reply

_WAIT_MS = 200
_ERASED = (
    Report, ReportedFingerprint, ReportedLocation, Message, BankEntry, FeedLine, Verification, Item, Answer, Notice, Place, Reply,
)  # fmt: skip


def reads_whole_tables() -> bool:
    """Whether clearing costs more the larger the tables are."""
    return connection.vendor == "postgresql"


def clear() -> bool:
    """Clear it. False where others read old pages at this moment, or inside a transaction: it must be tried again."""
    if connection.in_atomic_block:
        return False
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"VACUUM {', '.join(map(_quoted, _ERASED))}")
            cursor.execute(f"VACUUM FULL {_quoted(CaseKey)}")
            return True
        # While it waits for readers nobody can write: better soon again than long.
        cursor.execute(f"PRAGMA busy_timeout = {_WAIT_MS}")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy, *_ = cursor.fetchone()
        cursor.execute(
            f"PRAGMA busy_timeout = {round(connection.settings_dict['OPTIONS']['timeout'] * 1000)}"
        )
        return not busy


def _quoted(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)  # noqa: SLF001 - Django's documented way to a table's name
