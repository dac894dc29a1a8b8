import logging

import pytest
from argon2 import extract_parameters

from unseen.intake import receipts
from unseen.intake.models import Report
from unseen.intake.queries import report_of
from unseen.intake.receipts import Receipt, digest_of, fits, new_receipt, read_receipt
from unseen.intake.tests.reports import file_report


def test_a_receipt_is_five_groups_of_four_without_lookalikes() -> None:
    groups = new_receipt().text.split("-")
    assert [len(group) for group in groups] == [4] * 5
    assert not set("".join(groups)) & set("ILOU")


def test_two_receipts_differ() -> None:
    assert new_receipt().text != new_receipt().text


@pytest.mark.parametrize(
    "typed",
    [
        "0123-4567-89AB-CDEF-GH1J",
        "0123 4567 89ab cdef gh1j",
        " oi23456789abcdefghlj\r\n",
        "O123\N{EN DASH}4567\N{NON-BREAKING HYPHEN}89AB\N{NO-BREAK SPACE}CDEF--GHIJ",
    ],
)
def test_case_spaces_dashes_and_lookalikes_are_forgiven(typed: str) -> None:
    assert read_receipt(typed) == Receipt("01234567", "89ABCDEFGH1J")


@pytest.mark.parametrize(
    "typed", ["", "0123", "U123-4567-89AB-CDEF-GH1J", "\x00" * 20, "0" * 21, "A" * 10_000]
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
    assert row["receipt_digest"].startswith("$argon2id$")


@pytest.mark.django_db
def test_a_wrong_and_an_unknown_receipt_cost_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    _, receipt = file_report()
    verified: list[str] = []

    class Counted:
        def verify(self, stored: str, secret: str) -> bool:
            verified.append(stored)
            return real.verify(stored, secret)

    real = receipts._hasher
    monkeypatch.setattr(receipts, "_hasher", Counted())
    for text in (Receipt(receipt.locator, "0" * 12).text, Receipt("00000000", "0" * 12).text):
        verified.clear()
        assert report_of(text) is None
        assert len(verified) == 1
        assert extract_parameters(verified[0]) == extract_parameters(real.hash("anything"))


def test_a_damaged_digest_opens_nothing() -> None:
    receipt = new_receipt()
    assert fits(receipt, digest_of(receipt))
    assert not fits(receipt, "no digest at all")
    assert not fits(receipt, None)
