"""The laws of the simulated world. Each changes once in the year: deadlines that already run must not."""

from datetime import UTC, date, datetime

from unseen.domain.notice import AppliesTo, Confidence, Law, LawStatus

LAWS_CHANGE_ON = datetime(2026, 4, 1, tzinfo=UTC)
_HOURS = {"two-hours": (2, 24), "a-day": (24, 48), "two-days": (48, 24), "five-days": (120, 72)}


def _law(law_id: str, version: str, hours: int) -> Law:
    return Law(
        id=law_id,
        version=version,
        jurisdiction="XX",
        instrument="Simulated Act",
        article="1",
        title="removal",
        applies_to=frozenset(AppliesTo),
        senders=(),
        elements=frozenset(),
        languages=("en",),
        clock_start="receipt",
        answer_within_hours=hours,
        deadline_words="",
        target_hours=None,
        duty_on_copies="",
        penalty="",
        complain_to="",
        in_force_from=date(2025, 1, 1),
        status=LawStatus.IN_FORCE,
        sources=(),
        checked_on=date(2026, 1, 1),
        confidence=Confidence.HIGH,
    )


_OLD = tuple(_law(law_id, "1", hours[0]) for law_id, hours in _HOURS.items())
_NEW = tuple(_law(law_id, "2", hours[1]) for law_id, hours in _HOURS.items())


def laws_on(at: datetime) -> tuple[Law, ...]:
    """The laws as they stand at that moment."""
    return _NEW if at >= LAWS_CHANGE_ON else _OLD
