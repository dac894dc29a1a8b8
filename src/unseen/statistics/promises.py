"""The ten promises, each checked on the living tables. `unseen doctor` prints what they answer."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery

from unseen.casework.models import Item
from unseen.domain.feed import EntryState
from unseen.domain.item import NoticeState, Outcome, Stage
from unseen.domain.limits import LEASE, PROOF_COUNTRIES_MIN, PROOF_VANTAGES_MIN
from unseen.domain.notice import Rung
from unseen.domain.recheck import GONE_KINDS, FindingKind
from unseen.domain.schedule import deadline_for
from unseen.evidence.queries import first_altered_exhibit
from unseen.exchange.models import FeedEntry, Peer
from unseen.intake.models import Report
from unseen.journal.queries import entries_of_kind, first_broken_entry
from unseen.statistics.promise import Verdict, named, verdict
from unseen.statistics.promise_privacy import nothing_points_to_a_person, the_picture_stays_with_the_reporter
from unseen.statistics.promise_search import search_misses_nothing
from unseen.takedown import queries as takedown
from unseen.takedown.models import Attempt, Finding, Notice, Recheck

CHUNK_ROWS = 2_000


def nothing_is_sent_after_withdrawal(now: datetime) -> Verdict:
    """No try to send began after the stop, and what was withdrawn is withdrawn in the feed a lease later."""
    late = Attempt.objects.filter(
        Q(began_at__gt=F("notice__item__case__withdrawn_at"))
        | Q(began_at__gt=F("notice__item__withdrawn_at"))
        | Q(began_at__gt=F("notice__item__case__report__withdrawn_at"))
    )
    stopped_before = FeedEntry.objects.filter(material__report__withdrawn_at__lt=now - LEASE)
    behind = Peer.objects.filter(revoked_at__isnull=True, told__lt=OuterRef("change"))
    silent = stopped_before.filter(~Q(state=EntryState.WITHDRAWN) | Exists(behind))
    faults = named("tries to send after the stop, of notices", list(late.values_list("notice_id", flat=True)))
    faults += named(
        "feed entries whose withdrawal a peer was not told", list(silent.values_list("pk", flat=True))
    )
    stopped = Report.objects.filter(withdrawn_at__isnull=False).count()
    return verdict(
        f"{stopped} reports withdrawn, nothing sent since, every feed entry of theirs withdrawn", faults
    )


def no_rung_twice(now: datetime) -> Verdict:
    """One notice for each addressee of a rung in a round, and one delivery for each notice."""
    rungs = (
        Notice.objects.values("item_id", "round", "rung", "addressee")
        .annotate(count=Count("pk"))
        .filter(count__gt=1)
    )
    delivered = Attempt.objects.filter(result="delivered").values("notice_id").annotate(count=Count("pk"))
    faults = named("items with a rung used twice", [row["item_id"] for row in rungs])
    faults += named("notices delivered twice", [row["notice_id"] for row in delivered.filter(count__gt=1)])
    return verdict(f"{Notice.objects.count()} notices, each rung of a round once", faults)


def every_open_item_is_due(now: datetime) -> Verdict:
    """A due time or a named person."""
    open_items = Item.objects.exclude(stage=Stage.CLOSED)
    lost = open_items.filter(due_at__isnull=True, person__isnull=True)
    return verdict(
        f"{open_items.count()} open items, each with a due time or a person",
        named("open items that nobody will look at", list(lost.values_list("pk", flat=True))),
    )


def removed_is_proven(now: datetime) -> Verdict:
    """The last look before closing said gone, proven from enough vantages in enough countries."""
    before = Recheck.objects.filter(item=OuterRef("pk"), at__lte=OuterRef("closed_at")).order_by("-at", "-pk")
    removed = Item.objects.filter(outcome=Outcome.REMOVED)
    look = dict(removed.annotate(look=Subquery(before.values("pk")[:1])).values_list("look", "pk"))
    proven = set()
    looks = [pk for pk in look if pk is not None]
    for start in range(0, len(looks), CHUNK_ROWS):
        proof = Finding.objects.filter(
            recheck__in=looks[start : start + CHUNK_ROWS],
            recheck__conclusion=FindingKind.GONE,
            is_proof=True,
            kind__in=sorted(GONE_KINDS),
        )
        counts = proof.values("recheck_id").annotate(
            vantages=Count("vantage", distinct=True), countries=Count("country", distinct=True)
        )
        enough = counts.filter(vantages__gte=PROOF_VANTAGES_MIN, countries__gte=PROOF_COUNTRIES_MIN)
        proven |= {look[row["recheck_id"]] for row in enough}
    unproven = sorted(set(removed.values_list("pk", flat=True)) - proven)
    return verdict(
        f"{len(proven)} removed items, each proven from {PROOF_VANTAGES_MIN} vantages in {PROOF_COUNTRIES_MIN} countries",
        named("removed items without proof", unproven),
    )


def the_journal_explains_everything(now: datetime) -> Verdict:
    """The chain holds, exhibits are as they were stored, and the journal ends where each item stands."""
    faults = [f"the journal was changed at entry {broken}"] if (broken := first_broken_entry()) else []
    faults += [f"exhibit {altered} was changed"] if (altered := first_altered_exhibit()) else []
    told: dict[int, tuple[str, str, int]] = {}
    count = 0
    for subject, entry in entries_of_kind("item"):
        count += 1
        if entry.tag.startswith("item:") and "stage" in entry.data:
            facts = entry.data
            told[int(subject)] = (facts["stage"], facts.get("outcome", ""), facts["round"])
    rows = Item.objects.values_list("pk", "stage", "outcome", "round").iterator(chunk_size=CHUNK_ROWS)
    stands = {pk: (stage, outcome, round_) for pk, stage, outcome, round_ in rows}
    faults += named(
        "items that stand elsewhere than the journal says",
        [pk for pk, state in stands.items() if told.get(pk) != state],
    )
    faults += named(
        "items that the journal knows and the table does not", sorted(told.keys() - stands.keys())
    )
    return verdict(f"the chain holds; {count} entries lead to where {len(stands)} items stand", faults)


def deadlines_are_those_of_the_law(now: datetime) -> Verdict:
    """Receipt plus the hours of the stored versions of law and ladder, where the directory still has them."""
    directory = takedown.directory()
    laws = directory.laws
    wrong: list[object] = []
    older = count = 0
    versions = ("deadline_law", "deadline_law_version", "deadline_ladder_version")
    sent = Notice.objects.filter(state=NoticeState.SENT).values_list(
        "pk", "rung", "received_at", "deadline_at", *versions
    )
    for pk, rung, received_at, deadline_at, law_id, version, ladder in sent.iterator(chunk_size=CHUNK_ROWS):
        count += 1
        law = laws.get(law_id)
        rule = directory.rule(Rung(rung)) if ladder else None  # without one the law's own hours count
        if law is None or law.version != version or (rule is not None and rule.version != ladder):
            older += 1
        elif deadline_at != deadline_for(law, received_at, rule).at:
            wrong.append(pk)
    kept = f", {older} under a version that the directory no longer has" if older else ""
    return verdict(
        f"{count} deadlines as the law in force at receipt says{kept}",
        named("wrong deadlines, of notices", wrong),
    )


def no_work_is_lost(now: datetime) -> Verdict:
    """No notice hangs in sending, and every try ended or is still held."""
    sending = Notice.objects.filter(state=NoticeState.SENDING)
    nobody = sending.filter(due_at__isnull=True, carrier__isnull=True)  # what is carried shares a fate
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now - LEASE)
    stuck = sending.filter(free, due_at__lt=now - 2 * LEASE)
    settled = Attempt.objects.filter(ended_at__isnull=True).exclude(notice__state=NoticeState.SENDING)
    faults = named("notices in sending that nobody will look up", list(nobody.values_list("pk", flat=True)))
    faults += named(
        "notices in sending for longer than a lease (is a worker running?)",
        list(stuck.values_list("pk", flat=True)),
    )
    faults += named(
        "tries without an end, of settled notices", list(settled.values_list("notice_id", flat=True))
    )
    return verdict(f"{Attempt.objects.count()} tries to send, each ended or in hand", faults)


Promise = Callable[[datetime], Verdict]
PROMISES: Mapping[str, Promise] = MappingProxyType(
    {
        "1 The picture never leaves the reporter's device; neither does its file name": the_picture_stays_with_the_reporter,
        "2 After withdrawal nothing more is sent, and every feed says so": nothing_is_sent_after_withdrawal,
        "3 No rung gets the same notice twice unless a person says so": no_rung_twice,
        "4 Every open item has a due time or a named person": every_open_item_is_due,
        "5 Unknown never counts as gone; removed needs proof from two vantages": removed_is_proven,
        "6 Search misses nothing within the radius": search_misses_nothing,
        "7 The journal only grows, and it explains every state": the_journal_explains_everything,
        "8 A deadline is the one in force when the valid notice arrived": deadlines_are_those_of_the_law,
        "9 Nothing in a feed, a log, a page title or a statistic points to a person": nothing_points_to_a_person,
        "10 A killed worker loses no work and repeats no notice": no_work_is_lost,
    }
)
