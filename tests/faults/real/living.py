"""A worker process in a life's folder: the real worker, real sockets, a real database; only its eyes are ours.

The worker's pause is where the world turns: the person does what a person does, and the clock moves to the next due time.
"""

import json
import logging
import os
import signal
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn
from unittest.mock import patch

from django.conf import settings
from django.db import connection

from tests.faults.real.ending import ending
from tests.faults.real.kinds import NOON, REMOVED_AFTER, Kind
from tests.faults.real.shim import Fate, Mode, arm, disarm, elsewhere, forgive
from tests.faults.real.wire import read_wire
from unseen import worker
from unseen.accounts.models import Staff
from unseen.casework.models import Item
from unseen.config.values import ClockOption
from unseen.domain.item import NoticeState, Stage
from unseen.domain.match import Match
from unseen.domain.recheck import Look, MediaSeen, PageSeen
from unseen.fetch.locations import parse_location
from unseen.fetch.vantage import Vantage
from unseen.intake.actions import withdraw_report
from unseen.intake.models import Report
from unseen.takedown import due
from unseen.takedown.actions.sending import say_what_happened
from unseen.takedown.models import Notice
from unseen.takedown.probes.look import Sighting, Sought
from unseen.testing.clock import FileClock

LASTS_MAX = timedelta(days=20)
LASTS_S = 60  # of real time: a worker that takes longer hangs
FAILURES_MAX = 20  # of a stage: then it fails for ever
STUCK = 3  # exit code: the life had no end
VANTAGES = (
    Vantage("office", "KR", "127.9.0.1", None, "Unseen/1", own_address=True),
    Vantage("berlin", "DE", "127.9.0.3", None, "Mozilla/5.0"),
)


def work(folder: Path, kind: Kind, fate: Fate) -> NoReturn:
    """Be the worker of this life until it is over or `fate` strikes. `end.json` says how it ended."""
    signal.alarm(LASTS_S)
    if fate.mode is Mode.FAIL:
        logging.disable()  # its trouble is wanted
    move_in(folder, kind)
    ours = {"looker": _eyes, "recogniser": lambda: None, "Prober": lambda *_: Eyes(folder, kind)}
    for name, own in ours.items():
        patch.object(due, name, own).start()  # for the rest of this process
    pause = World(folder, kind, fate.mode is Mode.FAIL).turn
    patch.object(worker, "time", SimpleNamespace(sleep=pause)).start()
    arm(fate)
    worker.Worker("w", folder / "data").run()
    os._exit(STUCK)


def _eyes() -> SimpleNamespace:
    return SimpleNamespace(vantages=VANTAGES)


def move_in(folder: Path, kind: Kind) -> None:
    """From now on this process works in this folder."""
    settings.UNSEEN = replace(
        settings.UNSEEN,
        data_dir=folder / "data",
        inbox=folder / "inbox",
        sent_archive=folder / "archive" if kind.has_archive else None,
        clock=ClockOption(folder / "clock"),
        vantages=VANTAGES,
    )
    connection.settings_dict["NAME"] = str(folder / "data" / "unseen.sqlite3")


@dataclass
class Eyes:
    """See what is there: a place is gone once its addressee was told of it and had its time."""

    folder: Path
    kind: Kind
    sightings: list[Sighting] = field(default_factory=list)

    def look(self, sought: Sought, vantage: Vantage, now: datetime) -> Look:
        """What a vantage sees of a place; all see the same."""
        if self._is_gone(sought.page.text, now):
            return Look(
                vantage.name, vantage.country, vantage.own_address, PageSeen.MISSING, MediaSeen.MISSING
            )
        medium = parse_location(f"{sought.page.text}.jpg")
        self.sightings.append(Sighting(medium, Match(min(sought.materials), 4, "mirror")))
        return Look(vantage.name, vantage.country, vantage.own_address, PageSeen.PRESENT, MediaSeen.MATCHING)

    def _is_gone(self, place: str, now: datetime) -> bool:
        told = [
            datetime.fromisoformat(one["at"])
            for one in read_wire(self.folder)
            if one["domain"] in self.kind.removes and place in one["locations"]
        ]
        return bool(told) and now >= min(told) + REMOVED_AFTER


@dataclass
class World:
    """What happens while the worker sleeps."""

    folder: Path
    kind: Kind
    disk_fails: bool

    def turn(self, seconds: float) -> None:
        """A disk that fails the worker fails nobody else."""
        with elsewhere() if self.disk_fails else nullcontext():
            self._turn(seconds)

    def _turn(self, seconds: float) -> None:
        """The person acts; then the clock moves to when something is due. A life that is over is written down."""
        if seconds >= worker.FAILURE_PAUSE_S:
            self._stage_failed()
            return
        clock = FileClock(self.folder / "clock")
        now = clock.now()
        withdraws_at = NOON + (self.kind.withdraws_after or LASTS_MAX)
        if self._person_acts(now, withdraws_at):
            clock.set(now + timedelta(seconds=1))
            return
        if _over():
            passed = disarm()
            told = {
                "passed": passed.points,
                "on_a_line": passed.on_a_line,
                "struck": passed.struck,
                **ending(self.folder, self.kind),
            }
            (self.folder / "end.json").write_text(json.dumps(told))
            os._exit(0)
        if now > NOON + LASTS_MAX:
            os._exit(STUCK)
        times = [worker.next_due_at(), withdraws_at if withdraws_at > now else None]
        soonest = min((at for at in times if at is not None), default=NOON + LASTS_MAX + LASTS_MAX)
        clock.set(max(soonest, now + timedelta(seconds=1)))

    def _stage_failed(self) -> None:
        """Of a full disk: by the time of the second try somebody has made room."""
        failures = self.folder / "failures"
        count = int(failures.read_text()) + 1 if failures.exists() else 1
        if count > FAILURES_MAX:
            os._exit(STUCK)
        failures.write_text(str(count))
        if self.disk_fails and count > 1:
            forgive()

    def _person_acts(self, now: datetime, withdraws_at: datetime) -> bool:
        """Withdraw, send a form, or say what happened to a notice of which nobody can tell: what the wire says."""
        report = Report.objects.get()
        if now >= withdraws_at and withdraw_report(report, now):
            return True
        notice = Notice.objects.filter(state=NoticeState.UNCERTAIN, carrier__isnull=True).first()
        if notice is None:
            return False
        arrived = any(one["key"] == notice.key for one in read_wire(self.folder))
        if notice.channel == "form" and not arrived:
            self._send_form(notice, now)
            arrived = True
        say_what_happened(notice, went_out=arrived, staff=Staff.objects.get(), now=now)
        return True

    def _send_form(self, notice: Notice, now: datetime) -> None:
        sent: Mapping[str, Any] = {
            "how": "form", "domain": "form.test", "key": notice.key, "id": "", "subject": notice.subject,
            "text": notice.body, "locations": [notice.item.location], "at": now.isoformat(),
        }  # fmt: skip
        whole = "".join(json.dumps(one) + "\n" for one in [*read_wire(self.folder), sent])
        draft = self.folder / "wire.new"
        draft.write_text(whole)
        draft.rename(self.folder / "wire.jsonl")


def _over() -> bool:
    """Every item is closed, and no notice is on its way."""
    open_items = Item.objects.exclude(stage=Stage.CLOSED).exists()
    return (
        Item.objects.exists() and not open_items and not Notice.objects.filter(due_at__isnull=False).exists()
    )
