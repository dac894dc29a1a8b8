"""What this process did, as Prometheus reads it (text format 0.0.4). Numbers only: nothing here points to an upload."""

from bisect import bisect_left
from collections.abc import Iterator
from threading import Lock

import numpy as np

from unseen.feed.lines import LineAction
from unseen.match_server.source import Facts, Found, Lease
from unseen.match_server.wire import Answer

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# Seconds. A look-up takes some 50 microseconds, a batch tens of milliseconds, a decoded upload up to seconds.
BOUNDS_S = (
    0.00005,
    0.0001,
    0.00025,
    0.0005,
    0.001,
    0.0025,
    0.005,
    0.01,
    0.025,
    0.05,
    0.1,
    0.25,
    1.0,
    5.0,
    30.0,
)


class Metrics:
    """Counters of one process; each process is scraped at its own address."""

    def __init__(self) -> None:
        self._lock = Lock()  # batches and uploads are counted in threads
        self._fingerprints = 0
        self._hits = [0] * len(LineAction)
        self._answers: dict[tuple[str, int], int] = {}
        self._took: dict[str, list[int]] = {}
        self._took_s: dict[str, float] = {}

    def searched(self, fingerprints: int, found: Found) -> None:
        """A search was made."""
        by_action = np.bincount(found.action, minlength=len(LineAction)).tolist() if len(found) else []
        with self._lock:
            self._fingerprints += fingerprints
            for action, count in enumerate(by_action):
                self._hits[action] += count

    def answered(self, route: str, status: int, seconds: float) -> None:
        """A request got its answer. `route`: one of ours, never what a caller asked for."""
        with self._lock:
            self._answers[route, status] = self._answers.get((route, status), 0) + 1
            self._took.setdefault(route, [0] * (len(BOUNDS_S) + 1))[bisect_left(BOUNDS_S, seconds)] += 1
            self._took_s[route] = self._took_s.get(route, 0.0) + seconds

    def page(self, facts: Facts | None, lease: Lease, now: int) -> Answer:
        """`GET /metrics`. `facts`: None where the source cannot be read; `now`: Unix seconds."""
        with self._lock:
            lines = [*self._counted(), *_standing(facts, lease, now)]
        return Answer(200, ("\n".join(lines) + "\n").encode(), METRICS_TYPE)

    def _counted(self) -> Iterator[str]:
        yield "# TYPE unseen_match_fingerprints_total counter"
        yield f"unseen_match_fingerprints_total {self._fingerprints}"
        yield "# TYPE unseen_match_hits_total counter"
        for action in list(LineAction)[1:]:
            yield f'unseen_match_hits_total{{action="{action.name.lower()}"}} {self._hits[action]}'
        yield "# TYPE unseen_match_answers_total counter"
        for (route, status), count in sorted(self._answers.items()):
            yield f'unseen_match_answers_total{{route="{route}",status="{status}"}} {count}'
        yield "# TYPE unseen_match_seconds histogram"
        for route, counts in sorted(self._took.items()):
            yield from _histogram(route, counts, self._took_s[route])


def _histogram(route: str, counts: list[int], total_s: float) -> Iterator[str]:
    below = 0
    for bound, count in zip((*BOUNDS_S, "+Inf"), counts, strict=True):
        below += count
        yield f'unseen_match_seconds_bucket{{route="{route}",le="{bound}"}} {below}'
    yield f'unseen_match_seconds_sum{{route="{route}"}} {total_s:.6f}'
    yield f'unseen_match_seconds_count{{route="{route}"}} {below}'


def _standing(facts: Facts | None, lease: Lease, now: int) -> Iterator[str]:
    yield from _gauge("unseen_match_readable", int(facts is not None))
    if facts is None:
        return
    yield from _gauge("unseen_match_fingerprints", facts.fingerprints)
    yield from _gauge("unseen_match_may_act", int(lease.may_act))
    if lease.until is not None:
        yield from _gauge("unseen_feed_lease_left_seconds", lease.until - now)
    if facts.following:
        yield from _gauge("unseen_feed_head_age_seconds", now - facts.following.head_issued)
        yield from _gauge("unseen_feed_pages_refused", facts.following.pages_refused)
        yield from _gauge("unseen_feed_failed_in_a_row", facts.following.failed_in_a_row)
        yield "# TYPE unseen_feed_standing gauge"
        yield f'unseen_feed_standing{{standing="{facts.following.standing}"}} 1'


def _gauge(name: str, value: int) -> Iterator[str]:
    yield f"# TYPE {name} gauge"
    yield f"{name} {value}"
