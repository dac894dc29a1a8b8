"""Writes about reports: take one, change its consents, exchange messages, withdraw it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from unseen.domain.limits import MESSAGE_CHARACTERS_MAX, MESSAGES_PER_REPORT_MAX
from unseen.domain.report import AgeBand, ReportDraft
from unseen.intake.models import Message, Report, ReportedFingerprint, ReportedLocation, ReportedMaterial
from unseen.intake.receipts import Receipt, digest_of, fits, new_receipt, receipt_from
from unseen.journal import actions as journal
from unseen.keys import actions as keys
from unseen.keys.queries import key_of
from unseen.leases import let_go


class NotTaken(ValueError):
    """A message cannot be taken; the text says what to do."""


def receive_report(
    draft: ReportDraft,
    *,
    may_share: bool,
    now: datetime,
    may_watch: bool = True,
    may_tell_police: bool = False,
    receipt: Receipt | None = None,
    pin: str = "",
) -> Receipt:
    """Store the report whole, and give the receipt that is shown once.

    `receipt`: the one that it shall have. If a report has it already, the same form came twice, and nothing is stored.
    """
    receipt, is_there = _free_or_same(receipt or new_receipt(), pin)
    if is_there:
        return receipt
    with transaction.atomic():
        # Two forms at the very same instant: the database refuses the second one whole (IntegrityError).
        report = Report.objects.create(
            locator=receipt.locator,
            received_at=now,
            receipt_digest=digest_of(receipt, pin),
            age_band=draft.age_band,
            may_share=may_share,
            may_watch=may_watch,
            may_tell_police=may_tell_police,
            feed_due=may_share,
            due_at=now,
        )
        keys.make([report.pk])
        _store_materials(report, draft)
        mark = key_of(report.pk).mark
        ReportedLocation.objects.bulk_create(
            ReportedLocation(report=report, text=text, mark=mark(text)) for text in draft.locations
        )
        journal.write(
            "report:intake:received",
            journal.about("report", report.pk),
            now,
            materials=len(draft.materials),
            locations=len(draft.locations),
        )
    return receipt


def _free_or_same(receipt: Receipt, pin: str) -> tuple[Receipt, bool]:
    """This receipt, and whether a report has it already.

    Where another report has its locator by chance (40 bits), the next one of the same chain is taken.
    """
    while True:
        digests = Report.objects.filter(locator=receipt.locator).values_list("receipt_digest", flat=True)
        taken = digests.first()
        if taken is None or fits(receipt, taken, pin):
            return receipt, taken is not None
        receipt = receipt_from(receipt.text.encode())


def _store_materials(report: Report, draft: ReportDraft) -> None:
    rows = [
        ReportedMaterial(report=report, number=number, kind=material.kind)
        for number, material in enumerate(draft.materials, start=1)
    ]
    ReportedMaterial.objects.bulk_create(rows)
    ReportedFingerprint.objects.bulk_create(
        ReportedFingerprint(
            material=row,
            pdq=fingerprint.pdq,
            quality=fingerprint.quality,
            variant=fingerprint.variant,
            at_s=fingerprint.at_s,
        )
        for row, material in zip(rows, draft.materials, strict=True)
        for fingerprint in material.fingerprints
    )


def withdraw_report(report: Report, now: datetime) -> bool:
    """The person says stop. Every later stage finds the mark and stops; False when it was withdrawn before."""
    with transaction.atomic():
        changed = Report.objects.filter(pk=report.pk, withdrawn_at__isnull=True).update(
            withdrawn_at=now, due_at=now, feed_due=True
        )
        if changed:
            journal.write("report:intake:withdrawn", journal.about("report", report.pk), now)
    return bool(changed)


def destroy_report(report: Report, now: datetime) -> None:
    """After withdrawal, when every stage has erased its part: what was reported, and the key."""
    with transaction.atomic():
        ReportedFingerprint.objects.filter(material__report=report).delete()
        ReportedLocation.objects.filter(report=report).delete()
        Message.objects.filter(report=report).delete()
        Report.objects.filter(pk=report.pk).update(
            age_band=AgeBand.UNKNOWN,
            may_share=False,
            may_watch=False,
            may_tell_police=False,
            feed_due=False,
            destroyed_at=now,
            due_at=None,
            lease_by="",
            lease_until=None,
        )
        keys.destroy(report.pk)
        journal.write("report:key:destroyed", journal.about("report", report.pk), now)


def mark_cleared(destroyed_by: datetime, now: datetime) -> int:
    """What the database had left of reports destroyed until then is gone from the disk. Returns how many they are."""
    gone = Report.objects.filter(destroyed_at__lte=destroyed_by, cleared_at__isnull=True)
    return gone.update(cleared_at=now)


def consent(
    report: Report, *, may_share: bool, may_watch: bool, may_tell_police: bool, now: datetime
) -> bool:
    """The person decides anew who may be told what; False when nothing changed or the report was withdrawn."""
    with transaction.atomic():
        row = Report.objects.select_for_update().get(pk=report.pk)
        before = (row.may_share, row.may_watch, row.may_tell_police)
        if row.withdrawn_at is not None or before == (may_share, may_watch, may_tell_police):
            return False
        row.feed_due = row.feed_due or may_share != row.may_share
        row.may_share, row.may_watch, row.may_tell_police = may_share, may_watch, may_tell_police
        row.save(update_fields=["may_share", "may_watch", "may_tell_police", "feed_due"])
        journal.write(
            "report:intake:consented",
            journal.about("report", row.pk),
            now,
            may_share=may_share,
            may_watch=may_watch,
            may_tell_police=may_tell_police,
        )
    return True


def say(report: Report, text: str, from_centre: bool, now: datetime) -> Message:
    """A message between reporter and centre. The journal learns that there is one, not what it says. Raises NotTaken."""
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not text:
        raise NotTaken("the message is empty: write a word or two")
    if len(text) > MESSAGE_CHARACTERS_MAX:
        raise NotTaken(
            f"the message has {len(text)} characters; at most {MESSAGE_CHARACTERS_MAX} are taken: send two"
        )
    with transaction.atomic():
        row = Report.objects.select_for_update().get(pk=report.pk)
        if row.withdrawn_at is not None:
            raise NotTaken("the report was withdrawn, so no more messages are kept")
        if row.messages.count() >= MESSAGES_PER_REPORT_MAX:
            raise NotTaken(
                f"this report has {MESSAGES_PER_REPORT_MAX} messages, and no more are taken: call the centre"
            )
        message = Message.objects.create(report=row, at=now, from_centre=from_centre, text=text)
        journal.write("report:intake:said", journal.about("report", row.pk), now, from_centre=from_centre)
    return message


def date_back(now: datetime) -> int:
    """A clock that ran ahead is right again: no report waits for a later time."""
    return Report.objects.filter(due_at__gt=now).update(due_at=now)


def settle_report(report: Report) -> None:
    """The stages that take reports up are done with it. One that was withdrawn meanwhile stays due, and is free."""
    held = Report.objects.filter(pk=report.pk, lease_by=report.lease_by)
    with transaction.atomic():
        held.filter(withdrawn_at=report.withdrawn_at).update(due_at=None)
        held.update(lease_until=None, lease_by="")


def give_back(reports: Sequence[Report]) -> None:
    """Nothing was done with them: they are as due as they were, and free."""
    let_go(Report.objects.all(), reports)


def mark_banked(report: Report, now: datetime) -> None:
    """Its fingerprints stand in the hash bank."""
    Report.objects.filter(pk=report.pk).update(banked_at=now)


def mark_unbanked(report: Report, now: datetime) -> None:
    """After withdrawal: its fingerprints were taken out of the hash bank."""
    Report.objects.filter(pk=report.pk).update(unbanked_at=now)


def mark_feed_due(reports: Collection[UUID]) -> None:
    """Something changed that decides what the feed says of these reports."""
    Report.objects.filter(pk__in=reports, may_share=True).update(feed_due=True)


def mark_feed_done(report: Report) -> None:
    """The feed says what it may say of this report. Its row is locked by the caller."""
    Report.objects.filter(pk=report.pk).update(feed_due=False)
