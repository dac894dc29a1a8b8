"""A replica of a feed as the source of matches."""

import numpy as np
from numpy.typing import NDArray

from unseen.match_server.source import NOTHING, Facts, Following, Found, Lease
from unseen.replica import Replica
from unseen.replica.health import read_health


class FollowedFeed:
    """What `unseen replica follow` keeps up to date; another process does that, and this one only reads."""

    def __init__(self, replica: Replica, radius_bits: int) -> None:
        self._replica = replica
        self._radius_bits = radius_bits

    def find(self, queries: NDArray[np.uint8]) -> Found:
        """Every hit; the number of its line stands for its content. Raises UNREADABLE."""
        found = self._replica.find(queries, self._radius_bits)
        if not len(found):
            return NOTHING
        line = found.line
        return Found(
            found.query,
            line["sequence"].astype(np.uint64)
            + np.uint64(1),  # HMA counts from 1, and a caller may take 0 for none
            found.distance_bits,
            found.action,
            line["level"],
            line["entry"],
        )

    def lease(self) -> Lease:
        """By every clock that the replica trusts. Raises UNREADABLE."""
        followed = self._replica.state().followed
        return Lease(self._replica.lease_left_s() > 0, followed.may_act_until)

    def facts(self) -> Facts:
        """Raises UNREADABLE."""
        health = read_health(self._replica.folder)
        issued = self._replica.state().followed.issued
        following = Following(issued, health.standing, sum(health.refused.values()), health.failed_in_a_row)
        return Facts(len(self._replica), following)
