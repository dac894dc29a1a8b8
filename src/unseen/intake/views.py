"""The intake API: a report in, a receipt out, and withdrawal. No picture, no file name, no account."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Router, Schema, Status

from unseen.clock import now
from unseen.domain.report import BadReport
from unseen.intake import actions, queries
from unseen.intake.parsing import read_report

router = Router(tags=["intake"])
Answer = Status[dict[str, Any]]


class ReceiptOut(Schema):
    """The receipt, shown once."""

    receipt: str


class ReceiptIn(Schema):
    """The receipt of an earlier report."""

    receipt: str


class Problem(Schema):
    """What happened, to which input, and what to do."""

    problem: str


class Done(Schema):
    """The request was carried out."""

    done: bool


@router.post("/reports", response={201: ReceiptOut, 400: Problem}, auth=None)
def file_report(request: HttpRequest) -> Answer:
    """Take a report: fingerprints made on the reporter's device, and locations."""
    try:
        draft, may_share = read_report(request.body, frozenset(settings.UNSEEN.fetch_ports))
    except BadReport as error:
        return Status(400, {"problem": str(error)})
    receipt = actions.receive_report(draft, may_share=may_share, now=now())
    return Status(201, {"receipt": receipt.text})


@router.post("/withdrawals", response={200: Done, 404: Problem}, auth=None)
def withdraw(request: HttpRequest, body: ReceiptIn) -> Answer:
    """Stop everything about an earlier report."""
    report = queries.report_of(body.receipt)
    if report is None:
        return Status(404, {"problem": "no report belongs to this receipt: check the letters and digits"})
    actions.withdraw_report(report, now())
    return Status(200, {"done": True})
