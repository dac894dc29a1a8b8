"""The keys that this process has open: few, for a short time, and none after its destruction here."""

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from uuid import UUID

from unseen.domain.limits import OPEN_KEY_LASTS, OPEN_KEYS_MAX
from unseen.keys.box import Key


class Ring:
    """Open keys, the one used longest ago first. Threads share it."""

    def __init__(self, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._clock_s = clock_s
        self._lock = Lock()
        self._keys: OrderedDict[UUID, tuple[float, Key]] = OrderedDict()

    def get(self, owner: UUID) -> Key | None:
        """The key, if it was opened here lately."""
        with self._lock:
            opened_at_s, key = self._keys.get(owner, (0.0, None))
            if key is None:
                return None
            if self._clock_s() - opened_at_s > OPEN_KEY_LASTS.total_seconds():
                del self._keys[owner]
                return None
            self._keys.move_to_end(owner)
            return key

    def put(self, key: Key) -> None:
        """Keep it at hand."""
        with self._lock:
            self._keys[key.owner] = self._clock_s(), key
            self._keys.move_to_end(key.owner)
            while len(self._keys) > OPEN_KEYS_MAX:
                self._keys.popitem(last=False)

    def drop(self, owner: UUID) -> None:
        """Forget it at once."""
        with self._lock:
            self._keys.pop(owner, None)

    def __len__(self) -> int:
        return len(self._keys)


RING = Ring()
"""That of this process."""
