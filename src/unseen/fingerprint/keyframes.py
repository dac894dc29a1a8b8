"""Which packets to decode when only keyframes are wanted: by the packet's own flag, which every container carries.

FFmpeg's `skip_frame` would be simpler, but its VP9 decoder ignores it (measurements.md, pitfalls).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from av.packet import Packet
from av.video.stream import VideoStream

from unseen.fingerprint.limits import KEYFRAME_GAP_S_MAX, KEYFRAME_HELD_BYTES_MAX, KEYFRAME_STEP_S_MIN

VideoPacket: TypeAlias = "Packet[VideoStream]"  # PyAV names the type in its stubs only


def selected(packets: Iterable[VideoPacket], seen: Callable[[float], None]) -> Iterator[VideoPacket]:
    """The keyframes, at most one in 2.5 s; where the next is far away, every packet up to it.

    `seen` is told where each packet ends, in seconds after the first. Packets without a time, and the last, which
    flushes the decoder, pass.
    """
    groups, start_s = _Groups(), None
    for packet in packets:
        at_s = _at_s(packet)
        if at_s is None:
            yield from groups.finished()
            yield packet
            continue
        start_s = at_s if start_s is None else start_s
        seen(at_s - start_s + float((packet.duration or 0) * packet.time_base))
        yield from groups.next(packet, at_s)


@dataclass(slots=True)
class _Groups:
    """A keyframe and what follows it is held back until its length is known, so a stream is read only once."""

    held: list[VideoPacket] = field(default_factory=list)
    key_s: float = 0.0
    size_bytes: int = 0
    whole: bool = False  # the present group is long: everything of it passes
    taken_s: float = float("-inf")

    def next(self, packet: VideoPacket, at_s: float) -> Iterator[VideoPacket]:
        if packet.is_keyframe:
            yield from self.finished()
            self.key_s, self.size_bytes, self.whole = at_s, 0, False
        elif not self.held:
            if self.whole:
                yield packet
            return
        self.held.append(packet)
        self.size_bytes += packet.size
        if at_s - self.key_s > KEYFRAME_GAP_S_MAX or self.size_bytes > KEYFRAME_HELD_BYTES_MAX:
            yield from self.held
            self.held, self.whole, self.taken_s = [], True, at_s

    def finished(self) -> Iterator[VideoPacket]:
        """The held group's keyframe, unless one was taken just before it."""
        if self.held and self.key_s - self.taken_s >= KEYFRAME_STEP_S_MIN:
            self.taken_s = self.key_s
            yield self.held[0]
        self.held = []


def _at_s(packet: VideoPacket) -> float | None:
    stamp = packet.dts if packet.dts is not None else packet.pts
    return None if stamp is None or packet.size == 0 else float(stamp * packet.time_base)
