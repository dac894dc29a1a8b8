import hashlib

import pytest
from django.utils import translation

from unseen.domain.feed import Verdict
from unseen.domain.fingerprint import Fingerprint
from unseen.door.status import status_of
from unseen.exchange import due
from unseen.exchange.actions.feedback import take
from unseen.exchange.actions.peers import add_peer
from unseen.exchange.models import FeedEntry, Peer
from unseen.exchange.names import names_of
from unseen.hashbank.actions import add_report
from unseen.intake.actions import withdraw_report
from unseen.intake.models import Report
from unseen.intake.tests.reports import NOON, a_report, picture

pytestmark = pytest.mark.django_db


def shared() -> Report:
    report = a_report(picture(Fingerprint(hashlib.sha256(b"a picture").digest(), 77)), share=True)
    add_report(report, NOON)
    due.do_due(NOON, "one")
    return report


def say(verdict: Verdict) -> None:
    for peer in Peer.objects.all():
        take(peer, names_of(peer.secret, [FeedEntry.objects.get().pk])[0], verdict, NOON)


def test_it_tells_that_platforms_have_it_and_stopped_it_and_never_who() -> None:
    for name in ("One Example", "Two Example"):
        add_peer(name, NOON)
    report = shared()
    (first,) = status_of(report).platforms
    assert first.startswith("Platforms that work with us have the fingerprints")
    say(Verdict.BLOCKED)
    assert status_of(report).platforms[1] == "2 platforms told us that they stopped an upload."
    say(Verdict.DISPUTED)
    lines = status_of(report).platforms
    assert lines[-1].startswith("A platform asked us to look again")
    assert "Example" not in str(lines)
    with translation.override("ko"):
        assert "2곳이" in str(status_of(report).platforms)


def test_what_is_not_shared_says_nothing_of_platforms() -> None:
    assert status_of(a_report()).platforms == ()
    report = shared()
    withdraw_report(report, NOON)
    assert status_of(Report.objects.get(pk=report.pk)).platforms == ()
