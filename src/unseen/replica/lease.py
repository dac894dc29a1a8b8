"""Until when a replica may act without a person. Two clocks must agree, so that turning one prolongs nothing."""

from dataclasses import dataclass

from unseen.feed.follow import Followed
from unseen.replica.clock import Instant


@dataclass(frozen=True, slots=True)
class Lease:
    """The end of the lease by the wall clock (Unix seconds), and by the steady clock of one boot."""

    wall_until_s: float = 0
    steady_until_s: float = 0
    boot: str = ""

    def left_s(self, instant: Instant) -> float:
        """Seconds left by the clock that says less; 0 when it has ended, or after a restart of the machine that no page
        has followed yet: how long it was off, only the wall clock says.
        """
        if instant.boot != self.boot:
            return 0.0
        return max(0.0, min(self.wall_until_s - instant.wall_s, self.steady_until_s - instant.steady_s))


def renewed(lease: Lease, before: Followed, after: Followed, instant: Instant) -> Lease:
    """The lease after a page was accepted. Only a newer head renews it: one that is shown again, perhaps to a clock that
    was turned back, does not.
    """
    if after.issued <= before.issued:
        return lease
    # A wall clock that is slow by the bearable five minutes makes no lease longer than the centre gives.
    lasts_s = min(after.may_act_until - instant.wall_s, float(after.lease_s))
    return Lease(after.may_act_until, instant.steady_s + lasts_s, instant.boot)
