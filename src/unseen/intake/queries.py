"""Reads of reports."""

from unseen.intake.models import Message, Report
from unseen.intake.receipts import Receipt, fits, read_receipt


def report_of(receipt_text: str, pin: str = "") -> Report | None:
    """The report that this receipt opens. An unknown and a wrong receipt cost the same and answer the same."""
    receipt = read_receipt(receipt_text)
    return None if receipt is None else report_with(receipt, pin)


def report_with(receipt: Receipt, pin: str = "") -> Report | None:
    """The same for a receipt that was read already."""
    report = Report.objects.filter(locator=receipt.locator).first()
    return report if fits(receipt, report.receipt_digest if report else None, pin) else None


def messages_of(report: Report) -> list[Message]:
    """What reporter and centre wrote, the oldest first."""
    return list(Message.objects.filter(report=report).order_by("at", "pk"))
