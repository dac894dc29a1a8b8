"""The platform's side: follow a feed into a local bank, and match uploads without sending anything anywhere.

from unseen.replica import Replica

replica = Replica.open("/var/lib/unseen-replica")  # `unseen replica follow` keeps it up to date
for match in replica.match(pdq):
    print(match.entry, match.level, match.action, match.distance_bits)
"""

from unseen.replica.errors import ReplicaError
from unseen.replica.match import Match, Replica

__all__ = ["Match", "Replica", "ReplicaError"]
