"""How hard a search tries: what it asks of the decoder for each picture."""

from enum import StrEnum

from unseen.fingerprint.model import Forms


class Level(StrEnum):
    """COMPATIBLE: one plain PDQ, as any platform computes it, against all that the bank keeps. REGIONS: also the query's
    own parts. DEEP: also local features laid onto the originals. Each includes the one before.
    """

    COMPATIBLE = "compatible"
    REGIONS = "regions"
    DEEP = "deep"

    @property
    def forms(self) -> Forms:
        """What a query of this level needs of a picture."""
        return {
            Level.COMPATIBLE: Forms.NONE,
            Level.REGIONS: Forms.QUERY,
            Level.DEEP: Forms.DEEP_QUERY,
        }[self]
