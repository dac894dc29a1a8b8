"""Several notices as one: who travels with whom. One of them carries the others; each stays a notice of its own item.

A batch holds one case, so that one lock stops it and nobody's withdrawal touches another person's notice
(docs/decisions/0029-*.md).
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from unseen.casework.models import Item
from unseen.domain.batch import Limits, Piece, split
from unseen.domain.item import NoticeState
from unseen.domain.limits import BATCH_ITEMS_MAX
from unseen.domain.notice import NoUsableLaw, Rung
from unseen.journal import actions as journal
from unseen.takedown import compose, queries
from unseen.takedown.directory.party import Addressee, ChannelKind
from unseen.takedown.models import NOT_LOADED, Attempt, Notice
from unseen.takedown.texts import NoticeRefused

_ALIKE = ("addressee", "to", "channel", "rung", "language", "round")


def members(notice: Notice) -> list[Notice]:
    """The notice and those that it carries and that stand where it stands, in the order in which its text names them.

    Some may have arrived when the carrier itself was not loaded: they go no further with it.
    """
    return [one for one in everyone(notice) if one.state == notice.state]


def everyone(notice: Notice) -> list[Notice]:
    """The notice and all that its last text named: whom an answer to it is about."""
    if not carries(notice):
        return [notice]  # nearly all: no look at the table
    return [notice, *notice.carried.select_related("item__case").order_by("pk")]


def remember(notice: Notice, going: Sequence[Notice]) -> None:
    """Keep whom the edition that goes out now names: an answer to it may come when each stands elsewhere."""
    if len(going) > 1:
        notice.named = {**notice.named, str(notice.edition): [str(one.pk) for one in going]}
        Notice.objects.filter(pk=notice.pk).update(named=notice.named)


def named_by(notice: Notice, edition: int) -> list[Notice]:
    """All that this edition of the notice named. Of one that nobody kept: all that its last text named."""
    keys = notice.named.get(str(edition))
    if keys is None:
        return [notice] if edition < notice.edition and notice.named else everyone(notice)
    others = (
        Notice.objects.filter(pk__in=keys).exclude(pk=notice.pk).select_related("item__case").order_by("pk")
    )
    return [notice, *others]


def key_on_the_wire(notice: Notice) -> str:
    """The id under which it went out last: its own, or that of the latest edition of its carrier that named it."""
    carrier = notice.carrier
    if carrier is None:
        return notice.key
    editions = [int(edition) for edition, keys in carrier.named.items() if str(notice.pk) in keys]
    return carrier.key_of(max(editions, default=carrier.edition))


def carries(notice: Notice) -> bool:
    """Whether its text names more than its own item."""
    return int(notice.particulars.get("items", 1)) > 1


def companions(notice: Notice) -> list[Notice]:
    """Who may go with a notice that is about to be sent alone: those that wait for the same addressee.

    Call it while the report is locked: whoever sends for this case waits for that.
    """
    limits = queries.limits_of(notice)
    if not limits.several or not _fresh(notice):
        return []
    waiting = Notice.objects.filter(
        item__case=notice.item.case_id,
        state=NoticeState.READY,
        carrier__isnull=True,
        carried__isnull=True,
        **{name: getattr(notice, name) for name in _ALIKE},
    ).exclude(pk=notice.pk)
    waiting = waiting.select_related("item__case__report").order_by("pk")
    record = compose.record_of(notice.item, queries.directory())
    alike = [one for one in waiting[:BATCH_ITEMS_MAX] if one.laws == notice.laws and _fresh(one)]
    same = [one for one in alike if compose.record_of(one.item, queries.directory()) == record]
    return _that_fit(notice, same, limits)


def company_of(notice: Notice) -> tuple[object, ...]:
    """What is the same of all that may go together."""
    return (notice.item.case_id, *(getattr(notice, name) for name in _ALIKE))


def waiting_together(notices: Sequence[Notice]) -> Counter[tuple[object, ...]]:
    """How many wait in the company of each of these notices, itself counted."""
    if not notices:
        return Counter()
    waiting = Notice.objects.filter(
        item__case__in={one.item.case_id for one in notices}, state=NoticeState.READY, carrier__isnull=True
    )
    return Counter(waiting.values_list("item__case", *_ALIKE))


def bind(notice: Notice, others: Sequence[Notice], named: Sequence[Notice], now: datetime) -> bool:
    """Write the text for all of them and let the notice carry the others. False: they cannot go together.

    `named`: the others that its present text names. Who left in between must not be named again.
    """
    before = {one.pk for one in named}
    if {one.pk for one in others} == before:
        return True
    try:
        composed = _composed(notice, others, now)
    except (NoUsableLaw, NoticeRefused):
        return False
    if [law.id for law in composed.laws] != notice.laws:
        return False
    # Another text under an id that was on the wire before would be taken for a replay, or refused.
    values = {
        "subject": composed.text.subject,
        "body": composed.text.body,
        "particulars": composed.particulars,
        "edition": notice.edition + (not _fresh(notice)),
    }
    for name, value in values.items():
        setattr(notice, name, value)
    notice.save(update_fields=[*values])
    joined = [one.pk for one in others if one.pk not in before]
    Notice.objects.filter(pk__in=joined, state=NoticeState.READY, carrier__isnull=True).update(
        carrier=notice, due_at=None, lease_by="", lease_until=None
    )
    for one in others:
        journal.write("notice:batch:joined", journal.about("notice", one.pk), now, carrier=notice.item_id)
    subject = journal.about("notice", notice.pk)
    journal.write("notice:batch:made", subject, now, items=[one.item_id for one in others])
    return True


def release(others: Sequence[Notice], now: datetime) -> None:
    """They go without a carrier, at once. Nothing of them was received."""
    Notice.objects.filter(pk__in=[one.pk for one in others], state=NoticeState.READY).update(
        carrier=None, due_at=now
    )


def _fresh(notice: Notice) -> bool:
    """Whether its id was never on the wire: not tried yet, or not loaded and given a new edition."""
    last = Attempt.objects.filter(notice=notice).order_by("-number").first()
    return last is None or last.result == NOT_LOADED


def _that_fit(notice: Notice, others: Sequence[Notice], limits: Limits) -> list[Notice]:
    pieces = [Piece(str(one.pk), compose.locations_of(one.item)) for one in (notice, *others)]
    batches = split(pieces, limits).batches
    keys = {piece.key for piece in batches[0]} if batches and batches[0][0].key == str(notice.pk) else set()
    return [one for one in others if str(one.pk) in keys][: BATCH_ITEMS_MAX - 1]


def _composed(notice: Notice, others: Sequence[Notice], now: datetime) -> compose.Composed:
    directory, kind = queries.directory(), ChannelKind(notice.channel)
    to, laws = notice.to, tuple(notice.laws)
    addressee = Addressee(
        notice.addressee, notice.addressee, kind, to, laws, notice.language, first_law=next(iter(laws), "")
    )
    items: list[Item] = [one.item for one in others]
    return compose.compose(notice.item, Rung(notice.rung), addressee, directory, settings.UNSEEN, now, items)
