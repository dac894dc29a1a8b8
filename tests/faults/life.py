"""One item's life with a worker that dies: who it met, how it ended, and what must be true of every such life."""

import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from django.db import transaction

from tests.faults.killing import IN_FLIGHT_FOR, Killed, MortalOutside, Points, mortal_commits
from unseen import leases
from unseen.casework.models import Item
from unseen.domain.item import NoticeState, Outcome, Stage
from unseen.intake.actions import receive_report, withdraw_report
from unseen.intake.models import Report
from unseen.journal.queries import first_broken_entry
from unseen.takedown.models import Notice
from unseen.takedown.tests.outside import (
    HOST,
    NOON,
    PLATFORM,
    WORKER,
    Outside,
    a_draft,
    bounce,
    claim,
    in_place,
    inbox_in,
    next_due_at,
    refusal,
    tick,
)

LASTS_MAX = timedelta(days=14)
DEATHS_MAX = 20
HOUR = timedelta(hours=1)
SOON = (1, 6 * HOUR)


def _prompt(outside: Outside) -> None:
    outside.removes[PLATFORM] = SOON


def _slow(outside: Outside) -> None:
    outside.removes[PLATFORM] = (2, 12 * HOUR)


def _refuser(outside: Outside) -> None:
    outside.answers[PLATFORM], outside.removes[HOST] = refusal, SOON


def _bouncer(outside: Outside) -> None:
    outside.answers[PLATFORM], outside.removes[HOST] = bounce, SOON


def _claimer(outside: Outside) -> None:
    outside.answers[PLATFORM], outside.removes[HOST] = claim, SOON


def _broken_line(outside: Outside) -> None:
    outside.sends, outside.removes[PLATFORM] = ["after"], SOON


def _lost(outside: Outside) -> None:
    outside.sends, outside.removes[PLATFORM] = ["before"], SOON


def _busy(outside: Outside) -> None:
    outside.sends, outside.removes[PLATFORM] = ["later", "later"], SOON


CHARACTERS: Mapping[str, Callable[[Outside], None]] = {
    "prompt": _prompt,
    "slow": _slow,
    "refuser": _refuser,
    "bouncer": _bouncer,
    "claimer": _claimer,
    "broken line": _broken_line,
    "lost": _lost,
    "busy": _busy,
    "withdrawn": _busy,
}
WITHDRAWS_AFTER = {"withdrawn": timedelta(minutes=10)}


@dataclass(frozen=True)
class End:
    """How a life ended, without its times: two lives are equal when these are."""

    outcome: str
    notices: tuple[tuple[str, str, str], ...]  # rung, addressee, state


@dataclass(frozen=True)
class Life:
    """One life as it was lived. `faults` is empty when every promise held."""

    end: End
    faults: tuple[str, ...]
    trail: tuple[str, ...]
    deaths: int


def live(character: str, deadly: Collection[int] = ()) -> Life:
    """Live a whole life against this character, dying at these points. Nothing of it stays in the database."""
    points = Points(deadly)
    sid = transaction.savepoint()
    try:
        with tempfile.TemporaryDirectory(prefix="unseen-fault-") as folder:
            outside = MortalOutside(inbox_in(Path(folder)), points=points)
            with in_place(outside):
                return _lived(character, outside)
    finally:
        transaction.savepoint_rollback(sid)
        transaction.savepoint_commit(sid)


def _lived(character: str, outside: MortalOutside) -> Life:
    CHARACTERS[character](outside)
    receive_report(a_draft("http://prompt.test/p/1"), may_share=False, now=NOON)
    withdraws_at = NOON + WITHDRAWS_AFTER.get(character, LASTS_MAX)
    with mortal_commits(outside.points):
        deaths = _until_over(outside, withdraws_at)
    faults = (*_faults(outside), *_sent_after(withdraws_at, outside))
    return Life(_end(), faults, tuple(outside.points.trail), deaths)


def _until_over(outside: MortalOutside, withdraws_at: datetime) -> int:
    """Work at each instant at which something is due; a worker that died is replaced at once. How often it died."""
    now, deaths, alive = NOON, 0, True
    while now < NOON + LASTS_MAX and not (alive and _over()):
        try:
            if not alive:
                leases.take_back((Report, Item, Notice), WORKER)  # as a worker does that starts
            alive = True
            outside.arrive(now)
            if now >= withdraws_at:
                withdraw_report(Report.objects.get(), now)
            tick(now)
        except Killed:
            deaths, alive = deaths + 1, False
            assert deaths <= DEATHS_MAX, "it dies again and again"
            continue
        times = [
            next_due_at(),
            withdraws_at if withdraws_at > now else None,
            *(at for at, _ in outside.in_flight),
        ]
        soonest = min((at for at in times if at is not None), default=NOON + LASTS_MAX)
        now = max(soonest, now + timedelta(seconds=1))
    return deaths


def _over() -> bool:
    """Closed, with no notice on its way, and looked at once more after that (or never to be looked at again)."""
    item = Item.objects.first()
    if item is None or item.stage != Stage.CLOSED or Notice.objects.filter(due_at__isnull=False).exists():
        return False
    return item.rechecks_since_closing > 0 or item.due_at is None


def _end() -> End:
    """After a withdrawal a notice may or may not have been out already: a death decides that, and either is right."""
    outcome = Item.objects.get().outcome
    notices = Notice.objects.exclude(item__outcome=Outcome.WITHDRAWN).values_list(
        "rung", "addressee", "state"
    )
    return End(outcome, tuple(sorted(notices)))


def _sent_after(withdrawn_at: datetime, outside: Outside) -> Iterator[str]:
    """Promise 2. What was on the line at that moment cannot be called back."""
    if any(at > withdrawn_at + IN_FLIGHT_FOR for _, _, at in outside.arrived):
        yield "a notice went out after the withdrawal"


def _faults(outside: Outside) -> Iterator[str]:
    """P1 (security.md 2.1): no notice lost, none doubled; nothing held, no question left, the journal whole."""
    arrived = Counter(key for _, key, _ in outside.arrived)
    for notice in Notice.objects.all():
        times = arrived.pop(str(notice.pk), 0)
        if notice.state not in (NoticeState.SENT, NoticeState.FAILED):
            yield f"the notice {notice.rung} is left {notice.state}"
        if times > 1 or (times == 0 and notice.state == NoticeState.SENT):
            yield f"the notice {notice.rung} is {notice.state} and arrived {times} times"
    yield from (f"a notice arrived {times} times and nobody wrote it" for times in arrived.values())
    for model in (Report, Item, Notice):
        if model.objects.exclude(lease_by="").exists():
            yield f"a dead worker still holds a {model.__name__.lower()}"
    if list((outside.inbox / "new").iterdir()):
        yield "a mail was never read"
    if Item.objects.exclude(question="").exists():
        yield "a person is asked for nothing"
    if first_broken_entry() is not None:
        yield "the journal is broken"


@cache
def untouched(character: str) -> Life:
    """The life in which nobody dies: what all others are compared with."""
    return live(character)
