"""The world around one item: the truth about the content, and what platforms, hosts, regulators and people do."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from tests.simulation.characters import Answer, Character, Guise
from tests.simulation.history import What
from tests.simulation.views import Looks, disturbed, looks_at
from unseen.domain.notice import Rung


class World:
    """The truth. `happens` and `reacts` return what the world will do later; the driver keeps the calendar."""

    __slots__ = ("_looks", "_returns", "character", "guise", "rng", "truth", "up")

    def __init__(self, character: Character, rng: Random, now: datetime) -> None:
        self.character = character
        self.rng = rng
        self.up = not character.never_matches
        self.guise = character.first_guise
        self.truth = [(now, self.up)]
        self._returns = character.returns
        self._looks = 0

    def look(self, now: datetime) -> Looks:
        """What every vantage sees now."""
        self._looks += 1
        clear = looks_at(self.guise, self.up, self.character.empty_view)
        return disturbed(clear, self.character, self.rng, now, self._looks)

    def take_down(self, now: datetime) -> datetime | None:
        """A true removal. Returns when it will be put back, if ever."""
        self._set(now, up=False)
        if self.guise is not Guise.LOGIN_WALL:
            self.guise = Guise.OPEN
        if not self._returns:
            return None
        self._returns -= 1
        return now + timedelta(days=0.1 + 120 * self.rng.random() ** 3)

    def put_back(self, now: datetime) -> None:
        """The same content at the same location again."""
        self.guise = self.character.return_guise
        self._set(now, up=not self.character.never_matches)

    def hide(self, guise: Guise) -> None:
        """Pretend: the content stays, the view changes."""
        self.guise = guise

    def reacts(self, rung: Rung, now: datetime) -> Iterator[tuple[datetime, What, Guise | None]]:
        """What a notice that reached this rung sets off: deeds (with their guise) and replies."""
        if rung is Rung.HOST:
            if self.character.host_acts:
                yield self._later(now, 6, 240), What.TAKEN_DOWN, None
        elif rung is Rung.REGULATOR:
            if self.character.regulator_acts:
                yield self._later(now, 120, 2000), What.TAKEN_DOWN, self.rng.choice((None, Guise.BLOCKED))
        elif rung in (Rung.PLATFORM, Rung.PLATFORM_FINAL):  # nobody else of these lives ever acts
            yield from self._platform_reacts(rung, now)

    def _platform_reacts(self, rung: Rung, now: datetime) -> Iterator[tuple[datetime, What, Guise | None]]:
        answer = self.character.answer
        if answer is Answer.PROMPT or (answer is Answer.SLOW and rung is Rung.PLATFORM_FINAL):
            done = self._later(now, 0.2, 45)
            yield done, What.TAKEN_DOWN, self.character.deed
            if self.rng.random() < 0.5:
                yield self._later(done, 0, 5), What.SAID_REMOVED, None
        if answer is Answer.LIES or answer is Answer.CONTRADICTS:
            yield self._later(now, 1, 24), What.SAID_REMOVED, None
        if answer is Answer.REFUSES or answer is Answer.CONTRADICTS:
            yield self._later(now, 2, 72), What.REFUSED, None
            if self.rng.random() < 0.1:
                yield self._later(now, 700, 5000), What.TAKEN_DOWN, None

    def _later(self, now: datetime, hours_min: float, hours_max: float) -> datetime:
        return now + timedelta(hours=hours_min + (hours_max - hours_min) * self.rng.random())

    def _set(self, now: datetime, *, up: bool) -> None:
        if up != self.up:
            self.up = up
            self.truth.append((now, up))
