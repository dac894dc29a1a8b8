"""Due work of the exchange: entries follow their reports, and every peer's list follows the entries."""

from datetime import datetime

from unseen.exchange import queries
from unseen.exchange.actions import entries, lists, peers, signing, verifying
from unseen.exchange.peers import due as peer_entries

REPORTS_AT_ONCE = 200


def prepare() -> None:
    """When a worker starts: what peers gave us is searched again as the rows say."""
    peer_entries.prepare()


def do_due(now: datetime, worker: str) -> int:
    """Do what is due now; returns how many pieces of work were done."""
    done = sum(verifying.settle(row, now) for row in queries.verifications_due())
    reports = list(queries.reports_due()[:REPORTS_AT_ONCE])
    for report in reports:
        entries.follow(report, now)
    done += sum(lists.bring_up(peer, now) for peer in queries.peers_behind())
    if queries.living_peers().exists():
        done += signing.keep_signing(now)
    peers.forget_nonces(now)
    return done + len(reports) + peer_entries.follow_folder()


def next_due_at() -> datetime | None:
    """Everything here is due at once or not at all."""
    return None
