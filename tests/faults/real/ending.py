"""How a life ended, with every id and time taken out, and all that must never be true of an ending."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connection

from tests.faults.real.kinds import NOON, Kind
from tests.faults.real.wire import read_wire
from unseen import worker
from unseen.casework.models import Case, Item
from unseen.domain.item import NoticeState
from unseen.hashbank.models import BankEntry
from unseen.journal.models import Entry
from unseen.journal.queries import first_broken_entry
from unseen.matching import Bank
from unseen.takedown.models import Attempt, Notice

_RECORD = re.compile(r"What was done before.*?Legal basis", re.DOTALL)
_TIME = re.compile(r"\d\d:\d\d(:\d\d)?")


def ending(folder: Path, kind: Kind) -> dict[str, Any]:
    """`same`: what two lives of a kind must share. `faults`: empty when every promise held. Runs in the last worker."""
    arrived = read_wire(folder)
    notices = list(Notice.objects.select_related("item"))
    names = _names(notices)
    is_batch = len(kind.locations) > 1 and len({one.split("/")[2] for one in kind.locations}) == 1
    # Who carries a batch depends on ids that are drawn: there only what arrived where is the same.
    wire = sorted(
        [one["domain"], place, "" if is_batch else _plain(one, names, kind)]
        for one in arrived
        for place in one["locations"]
    )
    rows = [[one.item.location, one.rung, one.addressee, one.channel, one.state] for one in notices]
    outcomes = [[one.location, one.outcome] for one in Item.objects.all()]
    return {
        # What was on the wire when the person withdrew may have arrived or not: either is right.
        "same": [sorted(outcomes)] if kind.withdraws_after else [sorted(outcomes), sorted(rows), wire],
        "faults": [*_sends(kind, arrived, notices), *_left_over(folder, kind), *_stores(folder)],
        "doubted": Entry.objects.filter(tag="notice:send:doubted").count(),
    }


def _names(notices: list[Notice]) -> dict[str, str]:
    """What was drawn by chance, and what to call it in every life."""
    names = {one.key: f"[{one.item.location} {one.rung}]" for one in notices}
    names |= {one.reference: f"[{one.location}]" for one in Item.objects.all()}
    return names | {one.reference: "[case]" for one in Case.objects.all()}


def _plain(one: dict[str, Any], names: dict[str, str], kind: Kind) -> str:
    text = "\n".join((one["how"], one["id"], one["subject"], one["text"]))
    for drawn, name in names.items():
        text = text.replace(drawn, name)
    if kind.bounces:  # the bounce is read before the proof of delivery, or after it
        text = _RECORD.sub("", text)
    return _TIME.sub("[time]", text)  # a successor is some minutes later


def _sends(kind: Kind, arrived: list[dict[str, Any]], notices: list[Notice]) -> Iterator[str]:
    """Promise 10: nothing lost, nothing doubled, nothing said of a notice that is not so."""
    times = Counter(one["key"] for one in arrived)
    by_key = {one.key: one for one in notices}
    for notice in notices:
        count = times[(notice.carrier or notice).key]
        if notice.state not in (NoticeState.SENT, NoticeState.FAILED):
            yield f"the notice {notice.rung} is left {notice.state}"
        if count > 1 or (not count and notice.state == NoticeState.SENT):
            yield f"the notice {notice.rung} is {notice.state} and arrived {count} times"
    for one in arrived:
        if one["how"].startswith("another"):
            yield one["how"]
        if one["key"] not in by_key:
            yield "a notice arrived that nobody wrote"
        if kind.withdraws_after and one["at"] > (NOON + kind.withdraws_after).isoformat():
            yield "a notice went out after the withdrawal"


def _left_over(folder: Path, kind: Kind) -> Iterator[str]:
    """Nothing is held, asked or unread when all is over."""
    disk_failed = (
        folder / "disk"
    ).exists()  # what a living worker could not finish waits for its lease to run out
    for model in worker.LEASED:
        if not disk_failed and model.objects.exclude(lease_by="").exists():
            yield f"a dead worker still holds a {model.__name__.lower()}"
    if Attempt.objects.filter(ended_at__isnull=True).exists():
        yield "a try has no end"
    if Item.objects.exclude(question="").exists():
        yield "a person is asked for nothing"
    if list((folder / "inbox" / "new").iterdir()):
        yield "a mail was never read"
    wrong = {one.outcome for one in Item.objects.all()} - kind.outcomes
    if wrong:
        yield f"an item ended as {', '.join(sorted(wrong))}"
    if (folder / "failures").exists() and not disk_failed:
        yield "a stage failed"


def _stores(folder: Path) -> Iterator[str]:
    """The journal, the database and the bank are whole, and say the same."""
    if first_broken_entry() is not None:
        yield "the journal is broken"
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        if cursor.fetchall() != [("ok",)]:
            yield "the database is damaged"
    living = BankEntry.objects.filter(removed_at__isnull=True)
    if BankEntry.objects.filter(in_folder=False).exists():
        yield "the folder of the bank was not written"
    bank = Bank.open(folder / "data" / "bank")
    if {int(one) for one in bank.ids()} != set(living.values_list("pk", flat=True)):
        yield "the folder of the bank holds other rows than the table"
    bank.verify()
