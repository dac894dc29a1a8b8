"""From hits of single frames to stretches of film: which seconds of a query show which seconds of a film in the bank.

A copy keeps the order of frames: bank time is speed times query time plus an offset. Lines are found by voting over
speeds and offsets (Hough 1962), fitted to the nearest frames, and taken one after the other, best first.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from unseen.domain.limits import RADIUS_BITS

Seconds = NDArray[np.float64]

SPEEDS = np.round(np.arange(0.80, 1.2501, 0.01), 2)  # beyond them speech and movement look wrong
_SPEED_LEAST, _SPEED_MOST = 0.78, 1.28  # after fitting
_TOLERANCE_S = 0.75  # a bank keeps a frame every half second at least; a query's frame may lie between two
_BIN_S = 0.25
_WINDOW_S = 60.0  # a wrong speed of half a step drifts by 0.15 s at its ends
_GAP_S = 10.0  # frames without a hit inside one stretch: a copy under a sticker, a dark scene
_SPAN_FITTED_S = 4.0  # below it a speed cannot be told from a shift
_SPEED_PRICE = 0.2  # of two lines that explain as much, the one at the film's own speed
_OWN_SPEED_SHARE = 0.97  # a still scene fits any speed; the film's own is the plain answer
_HITS_A_FRAME_MAX = 48  # a still scene gives hundreds; the nearest tell the time best
_FRAMES_MIN = 3
_NEAR_BITS = 20  # chance hits of unrelated pictures lie above it (benchmarks/video)
SEGMENTS_MAX = 32  # a compilation of more parts of one film is named by its longest


@dataclass(frozen=True, slots=True)
class Segment:
    """Seconds [from_s, to_s) of the query show [bank_from_s, bank_to_s) of the film; `speed` above 1: played faster."""

    from_s: float
    to_s: float
    bank_from_s: float
    bank_to_s: float
    speed: float
    frames_s: tuple[float, ...]  # the query's frames that say so
    distance_bits: int  # of the nearest of them

    def facts(self) -> dict[str, float]:
        names = ("from_s", "to_s", "bank_from_s", "bank_to_s", "speed")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class FrameHits:
    """Hits of a query's frames in one film: frame number, the film's second, distance in bits; equally long."""

    frame: NDArray[np.intp]
    bank_s: Seconds
    distance_bits: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class QueryFrames:
    """The query's searchable frames in order: when each begins, when the next frame of any kind does, and its look.

    `look`: a number that frames within 24 bits of each other share.
    """

    from_s: Seconds
    until_s: Seconds
    look: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class _Line:
    speed: float
    offset_s: float

    def at(self, query_s: Seconds | float) -> Seconds:
        return np.asarray(self.speed * query_s + self.offset_s)


def align(query: QueryFrames, hits: FrameHits, film_s: float) -> tuple[Segment, ...]:
    """The stretches that the hits prove, in the query's order. Empty: chance hits only. `film_s`: the film's length."""
    points = _Points.of(query, hits)
    found: list[Segment] = []
    while len(points.frame) and len(found) < SEGMENTS_MAX:
        line = points.best_line()
        runs = list(points.runs(line))
        proven = [run for run in runs if points.proves(run, film_s)]
        if not proven:
            break
        found += [points.segment(line, run) for run in proven]
        points = points.without(proven)
    return tuple(sorted(found, key=lambda each: each.from_s))


@dataclass(frozen=True, slots=True)
class _Points:
    query: QueryFrames
    frame: NDArray[np.intp]
    query_s: Seconds
    bank_s: Seconds
    distance_bits: NDArray[np.int64]

    @classmethod
    def of(cls, query: QueryFrames, hits: FrameHits) -> "_Points":
        """Of each frame only the nearest hits, by frame."""
        order = np.lexsort((hits.distance_bits, hits.frame))
        frame = hits.frame[order]
        first = np.searchsorted(frame, frame)
        order = order[np.arange(len(order)) - first < _HITS_A_FRAME_MAX]
        frame = hits.frame[order]
        return cls(query, frame, query.from_s[frame], hits.bank_s[order], hits.distance_bits[order])

    @property
    def weight(self) -> Seconds:
        """1 for an equal frame, 0 outside the radius; squared, so that near frames tell the time."""
        return np.asarray((1 - self.distance_bits / (RADIUS_BITS + 1)) ** 2)

    def best_line(self) -> _Line:
        """The line with the most evidence: voted window by window, then fitted to what it explains."""
        seeds = [line for window in self._windows() for line in self._voted(window)]
        fitted = [self._fitted(line) for line in seeds]
        return max(fitted, key=self._evidence)

    def _windows(self) -> Iterator[NDArray[np.intp]]:
        """The places of points, a minute of the query at a time, half overlapping."""
        start_s, end_s = float(self.query_s.min()), float(self.query_s.max())
        while True:
            yield np.nonzero((self.query_s >= start_s) & (self.query_s <= start_s + _WINDOW_S))[0]
            if start_s + _WINDOW_S >= end_s:
                return
            start_s = max(
                start_s + _WINDOW_S / 2,
                float(self.query_s[np.searchsorted(self.query_s, start_s + _WINDOW_S / 2)]),
            )

    def _voted(self, window: NDArray[np.intp]) -> list[_Line]:
        """The best offset of the best three speeds: each frame has one vote a bin, worth its nearest hit."""
        best: list[tuple[float, _Line]] = []
        middle_s = float(np.median(self.query_s[window])) if len(window) else 0.0
        frame, weight = self.frame[window], self.weight[window]
        for speed in SPEEDS if len(window) else ():
            offsets_s = self.bank_s[window] - speed * (self.query_s[window] - middle_s)
            lowest_s = offsets_s.min()
            bins = 1 + ((offsets_s - lowest_s) / _BIN_S).astype(np.intp)
            order = np.lexsort((weight, frame, bins))
            last = np.ones(len(order), bool)
            last[:-1] = (np.diff(bins[order]) != 0) | (np.diff(frame[order]) != 0)
            votes = np.bincount(bins[order][last], weight[order][last], minlength=int(bins.max()) + 2)
            top = 1 + int((votes[1:-1] + (votes[:-2] + votes[2:]) / 2).argmax())
            offset_s = lowest_s + (top - 0.5) * _BIN_S - speed * middle_s
            worth = float(votes[top]) * (1 - _SPEED_PRICE * abs(speed - 1))
            best.append((worth, _Line(float(speed), float(offset_s))))
        return [line for _, line in sorted(best, key=lambda each: -each[0])[:3]]

    def supporters(self, line: _Line) -> tuple[NDArray[np.intp], Seconds]:
        """The best point of each frame near the line, by frame, and what each is worth."""
        off_s = np.abs(self.bank_s - line.at(self.query_s))
        worth = self.weight * np.maximum(0.0, 1 - off_s / _TOLERANCE_S)
        near = np.nonzero(worth > 0)[0]
        order = near[np.lexsort((worth[near], self.frame[near]))]
        last = np.ones(len(order), bool)
        last[:-1] = np.diff(self.frame[order]) != 0
        return order[last], worth[order[last]]

    def _evidence(self, line: _Line) -> float:
        return float(self.supporters(line)[1].sum()) * (1 - _SPEED_PRICE * abs(line.speed - 1))

    def _fitted(self, line: _Line) -> _Line:
        """Least squares on the points near the line, as long as that explains more; then at the film's own speed."""
        best = self._improved(line, own_speed=False)
        own = self._improved(_through(best, float(np.median(self.query_s)), 1.0), own_speed=True)
        return own if self._evidence(own) >= _OWN_SPEED_SHARE * self._evidence(best) else best

    def _improved(self, line: _Line, own_speed: bool) -> _Line:
        evidence = self._evidence(line)
        for _ in range(5):
            places, worth = self.supporters(line)
            if not len(places):
                return line
            speed = 1.0 if own_speed else None
            better = _least_squares(self.query_s[places], self.bank_s[places], worth, line.speed, speed)
            grown = self._evidence(better)
            if grown <= evidence:
                return line
            line, evidence = better, grown
        return line

    def runs(self, line: _Line) -> Iterator[NDArray[np.intp]]:
        """The points along the line, cut where too long nothing matches."""
        places, _ = self.supporters(line)
        if len(places):
            cuts = np.nonzero(np.diff(self.query_s[places]) > _GAP_S)[0] + 1
            yield from np.split(places, cuts)

    def proves(self, run: NDArray[np.intp], film_s: float) -> bool:
        """Whether a run is no chance: three frames, or two thirds of what query or film can give; a quarter of those between.

        Frames of a still scene hit or miss together, so they count as one; one or two hits prove little: they must be near.
        """
        frames = self.frame[run]
        possible = min(len(self.query.from_s), 1 + int(film_s))
        enough = len(frames) >= min(_FRAMES_MIN, (2 * possible + 2) // 3)
        several_looks = len(np.unique(self.query.look[frames])) > 1
        near = int(self.distance_bits[run].min()) <= _NEAR_BITS
        varied = several_looks and len(frames) >= _FRAMES_MIN
        return enough and (varied or near) and 4 * len(frames) > frames[-1] - frames[0]

    def segment(self, line: _Line, run: NDArray[np.intp]) -> Segment:
        from_s = float(self.query_s[run[0]])
        to_s = float(self.query.until_s[self.frame[run[-1]]])
        return Segment(
            round(from_s, 2),
            round(to_s, 2),
            round(max(0.0, float(line.at(from_s))), 2),
            round(max(0.0, float(line.at(to_s))), 2),
            round(line.speed, 3),
            tuple(self.query_s[run].tolist()),
            int(self.distance_bits[run].min()),
        )

    def without(self, runs: list[NDArray[np.intp]]) -> "_Points":
        """What is left when these stretches of the query are explained."""
        left = np.ones(len(self.frame), bool)
        for run in runs:
            left &= (self.query_s < self.query_s[run[0]]) | (self.query_s > self.query_s[run[-1]])
        return _Points(
            self.query, self.frame[left], self.query_s[left], self.bank_s[left], self.distance_bits[left]
        )


def _through(line: _Line, query_s: float, speed: float) -> _Line:
    """The line of another speed that agrees at this second."""
    return _Line(speed, float(line.at(query_s)) - speed * query_s)


def _least_squares(
    query_s: Seconds, bank_s: Seconds, worth: Seconds, speed: float, fixed: float | None
) -> _Line:
    """Weighted; the speed is `fixed`, or fitted where the points span enough, or stays."""
    middle_s, there_s = np.average(query_s, weights=worth), np.average(bank_s, weights=worth)
    if fixed is None and np.ptp(query_s) >= _SPAN_FITTED_S:
        spread = float((worth * (query_s - middle_s) ** 2).sum())
        speed = float((worth * (query_s - middle_s) * (bank_s - there_s)).sum()) / spread
        speed = min(_SPEED_MOST, max(_SPEED_LEAST, speed))
    return _Line(fixed or speed, float(there_s - (fixed or speed) * middle_s))
