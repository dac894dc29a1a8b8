import pytest

from unseen.domain.feed import FeedOperation
from unseen.exchange import due
from unseen.exchange.models import FeedRow
from unseen.hashbank.actions import add_report
from unseen.intake.actions import consent
from unseen.intake.models import Report
from unseen.intake.tests.reports import NOON, a_report

pytestmark = pytest.mark.django_db


def decide(report: Report, *, may_share: bool) -> None:
    consent(report, may_share=may_share, may_watch=True, may_tell_police=False, now=NOON)
    due.do_due(NOON, "w")


def operations() -> list[str]:
    return list(FeedRow.objects.order_by("pk").values_list("operation", flat=True))


def test_a_consent_taken_back_reaches_the_feed() -> None:
    report = a_report(share=True)
    add_report(report, NOON)
    due.do_due(NOON, "w")
    assert operations() == [FeedOperation.ADD]
    decide(report, may_share=False)
    assert operations() == [FeedOperation.ADD, FeedOperation.WITHDRAW]
    assert due.do_due(NOON, "w") == 0


def test_a_consent_given_later_feeds_what_was_passed_over() -> None:
    early, late = a_report(), a_report(share=True)
    add_report(early, NOON)
    add_report(late, NOON)
    due.do_due(NOON, "w")
    assert len(operations()) == 1
    decide(early, may_share=True)
    assert operations() == [FeedOperation.ADD] * 2
    assert due.do_due(NOON, "w") == 0
