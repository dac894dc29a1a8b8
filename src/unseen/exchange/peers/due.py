"""Due work of what peers give us: entries that the searched folder does not show as they are."""

from unseen.exchange.peers import actions, queries
from unseen.matching.files import BankError

ROWS_AT_ONCE = 5_000


def prepare() -> None:
    """When a worker starts: a folder that was lost, or that is older than the rows (after a restore), is written anew."""
    try:
        lacks_rows = queries.folder_lacks_rows()
    except BankError:
        return  # every use of the folder names the trouble; the other stages work without it
    if lacks_rows:
        actions.rebuild_folder()


def follow_folder() -> int:
    """Write what changed into the folder; returns how many entries."""
    stale = list(queries.not_in_folder()[:ROWS_AT_ONCE])
    if stale:
        actions.write_folder(stale)
    return len(stale)
