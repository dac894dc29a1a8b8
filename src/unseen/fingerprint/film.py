"""Which frames of a film are kept: sparse for a query, dense for a bank, and never more than a bounded number."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from unseen.domain.limits import QUALITY_MIN
from unseen.fingerprint.decode_picture import Shown
from unseen.fingerprint.frame_forms import Former
from unseen.fingerprint.limits import (
    VIDEO_CHANGES_A_SECOND_MAX,
    VIDEO_DURATION_S_MAX,
    VIDEO_FRAMES_DECODED_MAX,
    VIDEO_FRAMES_KEPT_MAX,
)
from unseen.fingerprint.looks import Look
from unseen.fingerprint.model import ErrorCode, FingerprintError, Frame

CHANGE_BITS = (
    80  # neighbouring frames of one scene differ by fewer in every film at hand, unrelated ones by 128
)
STEP_BITS = 24  # a copy of any frame in between still lies within 31 bits of the kept one (benchmarks/video)
STEP_S = 0.5  # and a still scene keeps a frame so often, so that an alignment knows the time


class Sampler(Protocol):
    """Looks at frames in order and keeps some."""

    frames: list[Frame]

    def offer(self, shown: Shown) -> None: ...


def sampled(shown_frames: Iterable[Shown], sampler: Sampler) -> float:
    """Offer every frame; answers when the last one ends, in seconds. Raises FingerprintError for a film too long."""
    until_s = 0.0
    for count, shown in enumerate(shown_frames):
        if shown.from_s > VIDEO_DURATION_S_MAX or count >= VIDEO_FRAMES_DECODED_MAX:
            raise FingerprintError(
                ErrorCode.TOO_LARGE, "the video is longer than four hours: cut it into parts"
            )
        until_s = max(until_s, shown.until_s)
        sampler.offer(shown)
    return until_s


@dataclass(slots=True)
class EverySecond:
    """The first frame of every second that has one, and the first after a change of scene."""

    former: Former
    frames: list[Frame] = field(default_factory=list)
    _due_s: float = 0.0
    _before: int | None = None
    _changes: int = 0

    def offer(self, shown: Shown) -> None:
        look = shown.look()
        value = int.from_bytes(look.value)
        if shown.from_s >= self._due_s:
            self._due_s, self._changes = shown.from_s // 1 + 1, 0
            self.frames.append(frame_of(shown, look, self.former))
        elif self._changed(value, look):
            self._changes += 1
            self.frames.append(frame_of(shown, look, self.former))
        self._before = value

    def _changed(self, value: int, look: Look) -> bool:
        room = self._changes < VIDEO_CHANGES_A_SECOND_MAX and len(self.frames) < VIDEO_FRAMES_KEPT_MAX
        apart = 0 if self._before is None else (value ^ self._before).bit_count()
        return room and apart >= CHANGE_BITS and look.quality >= QUALITY_MIN


@dataclass(slots=True)
class Every:
    """Every frame that is decoded, for keyframes; a long stretch without any is sampled each second."""

    former: Former
    frames: list[Frame] = field(default_factory=list)
    _due_s: float = 0.0

    def offer(self, shown: Shown) -> None:
        if shown.from_s >= self._due_s:
            self._due_s = shown.from_s + 0.9
            self.frames.append(frame_of(shown, shown.look(), self.former))


@dataclass(slots=True)
class Dense:
    """A frame more than 24 bits from the last kept one, or half a second after it; coarser where a film is long."""

    former: Former
    frames: list[Frame] = field(default_factory=list)
    _step_bits: int = STEP_BITS
    _step_s: float = STEP_S
    _due_s: float = 0.0
    _before: int = 0

    def offer(self, shown: Shown) -> None:
        look = shown.look()
        value = int.from_bytes(look.value)
        if shown.from_s >= self._due_s or (
            (value ^ self._before).bit_count() > self._step_bits and look.quality >= QUALITY_MIN
        ):
            self._before, self._due_s = value, shown.from_s + self._step_s
            self.frames.append(frame_of(shown, look, self.former))
            if len(self.frames) >= VIDEO_FRAMES_KEPT_MAX:
                self._thin()

    def _thin(self) -> None:
        """Half of the frames go, and from now on as few are kept."""
        self.frames = self.frames[::2]
        self._step_bits, self._step_s = self._step_bits + 8, self._step_s * 2


def frame_of(shown: Shown, look: Look, former: Former) -> Frame:
    return Frame(round(shown.from_s, 3), look.value.hex(), look.quality, former(shown.from_s, look))
