"""Writes of what is shared: the entries of a report follow its consent, its withdrawal, and what is known of its materials."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from unseen.domain.feed import EntryState, Level, action_at, expires_at, may_be_shared
from unseen.domain.report import AgeBand
from unseen.exchange import queries
from unseen.exchange.harmless import is_degenerate, is_harmless
from unseen.exchange.models import FeedEntry, FeedLine
from unseen.hashbank.models import BankEntry
from unseen.intake.actions import mark_feed_done
from unseen.intake.models import Report, ReportedMaterial
from unseen.journal import actions as journal
from unseen.keys import queries as keys


@dataclass(frozen=True, slots=True)
class _Thing:
    """What may be shared of a material: a picture's fingerprint, or all frames of a film in one form."""

    material: ReportedMaterial
    bank_entry: BankEntry | None
    variant: str
    harmless: bool

    @property
    def key(self) -> tuple[UUID, int | None, str]:
        return self.material.pk, self.bank_entry.pk if self.bank_entry else None, self.variant


def follow(report: Report, now: datetime) -> int:
    """Let the entries of this report say what they may say now. Returns how many were changed."""
    with transaction.atomic():
        locked = Report.objects.select_for_update(no_key=True).get(pk=report.pk)
        mark_feed_done(locked)
        wanted = {thing.key: thing for thing in _things(locked)}
        standing = queries.standings(locked)
        minor = locked.age_band != AgeBand.ADULT
        journal.one_at_a_time()  # a list that has read up to a change must never have missed a lower one
        live = FeedEntry.objects.filter(material__report=locked).exclude(state=EntryState.WITHDRAWN)
        have = {(row.material_id, row.bank_entry_id, row.variant): row for row in live}
        changed = [row for key, row in have.items() if key not in wanted]
        for row in changed:
            row.state = EntryState.WITHDRAWN
        withdrawn = len(changed)
        for key, thing in wanted.items():
            level = standing[thing.material.pk].level
            row = have.get(key) or _new(thing, now)
            if _raised(row, level, minor=minor, harmless=thing.harmless):
                changed.append(row)
        _store(changed)
        _tell("feed:entries:withdrawn", withdrawn, now)
        _tell("feed:entries:changed", len(changed) - withdrawn, now)
    return len(changed)


def _tell(tag: str, count: int, now: datetime) -> None:
    if count:
        journal.write(tag, journal.about("feed", "ours"), now, entries=count)


def _new(thing: _Thing, now: datetime) -> FeedEntry:
    return FeedEntry(
        material=thing.material,
        bank_entry=thing.bank_entry,
        variant=thing.variant,
        state=EntryState.LIVE,
        added_at=now,
    )


def _raised(row: FeedEntry, level: Level, *, minor: bool, harmless: bool) -> bool:
    """Bring the row to this level; whether that changed anything."""
    action, end = action_at(level, minor=minor, harmless=harmless), expires_at(level, row.added_at)
    before = None if row._state.adding else (row.level, row.action, row.expires_at)  # noqa: SLF001 - Django's documented mark of a new row
    row.level, row.action, row.expires_at = level, action, end
    return before != (level, action, end)


def set_state(rows: Sequence[FeedEntry], state: EntryState) -> None:
    """Suspend entries, or let them be again. In the caller's transaction, which tells it and holds the journal."""
    for row in rows:
        row.state = state
    _store(rows)


def _store(rows: Sequence[FeedEntry]) -> None:
    """Each changed row gets the next number. What is withdrawn is erased from every list at once."""
    last = queries.last_change()
    for number, row in enumerate(rows, start=last + 1):
        row.change = number
        row.save()
    gone = [row.pk for row in rows if row.state == EntryState.WITHDRAWN]
    FeedLine.objects.filter(feed_entry__in=gone).exclude(salt=b"").update(salt=b"")


def _things(report: Report) -> Iterator[_Thing]:
    if not report.may_share or report.withdrawn_at is not None:
        return
    rows = BankEntry.objects.filter(material__report=report, removed_at__isnull=True)
    pictures, films = list[BankEntry](), dict[tuple[object, str], BankEntry]()
    for row in rows.select_related("material").order_by("pk"):
        if row.at_s is None:
            pictures.append(row)
        else:
            films[row.material_id, row.variant] = row
    keys.warm(pictures)
    pdqs = [row.pdq for row in pictures]
    checks = zip(pictures, is_degenerate(pdqs), is_harmless(pdqs), strict=True)
    for row, degenerate, harmless in checks:
        if may_be_shared(quality=row.quality, consented=True, withdrawn=False, degenerate=degenerate):
            yield _Thing(row.material, row, row.variant, harmless)
    for row in films.values():  # its frames are checked one by one when they become lines
        yield _Thing(row.material, None, row.variant, harmless=False)
