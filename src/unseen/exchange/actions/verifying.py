"""Writes of verification: one member of staff asks for a higher level of a material, another one allows it."""

from datetime import datetime

from django.db import transaction

from unseen.accounts.actions import ask_about
from unseen.accounts.models import Approval, ApprovalKind, Staff
from unseen.casework.models import Material
from unseen.domain.feed import Level
from unseen.domain.limits import DOCUMENT_CHARACTERS_MAX
from unseen.exchange.models import Verification
from unseen.intake.actions import mark_feed_due
from unseen.intake.models import Report
from unseen.journal import actions as journal
from unseen.keys.box import EMPTY

LEVEL_OF = {ApprovalKind.VERIFY: Level.ORGANISATION, ApprovalKind.LEGAL_ORDER: Level.LEGAL_ORDER}


class NotAsked(Exception):
    """Nothing was asked; the text says why."""


def ask_for(material: Material, kind: ApprovalKind, document: str, by: Staff, now: datetime) -> Approval:
    """Ask that this material be verified; a legal order is named in words. Raises NotAsked."""
    level, document = LEVEL_OF[kind], document.strip()
    if (level == Level.LEGAL_ORDER) is (not document):
        raise NotAsked("a legal order is named by its court, its number and its date; nothing else is")
    if len(document) > DOCUMENT_CHARACTERS_MAX:
        raise NotAsked(f"name the document in at most {DOCUMENT_CHARACTERS_MAX} characters")
    with transaction.atomic():
        before = Verification.objects.filter(material=material.reported, level=level)
        if before.filter(approval__decided_at__isnull=True).exists():
            raise NotAsked("this was asked already and waits for another person")
        if before.filter(approval__allowed=True).exists():
            raise NotAsked("this was allowed already")
        subject = f"{material.case.reference} {material.reported.number}"
        approval = ask_about(kind, subject, by, now)
        Verification.objects.create(
            material=material.reported, level=level, document=document, approval=approval
        )
    return approval


def settle(row: Verification, now: datetime) -> int:
    """What another person decided reaches the feed. Returns 1."""
    with transaction.atomic():
        Verification.objects.filter(pk=row.pk).update(settled_at=now)
        if row.approval.allowed:
            mark_feed_due([row.material.report_id])
            about = journal.about("report", row.material.report_id)
            journal.write("report:material:verified", about, now, level=row.level)
    return 1


def erase(report: Report) -> None:
    """After withdrawal: what a legal order was called."""
    Verification.objects.filter(material__report=report).update(document=EMPTY)
