"""Due work of what peers give us: entries that the searched folder does not show as they are."""

from unseen.exchange.peers import actions, queries

ROWS_AT_ONCE = 5_000


def follow_folder() -> int:
    """Write what changed into the folder; returns how many entries."""
    stale = list(queries.not_in_folder()[:ROWS_AT_ONCE])
    if stale:
        actions.write_folder(stale)
    return len(stale)
