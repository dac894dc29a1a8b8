"""Facts and looks of every kind. Facts come from one number each: ten times as many in the same time, none smaller."""

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import settings
from hypothesis import strategies as st

from unseen.domain.item import ItemFacts, NoticeFacts, NoticeState, Outcome, Stage
from unseen.domain.notice import Rung
from unseen.domain.recheck import FindingKind, Look, MediaSeen, PageSeen

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
VANTAGES = (
    ("office", "KR", True),
    ("home-line", "KR", False),
    ("berlin", "DE", False),
    ("dallas", "US", False),
)
OVER = (NoticeState.SENT, NoticeState.FAILED)

often = settings(max_examples=400, deadline=None)
_VIEWS = tuple((page, media) for page in PageSeen for media in MediaSeen)


def item_facts(stages: tuple[Stage, ...] = tuple(Stage)) -> st.SearchStrategy[ItemFacts]:
    """Facts that an item of one of these stages can have."""
    return st.integers(0, 2**40).map(lambda number: _facts(Random(number), stages))


def looks() -> st.SearchStrategy[tuple[Look, ...]]:
    """Any view from each of the four vantages."""
    return st.integers(0, 2**40).map(
        lambda number: tuple(
            Look(*vantage, *view) for vantage, view in zip(VANTAGES, _views(number), strict=True)
        )
    )


def _views(number: int) -> list[tuple[PageSeen, MediaSeen]]:
    return Random(number).choices(_VIEWS, k=len(VANTAGES))


def _facts(rng: Random, stages: tuple[Stage, ...]) -> ItemFacts:
    stage = rng.choice(stages)
    closed = stage is Stage.CLOSED
    first, last = sorted((_past(rng), _past(rng)))
    gone, looked = rng.random() < 0.3, rng.random() < 0.8
    kinds = [kind for kind in FindingKind if kind is not FindingKind.GONE]
    finding = FindingKind.GONE if gone else rng.choice(kinds)
    return ItemFacts(
        stage=stage,
        opened_at=_past(rng),
        matched=rng.random() < 0.5,
        outcome=rng.choice(list(Outcome)) if closed else None,
        closed_at=_past(rng) if closed else None,
        withdrawn_at=_past(rng) if rng.random() < 0.15 else None,
        last_recheck_at=last if looked else None,
        last_finding=finding if looked else None,
        gone_since=first if gone and looked else None,
        unknown_in_a_row=rng.randrange(10),
        rechecks_since_closing=rng.randrange(10) if closed else 0,
        look_not_before=_past(rng) + timedelta(hours=rng.randrange(40)) if rng.random() < 0.3 else None,
        question="asked" if stage in (Stage.REVIEW, Stage.NOTICE) and rng.random() < 0.4 else "",
        ladder=tuple(rung for rung in Rung if rng.random() < 0.6),
        notices=_notices(rng, stage),
    )


def _past(rng: Random) -> datetime:
    """Up to now, now included, in quarters of an hour: near pasts are likelier than far ones."""
    return NOW - timedelta(minutes=15 * rng.randrange(rng.choice((1, 30, 200, 10_000))))


def _notices(rng: Random, stage: Stage) -> tuple[NoticeFacts, ...]:
    if stage in (Stage.RECEIVED, Stage.REVIEW):
        return ()
    rungs = [rung for rung in Rung if rng.random() < 0.5] or [Rung.HOST] * (stage is Stage.RECHECK)
    last = OVER if stage is Stage.RECHECK else tuple(NoticeState)
    return tuple(_notice(rng, rung, last if rung is rungs[-1] else OVER) for rung in rungs)


def _notice(rng: Random, rung: Rung, states: tuple[NoticeState, ...]) -> NoticeFacts:
    state = rng.choice(states)
    if state is not NoticeState.SENT:
        return NoticeFacts(rung, state)
    received_at = _past(rng)
    return NoticeFacts(
        rung,
        state,
        received_at=received_at,
        deadline_at=received_at + timedelta(hours=rng.choice((2, 24, 48, 500))),
        refused_at=_past(rng) if rng.random() < 0.3 else None,
        says_removed_at=_past(rng) if rng.random() < 0.3 else None,
    )
