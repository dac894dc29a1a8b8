"""5,000 platforms in memory: what each does about a notice, from its number alone, and what every item knows of it.

The state of an item (when it goes, when it is back, how many notices arrived) stands in one file that all processes map,
so that whoever looks sees what another worker's notice did.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from random import Random
from uuid import UUID

import numpy as np

from unseen.takedown.tests.parties import party_text

PLATFORMS = int(os.environ.get("NATION_PLATFORMS", "5000"))
HOSTS = 50
PLACES_A_REPORT = 20
_STATE = np.dtype([("gone_at", "f8"), ("back_at", "f8"), ("arrived", "u2")])


class Behaviour(StrEnum):
    """What a platform does."""

    PROMPT = "removes within a day"
    SECOND = "removes after the second notice"
    HOST = "does nothing; its host removes"
    RETURNS = "removes, and puts it back after two days, once"
    NEVER = "nobody there removes"


SHARES = (
    (Behaviour.PROMPT, 0.60),
    (Behaviour.SECOND, 0.15),
    (Behaviour.HOST, 0.15),
    (Behaviour.RETURNS, 0.05),
    (Behaviour.NEVER, 0.05),
)


def behaviour_of(platform: int) -> Behaviour:
    """Drawn once and for ever from the platform's number."""
    drawn = Random(platform).random()
    for behaviour, share in SHARES:
        drawn -= share
        if drawn < 0:
            return behaviour
    return Behaviour.NEVER


def platform_of(item: int) -> int:
    """A few platforms hold most of what is reported: the square of an even draw."""
    return int(PLATFORMS * Random(item).random() ** 2)


def location_of(item: int) -> str:
    """Where the item stands."""
    return f"https://p{platform_of(item)}.nation.test/v/{item}"


def item_at(path: str) -> int:
    """The item's number, from the path of its page or of its medium."""
    return int(path.rpartition("/")[2].removesuffix(".jpg"))


def material_of(item: int) -> UUID:
    """The material that the item shows: one for each report."""
    return UUID(int=(0x5EED << 96) + item // PLACES_A_REPORT)


def party_files() -> Iterator[tuple[str, str]]:
    """The directory's files: platforms, their hosts, and the regulator of the country."""
    for number in range(PLATFORMS):
        key = f"p{number}"
        endpoint = f'{{kind = "api", endpoint = "https://{key}.nation.test/notices"}}'
        mail = f'{{kind = "email", address = "abuse@{key}.nation.test"}}'
        channels = (endpoint, mail, f"{endpoint}, {mail}")[number % 3]
        more = f'host = "h{number % HOSTS}"'
        if number % 5 == 0:
            more += "\nlimits = {locations_per_notice_max = 50}"
        yield (
            key,
            party_text(
                key,
                "platform",
                domain=f"{key}.nation.test",
                laws='"us-tida"' if number % 2 else '"us-tida", "eu-dsa-16"',
                channels=channels,
                more=more,
            ),
        )
    for number in range(HOSTS):
        key = f"h{number}"
        mail = f'{{kind = "email", address = "abuse@{key}.nation.test"}}'
        yield (
            key,
            party_text(key, "host", domain=f"{key}.nation.test", laws="", channels=mail),
        )
    mail = '{kind = "email", address = "desk@regulator.nation.test"}'
    yield (
        "regulator",
        party_text(
            "regulator",
            "regulator",
            domain="regulator.nation.test",
            laws='"kr-tba-22-5"',
            channels=mail,
            more='regulates = ["KR"]',
        ),
    )


@dataclass
class Platforms:
    """The truth about every item, shared by all processes that map the same file."""

    state: "np.memmap[tuple[int], np.dtype[np.void]]"
    letters: Path  # the id of every letter that arrived and who sent it, a line each

    @classmethod
    def create(cls, path: Path, items: int) -> "Platforms":
        """For so many items; nothing has happened to any of them."""
        return cls(np.memmap(path, dtype=_STATE, mode="w+", shape=(items,)), _letters(path, create=True))

    @classmethod
    def open(cls, path: Path) -> "Platforms":
        """What another process created."""
        return cls(np.memmap(path, dtype=_STATE, mode="r+"), _letters(path))

    def is_up(self, item: int, now: datetime) -> bool:
        """Whether anybody gets the medium at this instant."""
        gone_at, back_at, _ = self.state[item]
        at = now.timestamp()
        return gone_at == 0 or at < gone_at or 0 < back_at <= at

    def take(self, key: str, items: Sequence[int], to: str, now: datetime) -> None:
        """A letter about these items arrived. It is written down first: whoever dies now is told so by `has`."""
        line = os.open(self.letters, os.O_WRONLY | os.O_APPEND)
        os.write(line, f"{key} {os.getpid()}\n".encode())
        os.close(line)
        for item in items:
            self._react(item, to, now)

    def has(self, key: str) -> bool:
        """Whether a letter of this id arrived."""
        return key in self.letters.read_text().split()

    def _react(self, item: int, to: str, now: datetime) -> None:
        row = self.state[item]
        row["arrived"] += 1
        behaviour, again = behaviour_of(platform_of(item)), row["arrived"] > 1
        acts = (
            behaviour in (Behaviour.PROMPT, Behaviour.RETURNS)
            or (behaviour is Behaviour.SECOND and again)
            or (behaviour is Behaviour.HOST and "@h" in to)
        )
        if not acts or not self.is_up(item, now):
            return
        was_back = bool(row["back_at"])
        gone_at = now + timedelta(hours=1 + 20 * Random(item ^ 0xACE).random())
        row["gone_at"], row["back_at"] = gone_at.timestamp(), 0.0
        if behaviour is Behaviour.RETURNS and not was_back:
            row["back_at"] = (gone_at + timedelta(days=2)).timestamp()

    def arrived(self) -> tuple[int, int]:
        """How many letters arrived, and how many of these had arrived before."""
        keys = self.letters.read_text().split()[::2]
        return len(keys), len(keys) - len(set(keys))


def _letters(state: Path, *, create: bool = False) -> Path:
    path = state.with_name("letters")
    if create:
        path.touch()
    return path
