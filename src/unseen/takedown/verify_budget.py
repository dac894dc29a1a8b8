"""How often a public page may be asked: by one address, and by everybody together.

In memory, because a row for each stranger's question would make the page a tool against the database, and because no
address shall be kept: an address is only a digest under a key that is thrown away each day
(docs/decisions/0038-*.md). The server is one process; a restart gives everybody a full budget again.
"""

import hashlib
import ipaddress
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import ceil

from unseen.domain.limits import VERIFY_ADDRESSES_MAX

_KEY_BYTES, _DIGEST_BYTES = 16, 8
_NETWORK_BITS_IPV6 = 64  # what one household or one rented server is given


@dataclass(slots=True)
class _Bucket:
    """So many questions are left as of that moment; one more comes back after each pause."""

    left: float
    at: datetime

    def refill(self, now: datetime, most: int, pause: timedelta) -> None:
        gained = (
            max(now - self.at, timedelta()) / pause
        )  # a clock that was set back gives nothing and takes nothing
        self.left, self.at = min(most, self.left + gained), now


@dataclass
class AskBudget:
    """So many questions at once and then one after each pause, of one address and of all. Safe for threads.

    Times are aware UTC and come from the view.
    """

    at_once: int
    every: timedelta
    all_at_once: int
    all_every: timedelta
    _day: date | None = None
    _key: bytes = b""
    _of: dict[bytes, _Bucket] = field(default_factory=dict)
    _all: _Bucket | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def spend(self, address: str, now: datetime) -> int:
        """Take one question from both budgets; 0, or after how many whole seconds there is one again."""
        with self._lock:
            self._new_day(now)
            own, everybody = self._bucket(address, now), self._everybody(now)
            waits = [_wait(everybody, self.all_every), _wait(own, self.every) if own is not None else 0]
            if max(waits):
                return max(waits)
            everybody.left -= 1
            if own is not None:
                own.left -= 1
            return 0

    def spent(self, address: str, now: datetime) -> float:
        """How many questions of its budget an address has used and not got back; all of it where none is kept."""
        with self._lock:
            self._new_day(now)
            own = self._bucket(address, now)
            return self.at_once - own.left if own is not None else self.at_once

    def _new_day(self, now: datetime) -> None:
        if self._day != now.date():
            self._day, self._key, self._of = now.date(), secrets.token_bytes(_KEY_BYTES), {}

    def _everybody(self, now: datetime) -> _Bucket:
        if self._all is None:
            self._all = _Bucket(self.all_at_once, now)
        self._all.refill(now, self.all_at_once, self.all_every)
        return self._all

    def _bucket(self, address: str, now: datetime) -> _Bucket | None:
        """The budget of one address; None when too many are known, and only the common budget counts."""
        digest = hashlib.blake2b(address.encode(), key=self._key, digest_size=_DIGEST_BYTES).digest()
        if digest not in self._of and len(self._of) >= VERIFY_ADDRESSES_MAX:
            self._forget_the_idle(now)
        if digest not in self._of and len(self._of) >= VERIFY_ADDRESSES_MAX:
            return None
        bucket = self._of.setdefault(digest, _Bucket(self.at_once, now))
        bucket.refill(now, self.at_once, self.every)
        return bucket

    def _forget_the_idle(self, now: datetime) -> None:
        idle = now - self.at_once * self.every
        self._of = {digest: bucket for digest, bucket in self._of.items() if bucket.at > idle}


def _wait(bucket: _Bucket, pause: timedelta) -> int:
    return 0 if bucket.left >= 1 else ceil((1 - bucket.left) * pause.total_seconds())


def asker_of(meta: Mapping[str, str]) -> str:
    """Who asks, from the request's `META`: one address, or the network of an IPv6 one.

    A proxy stands in front on our own machine or network, and adds the address that it saw to X-Forwarded-For; what
    stands before that anybody can write, so only the last one counts, and only from there.
    """
    peer = _address(meta.get("REMOTE_ADDR", ""))
    if peer is None or peer.is_private:
        peer = _address(meta.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()) or peer
    if isinstance(peer, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((peer, _NETWORK_BITS_IPV6), strict=False))
    return str(peer or "")


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
