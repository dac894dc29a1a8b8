import hmac
import logging
from collections.abc import Callable
from typing import Any

import pytest

from unseen.domain.report import AgeBand, ReportDraft
from unseen.intake import receipts
from unseen.intake.actions import receive_report
from unseen.intake.models import Report
from unseen.intake.queries import report_of
from unseen.intake.receipts import Receipt, digest_of, fits, new_receipt, read_receipt
from unseen.intake.tests.reports import NOON, file_report, picture


def test_a_receipt_is_six_groups_of_four_without_lookalikes() -> None:
    groups = new_receipt().text.split("-")
    assert [len(group) for group in groups] == [4] * 6
    assert not set("".join(groups)) & set("ILOU")


def test_two_receipts_differ() -> None:
    assert new_receipt().text != new_receipt().text


@pytest.mark.parametrize(
    "typed",
    [
        "0123-4567-89AB-CDEF-GH1J-KMNP",
        "0123 4567 89ab cdef gh1j kmnp",
        " oi23456789abcdefghljkmnp\r\n",
        "O123\N{EN DASH}4567\N{NON-BREAKING HYPHEN}89AB\N{NO-BREAK SPACE}CDEF--GHIJ\N{MINUS SIGN}KMNP",
    ],
)
def test_case_spaces_dashes_and_lookalikes_are_forgiven(typed: str) -> None:
    assert read_receipt(typed) == Receipt("01234567", "89ABCDEFGH1JKMNP")


@pytest.mark.parametrize(
    "typed", ["", "0123", "U123-4567-89AB-CDEF-GH1J-KMNP", "\x00" * 24, "0" * 25, "A" * 10_000]
)
def test_what_cannot_be_a_receipt_is_none(typed: str) -> None:
    assert read_receipt(typed) is None


def test_a_receipt_never_prints_itself(caplog: pytest.LogCaptureFixture) -> None:
    receipt = new_receipt()
    logging.getLogger("unseen.test").error("here is %s %r", receipt, receipt)
    shown = f"{receipt} {receipt!r} {[receipt]}" + caplog.text
    assert receipt.secret not in shown
    assert receipt.locator not in shown


@pytest.mark.django_db
def test_the_receipt_opens_its_report_and_no_other_does() -> None:
    report, receipt = file_report()
    other, other_receipt = file_report()
    assert report_of(receipt.text) == report
    assert report_of(other_receipt.text.lower()) == other
    assert report_of(Receipt(receipt.locator, other_receipt.secret).text) is None
    assert report_of(new_receipt().text) is None
    assert report_of("what was it again?") is None


@pytest.mark.django_db
def test_the_secret_is_not_stored() -> None:
    report, receipt = file_report()
    row = Report.objects.filter(pk=report.pk).values().get()
    assert receipt.secret not in str(row)
    assert len(row["receipt_digest"]) == 64


@pytest.mark.django_db
def test_a_wrong_and_an_unknown_receipt_cost_the_same(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Callable[[int], Any]
) -> None:
    """The work is counted, not timed: the same look-ups, digests and comparisons."""
    _, receipt = file_report()
    done: list[str] = []
    real_digest, real_compare = receipts.digest_of, hmac.compare_digest

    def digest(receipt: Receipt, pin: str = "") -> str:
        done.append("digest")
        return real_digest(receipt, pin)

    def compare(one: str, other: str) -> bool:
        done.append(f"{len(one)}/{len(other)}")
        return real_compare(one, other)

    monkeypatch.setattr(receipts, "digest_of", digest)
    monkeypatch.setattr(hmac, "compare_digest", compare)
    for wrong in (Receipt(receipt.locator, "0" * 16), Receipt("00000000", "0" * 16)):
        done.clear()
        with django_assert_num_queries(1):
            assert report_of(wrong.text) is None
        assert done == ["digest", "64/64"]


@pytest.mark.django_db
def test_a_pin_is_needed_where_one_was_chosen() -> None:
    draft = ReportDraft(AgeBand.ADULT, (picture(),), ())
    receipt = receive_report(draft, may_share=False, now=NOON, pin="0417")
    assert report_of(receipt.text) is None
    assert report_of(receipt.text, "0418") is None
    assert report_of(receipt.text, "0417") is not None


@pytest.mark.django_db
def test_a_locator_that_is_taken_by_chance_leads_to_the_next_receipt() -> None:
    draft = ReportDraft(AgeBand.ADULT, (picture(),), ())
    other, receipt = file_report()
    clash = Receipt(receipt.locator, "0" * 16)
    given = [receive_report(draft, may_share=False, now=NOON, receipt=clash) for _ in range(2)]
    assert given[0] == given[1] != clash
    assert Report.objects.count() == 2
    assert report_of(given[0].text) not in (None, other)
    assert report_of(receipt.text) == other


def test_a_damaged_digest_opens_nothing() -> None:
    receipt = new_receipt()
    assert fits(receipt, digest_of(receipt))
    assert not fits(receipt, "no digest at all")
    assert not fits(receipt, None)
