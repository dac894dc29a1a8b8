"""Platforms with characters: random mixtures of how they answer, what they do, and what they show."""

from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import TypeVar

from unseen.domain.notice import Rung
from unseen.domain.recheck import MediaSeen, PageSeen


class Answer(StrEnum):
    """What a platform does with a notice."""

    PROMPT = "prompt"
    SLOW = "slow"  # acts on the final notice only
    SILENT = "silent"
    REFUSES = "refuses"
    LIES = "lies"  # says removed, does nothing
    CONTRADICTS = "contradicts"  # says removed, then refuses


class Guise(StrEnum):
    """How content that is still there is shown to the world."""

    OPEN = "open"
    SOFT_404 = "soft-404"  # the page says removed with status 200, the media is served
    MEDIA_ALIVE = "media alive"  # the page is gone, the media is served
    ELSEWHERE = "elsewhere"
    GEOFENCED = "geofenced"  # the complainant's country gets 404
    BLOCKED = "blocked"  # the complainant's country gets 451
    CLOAKED = "cloaked"  # the complainant's own address gets 404
    LOGIN_WALL = "login wall"


class Network(StrEnum):
    """How well the platform can be seen."""

    CLEAR = "clear"
    FLAKY = "flaky"
    ALTERNATES = "every second look fails"
    LIMITED = "rate limited"
    BLIND = "blind"  # turns every look away, all year


class Delivery(StrEnum):
    """What becomes of a notice on its way."""

    ARRIVES = "arrives"
    TEMPORARY = "temporary failure"
    PERMANENT = "permanent failure"
    BOUNCES = "bounces later"
    UNCERTAIN = "uncertain"


EMPTY_VIEWS = (
    (PageSeen.MISSING, MediaSeen.MISSING),
    (PageSeen.SAYS_REMOVED, MediaSeen.MISSING),
    (PageSeen.HOME, MediaSeen.OTHER),
    (PageSeen.ELSEWHERE, MediaSeen.MISSING),
    (PageSeen.PRESENT, MediaSeen.OTHER),
)

LADDERS = (
    tuple(Rung),
    tuple(Rung),
    (Rung.PLATFORM, Rung.PLATFORM_FINAL, Rung.HOST),
    (Rung.PLATFORM, Rung.HOST),
    (Rung.HOST, Rung.REGULATOR),
    (),
)


@dataclass(frozen=True, slots=True)
class Character:
    """One random platform and the people around it."""

    answer: Answer
    deed: Guise | None  # what "acting" means here; None is a true removal
    first_guise: Guise
    empty_view: tuple[PageSeen, MediaSeen]
    returns: int
    return_guise: Guise
    network: Network
    trouble: float  # share of looks that fail, or are turned away
    retry_after_hours: int
    delivery: Delivery
    host_acts: bool
    regulator_acts: bool
    ladder: tuple[Rung, ...]
    never_matches: bool
    found_by_us: bool
    withdraws_after_days: float | None

    def __str__(self) -> str:
        """The traits in words, for the head of a printed life."""
        deed = self.deed or "removes"
        traits = [
            self.answer,
            deed,
            self.first_guise,
            self.network,
            self.delivery,
            f"returns {self.returns}x",
        ]
        if self.never_matches:
            traits.append("never matches")
        return ", ".join(str(trait) for trait in traits)


T = TypeVar("T")


def _one_of(rng: Random, common: T, often: float, others: tuple[T, ...]) -> T:
    return common if rng.random() < often else others[int(rng.random() * len(others))]


_ANSWERS = tuple(Answer)
_HIDING = tuple(guise for guise in Guise if guise is not Guise.OPEN)
_GUISES = tuple(Guise)
_NETWORKS = tuple(network for network in Network if network is not Network.CLEAR)
_DELIVERIES = tuple(delivery for delivery in Delivery if delivery is not Delivery.ARRIVES)
_RETRY_AFTER_HOURS = (1, 6, 48, 24 * 3650)  # the last is how a host would try to be left alone for ever


def some_character(rng: Random) -> Character:
    """A random mixture; every trait meets every other sooner or later."""
    pick = rng.random
    return Character(
        answer=_ANSWERS[int(pick() * len(_ANSWERS))],
        deed=_one_of(rng, None, 0.6, _HIDING),
        first_guise=_one_of(rng, Guise.OPEN, 0.8, _HIDING),
        empty_view=EMPTY_VIEWS[int(pick() * len(EMPTY_VIEWS))],
        returns=_one_of(rng, 0, 0.7, (1, 1, 2, 3)),
        return_guise=_one_of(rng, Guise.OPEN, 0.7, _GUISES),
        network=_one_of(rng, Network.CLEAR, 0.7, _NETWORKS),
        trouble=0.02 + 0.3 * pick(),
        retry_after_hours=_RETRY_AFTER_HOURS[int(pick() * len(_RETRY_AFTER_HOURS))],
        delivery=_one_of(rng, Delivery.ARRIVES, 0.7, _DELIVERIES),
        host_acts=pick() < 0.4,
        regulator_acts=pick() < 0.3,
        ladder=LADDERS[int(pick() * len(LADDERS))],
        never_matches=pick() < 0.06,
        found_by_us=pick() < 0.4,
        withdraws_after_days=365 * pick() ** 2 if pick() < 0.15 else None,
    )
