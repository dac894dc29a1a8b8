"""The small internet itself: it furnishes the platforms, listens, and lets the judges see the truth.

It imports nothing of the engine.
"""

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from unseen.testing.clock import Clock
from unseen.testing.internet import directory
from unseen.testing.internet.authorities import AUTHORITIES
from unseen.testing.internet.build import furnish
from unseen.testing.internet.characters import CHARACTERS
from unseen.testing.internet.mailbox import Maildir
from unseen.testing.internet.media import MATERIAL_PHOTOS, Library
from unseen.testing.internet.party import Party
from unseen.testing.internet.platform import Platform
from unseen.testing.internet.relay import Relay
from unseen.testing.internet.truth import Truth
from unseen.testing.internet.web import Web
from unseen.testing.internet.world import World


@dataclass(frozen=True)
class Material:
    """A file that the centre holds fingerprints of, and its case: "first", or "second" (to be withdrawn)."""

    path: Path
    case: str


class SmallInternet:
    """`folder` takes the Maildirs and the hosts file; `liars` are keys of platforms that lie to the vantages.

    The clock must be set before. State lives in this process; `stop` (or leaving the `with`) ends all of it.
    """

    def __init__(
        self,
        clock: Clock,
        folder: Path,
        media_folder: Path,
        *,
        seed: int = 1,
        liars: Collection[str] = (),
        characters: Sequence[type[Platform]] = CHARACTERS,
        authorities: Sequence[type[Party]] = AUTHORITIES,
    ) -> None:
        self.sent_archive, self.inbox = folder / "sent", folder / "inbox"
        self._library = Library.of(media_folder)
        self._world = World(clock, Maildir(self.inbox))
        world = self._world
        unknown = set(liars) - {character.key for character in characters}
        if unknown:
            raise ValueError(f"no such platform to make a liar of: {', '.join(sorted(unknown))}")
        self.platforms: dict[str, Platform] = {
            character.key: character(world, liar=character.key in liars) for character in characters
        }
        world.platforms.update(self.platforms)
        world.parties.update(self.platforms)
        world.parties.update({authority.key: authority(world) for authority in authorities})
        furnish(list(self.platforms.values()), self._library, seed, clock.now())
        self._addresses = {
            key: [f"127.1.{edge}.{number}" for edge in range(party.edges)]
            for number, (key, party) in enumerate(world.parties.items(), start=1)
        }
        self._web = Web(world, self._addresses)
        self.port = world.port = self._web.port
        self._relay = Relay(world, Maildir(self.sent_archive))
        self.relay_address: tuple[str, int] = (self._relay.hostname, self._relay.port)
        self.truth = Truth(world, self.port)
        self.hosts_file = folder / "hosts"
        hosts = [f"{address} {host}\n" for host, own in self.names().items() for address in own]
        self.hosts_file.write_text("".join(hosts), encoding="utf-8")

    def start(self) -> None:
        self._web.start()
        self._relay.start()

    def stop(self) -> None:
        self._relay.stop()
        self._web.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def names(self) -> dict[str, list[str]]:
        """Every name that there is, and its addresses."""
        parties = self._world.parties
        return {host: own for key, own in self._addresses.items() for host in parties[key].hosts}

    @property
    def material(self) -> dict[str, Material]:
        """Material name -> its file and case."""
        photos = {f"photo-{n}": path for n, path in enumerate(self._library.photos, start=1)}
        withdrawn = f"photo-{MATERIAL_PHOTOS}"
        cases = {
            name: Material(path, "second" if name == withdrawn else "first") for name, path in photos.items()
        }
        return cases | {"video-1": Material(self._library.video, "first")}

    @property
    def on_wire(self) -> Callable[[str, int], None] | None:
        """Called with (event, how many of it so far) at the moments when a kill hurts most."""
        return self._world.on_wire

    @on_wire.setter
    def on_wire(self, hook: Callable[[str, int], None] | None) -> None:
        self._world.on_wire = hook

    def start_pages(self) -> list[str]:
        """The home pages that a centre would scan."""
        return [f"http://{platform.domain}:{self.port}/" for platform in self.platforms.values()]

    def directory_files(self) -> dict[str, str]:
        """File name -> TOML text, one per platform, host and regulator."""
        checked_on = self._world.clock.now().date()
        parties = self._world.parties.values()
        return {f"{party.key}.toml": directory.toml(party, self.port, checked_on) for party in parties}

    def advance(self, now: datetime) -> None:
        """Run every scheduled event up to and including `now`, in time order."""
        self._world.advance(now)

    def next_event_at(self) -> datetime | None:
        return self._world.next_event_at()

    def quiet(self, timeout_s: float) -> bool:
        """Wait until all connections are closed but the judges' own (strangers' addresses); False if not."""
        until = time.monotonic() + timeout_s
        return self._relay.quiet(until) and self._web.quiet(until)
