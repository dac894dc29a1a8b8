"""Which entry of a peer's list a value is: StopNCII's feedback names values, and each peer's values carry its own marks."""

from collections.abc import Sequence

from unseen.domain.limits import MARK_BITS
from unseen.exchange.models import FeedLine, Peer
from unseen.exchange.names import CANARIES, canary_value, marked, names_of
from unseen.hashbank.queries import nearby
from unseen.keys import queries as keys

_NAME = slice(8, 24)
_PART = slice(30, 32)


def names_by_value(peer: Peer, values: Sequence[bytes]) -> dict[bytes, bytes]:
    """The entry's name for each of these values that was served to this peer, and for values near them."""
    if not values:
        return {}
    found = _canaries(peer, values)
    # The marks flip MARK_BITS bits of what is banked: nothing farther away was ever served.
    near = {entry for _, entry in nearby(values, MARK_BITS)}
    lines = FeedLine.objects.filter(peer=peer, bank_entry__in=near).exclude(salt=b"")
    held = list(lines.select_related("bank_entry__material"))
    keys.warm(line.bank_entry for line in held if line.bank_entry is not None)
    for line in held:
        opened = bytes(line.open)
        assert line.bank_entry is not None, "it was found by its bank entry"
        name, part = opened[_NAME], int.from_bytes(opened[_PART], "big")
        found[marked(peer.secret, name, part, line.bank_entry.pdq)] = name
    return found


def _canaries(peer: Peer, values: Sequence[bytes]) -> dict[bytes, bytes]:
    secret = peer.secret
    own = zip(CANARIES, names_of(secret, CANARIES), strict=True)
    return {value: name for number, name in own if (value := canary_value(secret, number)) in values}
