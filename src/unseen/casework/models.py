"""Cases, material and items: the matter of one affected person, and every place where it was found."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from unseen.domain.item import ItemFacts, NoticeFacts, Outcome, Stage
from unseen.domain.ladder import NOTHING_EARLIER, Earlier, RungRule
from unseen.domain.notice import Rung
from unseen.domain.recheck import FindingKind
from unseen.intake.models import Report, ReportedMaterial
from unseen.keys.fields import SealedText
from unseen.keys.queries import key_of
from unseen.leases import Leased


class Case(models.Model):
    """One affected person's matter."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=12, unique=True)  # opaque; for staff
    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="case")
    country = models.CharField(max_length=2)  # of the complainant
    opened_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    # Who took it on; nobody yet means that everybody who works on cases may see it.
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)

    def __str__(self) -> str:
        return f"case {self.reference}"


class Material(models.Model):
    """One picture or video in a case."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="materials")
    reported = models.OneToOneField(ReportedMaterial, on_delete=models.PROTECT, related_name="material")

    def __str__(self) -> str:
        return f"material {self.reported.number}"


class FoundBy(models.TextChoices):
    """How we came to know a place."""

    REPORT = "report", "reported"
    SCAN = "scan", "found by scanning"


def mark_of(report: uuid.UUID, location: str, media_location: str) -> str:
    """Under which a place stands once in a case. It says nothing to anybody without the key. No location holds a line break."""
    return key_of(report).mark(location, media_location)


class Item(Leased):
    """One piece of content at one location. The columns below `stage` are its facts (domain.item.ItemFacts)."""

    id = models.BigAutoField(primary_key=True)  # what people call it
    reference = models.CharField(max_length=12)  # opaque; stands in notices
    # Every change of a row writes each of its indexes anew, so there is none that another one does for.
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="items", db_index=False)
    material = models.ForeignKey(
        Material, null=True, blank=True, on_delete=models.PROTECT, related_name="items"
    )
    location = SealedText()
    media_location = SealedText(default=str)
    # The mark of the two: what is sealed cannot be found, and this under no other key.
    location_key = models.CharField(max_length=64, editable=False)
    host = models.CharField(max_length=255)  # of the location; the directory knows who that is
    found_by = models.CharField(max_length=10, choices=FoundBy.choices)
    how = models.CharField(max_length=60, blank=True, default="")  # which edit explains the match
    distance_bits = models.PositiveSmallIntegerField(null=True, blank=True)
    came_back_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, db_index=False
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, db_index=False
    )

    stage = models.CharField(max_length=10, choices=[(stage, stage) for stage in Stage])
    opened_at = models.DateTimeField()
    round = models.PositiveSmallIntegerField(default=1)
    matched = models.BooleanField(default=False)
    outcome = models.CharField(
        max_length=20, blank=True, default="", choices=[(kind, kind) for kind in Outcome]
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    last_recheck_at = models.DateTimeField(null=True, blank=True)
    last_finding = models.CharField(max_length=20, blank=True, default="")
    gone_since = models.DateTimeField(null=True, blank=True)
    unknown_in_a_row = models.PositiveSmallIntegerField(default=0)
    rechecks_since_closing = models.PositiveIntegerField(default=0)
    look_not_before = models.DateTimeField(null=True, blank=True)
    question = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        """The queue, and the promises that a database can hold."""

        indexes = (
            # The key is in it: many fall due at one instant, and a worker must not sort them to take the first.
            models.Index(fields=("due_at", "id"), name="item_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=("host", "stage"), name="item_by_host"),
            models.Index(fields=("person",), name="item_by_person", condition=Q(person__isnull=False)),
            models.Index(
                fields=("came_back_from",), name="item_by_return", condition=Q(came_back_from__isnull=False)
            ),
            # The few that wait for a person, among a million that do not: the page of today asks every few seconds.
            models.Index(fields=("case",), name="item_asks", condition=Q(question__gt="")),
        )
        constraints = (
            models.UniqueConstraint(fields=("reference",), name="item_reference_once"),
            models.UniqueConstraint(fields=("case", "location_key"), name="one_item_per_location"),
            models.CheckConstraint(  # promise 4
                condition=Q(stage=Stage.CLOSED) | Q(due_at__isnull=False) | Q(person__isnull=False),
                name="open_item_is_due_or_has_a_person",
            ),
            models.CheckConstraint(
                condition=Q(stage=Stage.CLOSED, outcome__gt="", closed_at__isnull=False)
                | (~Q(stage=Stage.CLOSED) & Q(outcome="")),
                name="closed_item_has_an_outcome",
            ),
            models.CheckConstraint(  # promise 5
                condition=~Q(outcome=Outcome.REMOVED)
                | Q(closed_at__isnull=False, last_recheck_at__isnull=False),
                name="removed_item_was_rechecked",
            ),
        )

    def __str__(self) -> str:
        return f"item {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row; the key always follows the locations."""
        if kwargs.get("update_fields") is None:
            self.location_key = mark_of(self.report_key, self.location, self.media_location)
        super().save(*args, **kwargs)

    @property
    def report_key(self) -> uuid.UUID:
        """Whose key seals it."""
        return self.case.report_id

    def facts(
        self,
        ladder: tuple[Rung, ...],
        notices: tuple[NoticeFacts, ...],
        *,
        may_fetch: bool = True,
        rules: tuple[RungRule, ...] = (),
        earlier: Earlier = NOTHING_EARLIER,
        luck: float = 0.0,
    ) -> ItemFacts:
        """This row as the domain sees it."""
        return ItemFacts(
            may_fetch=may_fetch,
            rules=rules,
            earlier=earlier,
            luck=luck,
            stage=Stage(self.stage),
            outcome=Outcome(self.outcome) if self.outcome else None,
            last_finding=FindingKind(self.last_finding) if self.last_finding else None,
            ladder=ladder,
            notices=notices,
            **{name: getattr(self, name) for name in _SAME_IN_BOTH},
        )

    def absorb(self, facts: ItemFacts) -> None:
        """Take over what the domain decided; the caller stores the row."""
        self.stage, self.outcome = facts.stage, facts.outcome or ""
        self.last_finding = facts.last_finding or ""
        for name in _SAME_IN_BOTH:
            setattr(self, name, getattr(facts, name))


class LookReason(models.TextChoices):
    """Why somebody had to see a full location. One of a few: free words would tell about a person."""

    RIGHT_PLACE = "right_place", _("to see whether the location is right")
    ASKED = "asked", _("the affected person asks about it")
    ADDRESSEE = "addressee", _("an addressee asks about it")
    HOTLINE = "hotline", _("to pass it to the hotline")
    POLICE = "police", _("for the police or a court")
    FAULT = "fault", _("something seems wrong")


class LookTaken(models.Model):
    """One full location that a member of staff had shown, as an exception with a reason."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="looks")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=20, choices=LookReason.choices)
    at = models.DateTimeField()

    class Meta:
        """Counted by person and day."""

        indexes = (models.Index(fields=("staff", "at"), name="look_by_staff"),)


class AnswerKind(models.TextChoices):
    """What a person at the desk can answer."""

    ACCEPT = "accept", _("It is the material: write")
    OUT_OF_SCOPE = "out_of_scope", _("It is out of scope: close")
    WENT_OUT = "went_out", _("It went out")
    NOT_SENT = "not_sent", _("It did not go out")


class Answer(Leased):
    """A person's answer about an item. It takes effect when it falls due; until then it can be taken back."""

    group = models.UUIDField(editable=False)  # given with one click
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="answers")
    notice = models.UUIDField(null=True, blank=True)  # the uncertain one that it is about
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=AnswerKind.choices)
    confirmation = SealedText(default=str)
    given_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    stored = models.BooleanField(default=False)  # settled and not stored: the item had moved on

    class Meta:
        """One short queue, and one waiting answer an item."""

        indexes = (
            models.Index(fields=("due_at", "id"), name="answer_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=("staff", "given_at"), name="answer_by_staff"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("item",), condition=Q(due_at__isnull=False), name="one_waiting_answer"
            ),
            models.CheckConstraint(
                condition=Q(due_at__isnull=False)
                | Q(taken_back_at__isnull=False)
                | Q(settled_at__isnull=False),
                name="an_answer_ends_or_waits",
            ),
        )

    @property
    def report_key(self) -> uuid.UUID:
        """Whose key seals it."""
        return self.item.report_key


_SAME_IN_BOTH = (
    "opened_at",
    "round",
    "matched",
    "closed_at",
    "withdrawn_at",
    "last_recheck_at",
    "gone_since",
    "unknown_in_a_row",
    "rechecks_since_closing",
    "look_not_before",
    "question",
)
FACT_COLUMNS = ("stage", "outcome", "last_finding", *_SAME_IN_BOTH)


def as_columns(facts: ItemFacts) -> tuple[object, ...]:
    """The facts as they stand in FACT_COLUMNS of a row."""
    same = (getattr(facts, name) for name in _SAME_IN_BOTH)
    return (facts.stage, facts.outcome or "", facts.last_finding or "", *same)
