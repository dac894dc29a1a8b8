"""An addressee that takes several items in one notice, and items of a case that wait to be sent to it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from unseen.casework.models import Case, Item
from unseen.takedown import due
from unseen.takedown.channels.envelope import (
    CannotTell,
    Delivered,
    Envelope,
    LookUpResult,
    NotDelivered,
    NotThere,
    Part,
    Preview,
    SendResult,
    Unclear,
)
from unseen.takedown.directory.directory import Directory
from unseen.takedown.directory.load import load_directory
from unseen.takedown.tests.lives import NOON, found_copy, step

MANY = """
key = "many"
name = "Many Pictures"
kind = "platform"
domains = ["many.test"]
country = "US"
laws = ["us-tida"]
channels = [{kind = "email", address = "abuse@many.test"}]
limits = {locations_per_notice_max = 6, location_characters_max = 60}
languages = ["en"]
source = "made up for tests"
checked_on = 2026-11-01
confidence = "high"
"""


@dataclass
class Addressee:
    """Remembers each letter. `hows` says how the next sends go; `loads` which locations it takes up."""

    letters: list[Envelope] = field(default_factory=list)
    hows: list[str] = field(default_factory=list)
    loads: Callable[[str], bool] | None = None
    told: str = ""

    @property
    def remembers(self) -> bool:
        return self.told != "nothing"

    def send(self, envelope: Envelope, now: datetime) -> SendResult:
        how = self.hows.pop(0) if self.hows else "well"
        if how == "later":
            return NotDelivered("450 later", permanent=False)
        if how == "never":
            return NotDelivered("550 no", permanent=True)
        if how != "before":
            self.take(envelope, now)
        if how in ("before", "after"):
            return Unclear("the line broke")
        loaded = None if self.loads is None else tuple(filter(self.loads, envelope.locations))
        return Delivered("250 queued", loaded)

    def take(self, envelope: Envelope, now: datetime) -> None:
        """It arrived."""
        self.letters.append(envelope)

    def look_up(self, envelope: Envelope, now: datetime) -> LookUpResult:
        if self.told == "nothing":
            return CannotTell("no archive")
        there = any(one.key == envelope.key for one in self.letters)
        return Delivered("found in the archive") if there else NotThere()

    def preview(self, envelope: Envelope) -> Preview:
        return Preview((Part("Text", envelope.body),))


@cache
def many_directory(folder: Path) -> Directory:
    (folder / "many.toml").write_text(MANY)
    return load_directory([folder], shipped_parties=False)


def written(case: Case, count: int) -> list[Item]:
    items = [found_copy(case, f"http://many.test/p/{number}") for number in range(count)]
    return [step(step(item, NOON), NOON) for item in items]


def work(at: datetime) -> None:
    """Send and look up what is due; items wait."""
    Item.objects.update(due_at=NOON + timedelta(days=300))
    while due.do_due(at, "w"):
        Item.objects.update(due_at=NOON + timedelta(days=300))
