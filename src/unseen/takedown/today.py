"""What needs a person today: one question an item, with its answers, a minor's first, then the earliest deadline."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from django.db.models import BooleanField, Case, Exists, F, Min, OuterRef, Q, QuerySet, Value, When

from unseen.accounts.models import Staff
from unseen.casework import queries as casework
from unseen.casework.models import Answer, AnswerKind, Item
from unseen.domain.item import NoticeState, Stage
from unseen.domain.report import AgeBand
from unseen.takedown import queries
from unseen.takedown.directory.party import ChannelKind, Party
from unseen.takedown.models import Notice

SHOWN_MAX = 100  # more than a day's questions; what is answered makes room
# The first of each is the default: believe first; and what may have gone out is not sent twice unasked.
_REVIEW = (AnswerKind.ACCEPT, AnswerKind.OUT_OF_SCOPE)
_UNCERTAIN = (AnswerKind.WENT_OUT, AnswerKind.NOT_SENT)


@dataclass(frozen=True, slots=True)
class Question:
    """One item that waits for a person. The first answer is the default; without answers there is something to put right."""

    item: Item
    party: Party
    minor: bool
    deadline_at: datetime | None
    answers: tuple[AnswerKind, ...]
    notice: Notice | None

    @property
    def by_form(self) -> bool:
        """Whether the notice is a form that a person fills in."""
        return self.notice is not None and self.notice.channel == ChannelKind.FORM

    @property
    def law(self) -> str:
        """The first law that the notice names."""
        return str(self.notice.laws[0]) if self.notice is not None and self.notice.laws else ""

    @property
    def letter(self) -> str:
        """The notice that went out for several items together, so that one reply answers for all."""
        return str(self.notice.carrier_id or self.notice.pk) if self.notice is not None else ""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which of them somebody wants to see: those of one site, one law, or one notice."""

    site: str = ""
    law: str = ""
    letter: str = ""

    def takes(self, one: Question) -> bool:
        """Whether this question is wanted."""
        wanted = ((self.site, one.party.key), (self.law, one.law), (self.letter, one.letter))
        return all(not want or want == has for want, has in wanted)


def questions(staff: Staff, narrowed: Narrowed | None = None) -> list[Question]:
    """The questions for this person, in order, at most SHOWN_MAX. One query for items, one for notices."""
    rows = list(
        _waiting(staff)
        .select_related("case__report", "person")
        .annotate(
            is_minor=Case(
                When(case__report__age_band=AgeBand.ADULT, then=Value(value=False)),
                default=Value(value=True),
                output_field=BooleanField(),
            ),
            first_deadline=Min("notices__deadline_at", filter=Q(notices__round=F("round"))),
        )
        .order_by("-is_minor", F("first_deadline").asc(nulls_last=True), "opened_at", "pk")[: SHOWN_MAX * 4]
    )
    uncertain = _uncertain(rows)
    found = [_question(item, uncertain.get(item.pk)) for item in rows]
    return [one for one in found if narrowed is None or narrowed.takes(one)][:SHOWN_MAX]


def count(staff: Staff) -> int:
    """How many questions wait for this person."""
    return _waiting(staff).count()


def given(staff: Staff) -> list[tuple[uuid.UUID, int, datetime]]:
    """This person's answers that can still be taken back: group, how many, and when they take effect."""
    mine = Answer.objects.filter(staff=staff, due_at__isnull=False).order_by("due_at")
    groups: dict[uuid.UUID, tuple[int, datetime]] = {}
    for group, due_at in mine.values_list("group", "due_at"):
        assert due_at is not None, "the filter says so"
        groups[group] = (groups.get(group, (0, due_at))[0] + 1, due_at)
    return [(group, number, at) for group, (number, at) in groups.items()]


def _waiting(staff: Staff) -> QuerySet[Item]:
    answered = Answer.objects.filter(item=OuterRef("pk"), due_at__isnull=False)
    return Item.objects.filter(casework.visible_to(staff), question__gt="").exclude(Exists(answered))


def _uncertain(items: Sequence[Item]) -> Mapping[int, Notice]:
    """The uncertain notice of each item; the latest where there are several."""
    rows = Notice.objects.filter(item__in=items, state=NoticeState.UNCERTAIN).order_by("made_at")
    return MappingProxyType({one.item_id: one for one in rows.defer("subject", "body", "particulars")})


def _question(item: Item, notice: Notice | None) -> Question:
    answers: tuple[AnswerKind, ...] = ()
    if item.stage == Stage.REVIEW:
        answers, notice = _REVIEW, None
    elif notice is not None:
        answers = _UNCERTAIN
    return Question(
        item=item,
        party=queries.party_of(item),
        minor=item.case.report.age_band != AgeBand.ADULT,
        deadline_at=getattr(item, "first_deadline", None),
        answers=answers,
        notice=notice,
    )
