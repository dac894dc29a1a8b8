"""Lives one item through the domain, as the engine does: ask for the next step, do it, wait, be woken."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from heapq import heappop, heappush
from random import Random

from tests.simulation.characters import Delivery, Guise, some_character
from tests.simulation.history import END, FOUND_BY_US, START, Happened, Life, What
from tests.simulation.laws import laws_on
from tests.simulation.views import Looks
from tests.simulation.world import World
from unseen.domain import item, limits, recheck, schedule
from unseen.domain.item import ItemFacts, NoticeFacts, NoticeState, Outcome, Stage
from unseen.domain.notice import Rung
from unseen.takedown.directory import load_directory

DIRECTORY = load_directory(shipped_parties=False)  # for the ladder's rules
# More steps than this at one moment is a circle.
STEPS_AT_ONCE_MAX = 20


class GoesInCircles(RuntimeError):
    """The domain keeps deciding at one and the same moment."""


class Living:
    """One item, its world, and the calendar of what is to come."""

    __slots__ = ("_calendar", "_concluded", "_count", "_law", "_rng", "facts", "life", "now", "world")

    def __init__(self, seed: int, number: int) -> None:
        self._rng = rng = Random(seed * 1_000_003 + number)
        character = some_character(rng)
        self.now = START + timedelta(days=rng.random())
        self.world = World(character, rng, self.now)
        self.life = Life(seed, number, character, [], self.world.truth)
        self._law = int(rng.random() * len(laws_on(START)))
        self._calendar: list[tuple[datetime, int, Callable[..., None], tuple[object, ...]]] = []
        self._count = 0
        self._concluded: tuple[Looks, bool, recheck.Conclusion] = ((), False, recheck.conclude(()))
        self.facts = ItemFacts(
            Stage.RECEIVED,
            self.now,
            matched=character.found_by_us and self.world.up,
            ladder=character.ladder,
            rules=DIRECTORY.rules,
        )
        self._note(What.REPORTED, words=FOUND_BY_US if self.facts.matched else "")
        if character.withdraws_after_days is not None:
            self._at(self.now + timedelta(days=character.withdraws_after_days), self._withdraw)

    def run(self) -> Life:
        """Live until the year is over."""
        calendar = self._calendar
        while True:
            until = self._act()
            coming = calendar[0][0] if calendar else END
            # A due time that is no time would wake us for ever: the life is judged as it stands.
            if until <= self.now or (until >= END and coming >= END):
                calendar.clear()
                return self.life
            self.now = now = min(until, coming)
            while calendar and calendar[0][0] <= now:
                _, _, happen, details = heappop(calendar)
                happen(*details)

    def _act(self) -> datetime:
        """Do what the domain says until it says wait; returns when it wants to be asked again."""
        for _ in range(STEPS_AT_ONCE_MAX):
            step = schedule.next_step(self.facts, self.now)
            if isinstance(step, schedule.Wait):
                self.life.history.append(Happened(self.now, What.DUE, until=step.until))
                return step.until
            if isinstance(step, schedule.Rest):
                self._note(What.RESTED)
                return END
            self._do(step)
        raise GoesInCircles(self.life.lines())

    def _do(self, step: schedule.Step) -> None:
        match step:
            case schedule.Recheck():
                self._recheck()
            case schedule.Accept():
                self.facts = item.accepted(self.facts)
                self._note(What.ACCEPTED)
            case schedule.SendNotice(rung=rung):
                self._prepare(rung)
            case schedule.Ask(question=question):
                self.facts = item.questioned(self.facts, question)
                self._note(What.ASKED, words=question)
                self._person_thinks()
            case schedule.Close(outcome=outcome, rule=rule):
                self.facts = item.closed(self.facts, outcome, self.now)
                self.life.history.append(Happened(self.now, What.CLOSED, words=f"{outcome}: {rule}"))
            case schedule.Reopen():
                self.facts = item.reopened(self.facts)
                self._note(What.REOPENED)

    def _recheck(self) -> None:
        looks = self.world.look(self.now)
        self.life.history.append(Happened(self.now, What.LOOKED, looks=looks))
        was_removed = self.facts.outcome is Outcome.REMOVED
        known_looks, known_removed, conclusion = self._concluded
        if looks is not known_looks or was_removed is not known_removed:  # else the same looks say the same
            conclusion = recheck.conclude(looks, was_removed=was_removed)
            self._concluded = (looks, was_removed, conclusion)
        self.facts = item.rechecked(self.facts, conclusion, self.now)

    # --- notices ------------------------------------------------------------------------------------------

    def _prepare(self, rung: Rung) -> None:
        facts = item.escalated(self.facts)
        self.facts = replace(facts, notices=(*facts.notices, NoticeFacts(rung, NoticeState.READY)))
        self._at(self.now + timedelta(seconds=300 * self._rng.random()), self._deliver, self._place(), 0)

    def _place(self) -> tuple[int, int]:
        """Round and index of the latest notice, so that a late event finds it, or finds it past."""
        return self.facts.round, len(self.facts.notices) - 1

    def _deliver(self, place: tuple[int, int], tries: int) -> None:
        if not isinstance(schedule.next_step(self.facts, self.now), schedule.Wait):
            return  # asked once more before it leaves: withdrawn meanwhile
        rung = self.facts.notices[place[1]].rung
        kind = self.world.character.delivery if self._rng.random() < 0.5 else Delivery.ARRIVES
        self._note(What.TRIED, rung)
        if kind is Delivery.TEMPORARY and tries < len(limits.DELIVERY_RETRY_AFTER):
            self._at(self.now + limits.DELIVERY_RETRY_AFTER[tries], self._deliver, place, tries + 1)
            self._set_notice(place, state=NoticeState.READY)
        elif kind in (Delivery.PERMANENT, Delivery.TEMPORARY):
            self._set_notice(place, state=NoticeState.FAILED)
            self._note(What.FAILED, rung)
        elif kind is Delivery.UNCERTAIN:
            self._become_uncertain(place, rung)
        else:
            self._arrive(place, rung, self.now)
            if kind is Delivery.BOUNCES:
                self._at(self.now + timedelta(hours=30 * self._rng.random()), self._bounce, place)

    def _become_uncertain(self, place: tuple[int, int], rung: Rung) -> None:
        self._set_notice(place, state=NoticeState.UNCERTAIN)
        went = self._rng.random() < 0.5
        if went:
            self._leaves(place, rung)
        if self._rng.random() < 0.9:
            answers_at = self.now + timedelta(days=10 * self._rng.random())
            self._at(answers_at, self._person_knows, place, self.now if went else None)

    def _leaves(self, place: tuple[int, int], rung: Rung) -> None:
        self._note(What.NOTICE_LEFT, rung)
        for at, what, guise in self.world.reacts(rung, self.now):
            if what is What.TAKEN_DOWN:
                self._at(at, self._deed, guise)
            else:
                self._at(at, self._reply, place, what)

    def _arrive(self, place: tuple[int, int], rung: Rung, received_at: datetime) -> None:
        if received_at == self.now:
            self._leaves(place, rung)
        law = laws_on(received_at)[self._law]
        deadline_at = schedule.deadline_for(law, received_at, DIRECTORY.rule(rung)).at
        self._set_notice(place, state=NoticeState.SENT, received_at=received_at, deadline_at=deadline_at)
        self.facts = item.noticed(self.facts)
        self.life.history.append(
            Happened(self.now, What.RECEIVED, rung, str(received_at), until=deadline_at, hours=law.hours)
        )

    def _set_notice(self, place: tuple[int, int], **changes: object) -> None:
        notices = list(self.facts.notices)
        notices[place[1]] = replace(notices[place[1]], **changes)  # type: ignore[arg-type]  # checked by the tests
        self.facts = replace(self.facts, notices=tuple(notices), question="")

    def _stands(self, place: tuple[int, int], *states: NoticeState) -> bool:
        """Whether this notice is still one of this round, and in one of these states."""
        return self.facts.round == place[0] and self.facts.notices[place[1]].state in states

    # --- what others do -----------------------------------------------------------------------------------

    def _reply(self, place: tuple[int, int], what: What) -> None:
        if self._stands(place, NoticeState.SENT):
            field = "refused_at" if what is What.REFUSED else "says_removed_at"
            self._set_notice(place, **{field: self.now})
            self._note(what, self.facts.notices[place[1]].rung)

    def _bounce(self, place: tuple[int, int]) -> None:
        if self._stands(place, NoticeState.SENT):
            self._set_notice(place, state=NoticeState.FAILED)
            self._note(What.BOUNCED, self.facts.notices[place[1]].rung)

    def _deed(self, guise: Guise | None) -> None:
        if guise is not None:
            self.world.hide(guise)
            self._note(What.TAKEN_DOWN, words=f"only in appearance: {guise}")
            return
        back_at = self.world.take_down(self.now)
        self._note(What.TAKEN_DOWN)
        if back_at is not None:
            self._at(back_at, self._put_back)

    def _put_back(self) -> None:
        self.world.put_back(self.now)
        self._note(What.PUT_BACK, words=self.world.guise)

    def _withdraw(self) -> None:
        self.facts = replace(self.facts, withdrawn_at=self.now)
        self._note(What.WITHDREW)

    def _person_thinks(self) -> None:
        """Most questions are answered within days, some never."""
        notice_now = self.facts.notice
        uncertain = notice_now is not None and notice_now.state is NoticeState.UNCERTAIN
        if not uncertain and self._rng.random() < 0.97:
            self._at(self.now + timedelta(days=20 * self._rng.random() ** 2), self._person_answers)

    def _person_answers(self) -> None:
        facts = self.facts
        if facts.stage is Stage.REVIEW:
            yes = self._rng.random() < 0.5
            self._note(What.ANSWERED, words="it is the picture" if yes else "not ours")
            if yes:
                self.facts = item.accepted(facts)
            else:
                self.facts = item.closed(facts, Outcome.OUT_OF_SCOPE, self.now)
                self._note(What.CLOSED, words=Outcome.OUT_OF_SCOPE)
        elif facts.stage is Stage.NOTICE and not facts.ladder:
            self._note(What.ANSWERED, words="this company hosts it")
            self.facts = replace(facts, ladder=(Rung.HOST, Rung.REGULATOR), question="")

    def _person_knows(self, place: tuple[int, int], went_at: datetime | None) -> None:
        """The answer about an uncertain notice, days later. Whoever saw it leave says so."""
        if self.facts.stage is not Stage.NOTICE or not self._stands(place, NoticeState.UNCERTAIN):
            return
        rung = self.facts.notices[place[1]].rung
        if went_at is not None:
            self._note(What.ANSWERED, rung, "it went")
            self._arrive(place, rung, went_at)
        elif self._rng.random() < 0.7:
            self._note(What.SEND_AGAIN, rung)
            self._set_notice(place, state=NoticeState.READY)
            self._at(self.now, self._deliver, place, 0)
        else:
            self._set_notice(place, state=NoticeState.FAILED)
            self._note(What.FAILED, rung)

    # --- bookkeeping --------------------------------------------------------------------------------------

    def _at(self, at: datetime, happen: Callable[..., None], *details: object) -> None:
        if at < END:
            self._count += 1
            heappush(self._calendar, (at, self._count, happen, details))

    def _note(self, what: What, rung: Rung | None = None, words: str = "") -> None:
        self.life.history.append(Happened(self.now, what, rung, words))


def live(seed: int, number: int) -> Life:
    """One whole life. The same seed and number give the same life."""
    return Living(seed, number).run()
