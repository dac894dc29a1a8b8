"""Platforms of the small internet that follow our feed with a replica and ask it before they take an upload."""

import http.client
import logging
from functools import partial
from http import HTTPStatus
from pathlib import Path

from unseen.demo.result import UploadTry
from unseen.demo.world import MEDIA, DemoFailed, World, stop
from unseen.domain.limits import QUALITY_MIN
from unseen.feed.lines import LineAction
from unseen.fingerprint import fingerprint_image
from unseen.replica import Replica
from unseen.replica.ask import Asking
from unseen.replica.clock import Instant
from unseen.replica.follow import Follower
from unseen.replica.invitation import read_invitation
from unseen.replica.peer import begin, read_peer
from unseen.testing.internet.media import picture

PLATFORMS = ("prompt", "slow", "reuploader")
EDITS = ("re-encode", "mirror", "crop")
STAYS, WITHDRAWN, NOBODYS = "first", "second", "nobody's"
_ANSWER_WITHIN_S = 30.0
# A platform's own choice: what the centre would only have reviewed is taken here.
_TURNED_AWAY = frozenset((LineAction.REMOVE_AND_REVIEW, LineAction.BLOCK))


class UploadDoors:
    """Three doors, and all tries at them."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._folder = world.folder / "platforms"
        self.tries: list[UploadTry] = []
        # This process's output is the demonstration's table; what goes wrong stops the demonstration anyway.
        logging.getLogger("unseen.replica").setLevel(logging.ERROR)

    def invite(self) -> None:
        """Each platform becomes a peer, and begins a replica."""
        for key in PLATFORMS:
            invitation = self._world.folder / f"{key}.invitation"
            self._world.run("peer", "add", key, "--invitation", str(invitation))
            begin(self._folder / key, read_invitation(invitation.read_bytes()))

    @property
    def were_tried_again(self) -> bool:
        """After the withdrawal."""
        return any(one.after_withdrawal for one in self.tries)

    def be_tried(self, *, after_withdrawal: bool) -> None:
        """Let the replicas ask our running server, then bring each picture to each door."""
        server = self._world.start("serve")
        try:
            self._world.wait_for_server(server)
            for key in PLATFORMS:
                self._follow(key)
        finally:
            stop(server)
        for key in PLATFORMS:
            for whose, path in self._pictures().items():
                for edit in EDITS:
                    self._bring(key, whose, path, edit, after_withdrawal)

    def _follow(self, key: str) -> None:
        folder = self._folder / key
        with Asking(read_peer(folder)) as asking:
            follower = Follower(folder, asking, self._instant)
            try:
                follower.turn()
            finally:
                follower.close()
        if follower.health.trouble:
            raise DemoFailed(f"the replica of {key} cannot follow our feed: {follower.health.trouble}")
        replica = Replica.open(folder, self._instant)
        self._world.internet.platforms[key].turns_away = partial(_is_turned_away, replica)

    def _bring(self, key: str, whose: str, path: Path, edit: str, after_withdrawal: bool) -> None:
        platform, internet = self._world.internet.platforms[key], self._world.internet
        address = internet.names()[platform.domain][0]
        line = http.client.HTTPConnection(address, internet.port, timeout=_ANSWER_WITHIN_S)
        try:
            headers = {"Host": platform.domain, "Content-Type": "application/octet-stream"}
            line.request("POST", "/upload", picture(path, edit).data, headers)
            status = line.getresponse().status
        finally:
            line.close()
        known = whose == STAYS or (whose == WITHDRAWN and not after_withdrawal)
        self.tries.append(
            UploadTry(
                self._world.hours(self._world.now()),
                platform.title,
                whose,
                edit,
                after_withdrawal,
                refused=status == HTTPStatus.FORBIDDEN,
                rightly=known,
            )
        )

    def _pictures(self) -> dict[str, Path]:
        """A picture of each case, and one of neither."""
        files = {
            item.case: item.path
            for item in reversed(self._world.internet.material.values())
            if item.path.suffix == ".jpg"
        }
        of_cases = {item.path for item in self._world.internet.material.values()}
        others = sorted(path for path in (MEDIA / "photos").glob("*.jpg") if path not in of_cases)
        return {STAYS: files[STAYS], WITHDRAWN: files[WITHDRAWN], NOBODYS: others[0]}

    def _instant(self) -> Instant:
        at = self._world.now().timestamp()
        return Instant(at, at, "simulated")


def _is_turned_away(replica: Replica, data: bytes) -> bool:
    made = fingerprint_image(data)
    return made.quality >= QUALITY_MIN and any(one.action in _TURNED_AWAY for one in replica.match(made.pdq))
