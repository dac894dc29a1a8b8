"""A machine whose clock jumps under a real worker, while the world goes on in true time."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from tests.faults.life import CHARACTERS
from unseen import clock, worker
from unseen.casework.models import Item
from unseen.domain.item import Stage
from unseen.domain.recheck import Look
from unseen.fetch.vantage import Vantage
from unseen.intake.actions import receive_report
from unseen.takedown.channels.envelope import Envelope
from unseen.takedown.models import Notice
from unseen.takedown.probes.look import Sought
from unseen.takedown.tests.outside import NOON, Outside, OutsideProber, a_draft, in_place, inbox_in

TICK = timedelta(minutes=10)  # a real worker looks each second
ZONES = ("UTC", "Asia/Seoul", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia")
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Jump:
    """At this true time after the start the clock moves by so much against the truth; the machine's zone may change too."""

    at: timedelta
    by: timedelta
    zone: str = "UTC"


@dataclass
class Machine:
    """`true` is what a good watch would say, `wall` what the machine says."""

    true: datetime = NOON
    ahead: timedelta = timedelta()

    @property
    def wall(self) -> datetime:
        return self.true + self.ahead

    def passed_s(self) -> float:
        return (self.true - NOON).total_seconds() + 1_000


@dataclass
class TrueOutside(Outside):
    """Addressees live in true time, whatever our machine believes."""

    machine: Machine = field(default_factory=Machine)

    def take(self, envelope: Envelope, now: datetime) -> None:
        super().take(envelope, self.machine.true)

    def prober(self, *_: object) -> OutsideProber:
        return _TrueProber(self)


class _TrueProber(OutsideProber):
    def look(self, sought: Sought, vantage: Vantage, now: datetime) -> Look:
        assert isinstance(self.outside, TrueOutside)
        return super().look(sought, vantage, self.outside.machine.true)


@dataclass(frozen=True)
class Escalation:
    """A notice that followed another one: when it arrived, and the deadline of the one before, by both clocks."""

    rung: str
    true_early: timedelta
    wall_early: timedelta


@dataclass
class Lived:
    """`took` in true time; `escalations` that followed a deadline; how often each notice arrived."""

    outcome: str
    took: timedelta
    rungs: list[str]
    arrivals: list[str]
    escalations: list[Escalation]
    held: timedelta


def live(character: str, jumps: Sequence[Jump], folder: Path, starts_ahead: timedelta = timedelta()) -> Lived:
    """One item's life under these jumps, until it is closed (or for 60 days of true time)."""
    machine = Machine(ahead=starts_ahead)
    outside = TrueOutside(inbox_in(folder), machine=machine)
    CHARACTERS[character](outside)
    with in_place(outside), _machine_clock(machine):
        receive_report(a_draft("http://prompt.test/p/1"), may_share=False, now=machine.wall)
        return _until_over(machine, outside, list(jumps), worker.Worker("w", folder))


def _until_over(machine: Machine, outside: TrueOutside, jumps: list[Jump], one: worker.Worker) -> Lived:
    seen = _Seen(machine)
    held = timedelta()
    while machine.true < NOON + timedelta(days=60) and not _over():
        while jumps and machine.true >= NOON + jumps[0].at:
            machine.ahead += jumps[0].by
            _set_zone(jumps.pop(0).zone)
        before = len(outside.arrived)
        reached = one._tick()
        assert reached is not None or one._holding, "a stage failed"
        seen.note(outside.arrived[before:])
        pause = max(_pause(machine, jumps, holding=one._holding), SECOND)
        held += pause if one._holding else timedelta()
        machine.true += pause
    return Lived(
        outcome=Item.objects.get().outcome,
        took=machine.true - NOON,
        rungs=list(Notice.objects.order_by("made_at", "rung").values_list("rung", flat=True)),
        arrivals=[key for _, key, _ in outside.arrived],
        escalations=seen.escalations,
        held=held,
    )


def _pause(machine: Machine, jumps: Sequence[Jump], *, holding: bool) -> timedelta:
    """Until something can happen: a worker that looks each second would find nothing before."""
    pauses = [TICK] if holding else [timedelta(hours=12)]
    due_at = worker.next_due_at()
    if due_at is not None and not holding:
        pauses.append(due_at - machine.wall)
    if jumps:
        pauses.append(NOON + jumps[0].at - machine.true)
    return min(pauses)


@dataclass
class _Seen:
    machine: Machine
    escalations: list[Escalation] = field(default_factory=list)
    received: dict[str, datetime] = field(default_factory=dict)  # in true time

    def note(self, arrived: Sequence[tuple[str, str, datetime]]) -> None:
        """What arrived in this tick: does it follow a notice whose deadline had not come?"""
        for _, key, at in arrived:
            rung = Notice.objects.get(pk=key).rung
            answered = Notice.objects.filter(state="sent", refused_at__isnull=True, pk__in=self.received)
            for last in answered:
                assert last.deadline_at is not None
                assert last.received_at is not None
                true_deadline = self.received[str(last.pk)] + (last.deadline_at - last.received_at)
                wall_early = last.deadline_at - self.machine.wall
                self.escalations.append(Escalation(rung, true_deadline - at, wall_early))
        self.received |= {key: at for _, key, at in arrived}


def _over() -> bool:
    item = Item.objects.first()
    return item is not None and item.stage == Stage.CLOSED


@contextmanager
def _machine_clock(machine: Machine) -> Iterator[None]:
    zone = os.environ.get("TZ")
    now: Callable[[], datetime] = lambda: machine.wall  # noqa: E731 - one line, three names
    try:
        with (
            patch.object(clock, "now", now),
            patch.object(worker, "passed_s", machine.passed_s),
            patch.object(worker, "FAILURE_PAUSE_S", 0.0),
            patch.object(
                worker, "close_old_connections", list
            ),  # the test's transaction lives in the connection
        ):
            yield
    finally:
        _set_zone(zone)


def _set_zone(zone: str | None) -> None:
    if zone is None:
        os.environ.pop("TZ", None)
    else:
        os.environ["TZ"] = zone
    time.tzset()
