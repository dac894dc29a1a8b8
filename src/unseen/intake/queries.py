"""Reads of reports."""

from unseen.intake.models import Report
from unseen.intake.receipts import fits, read_receipt


def report_of(receipt_text: str) -> Report | None:
    """The report that this receipt opens. An unknown and a wrong receipt cost the same and answer the same."""
    receipt = read_receipt(receipt_text)
    if receipt is None:
        return None
    report = Report.objects.filter(locator=receipt.locator).first()
    return report if fits(receipt, report.receipt_digest if report else None) else None
