"""Videos through PyAV: one demultiplexer per file, frame by frame, so that memory does not grow with length.

Runs only in the locked-down child.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from io import BufferedReader

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange
from av.video.stream import VideoStream
from PIL.Image import Transpose

from unseen.fingerprint.decode_picture import Shown
from unseen.fingerprint.keyframes import VideoPacket, selected
from unseen.fingerprint.limits import VIDEO_DAMAGED_PACKETS_MAX, VIDEO_PIXELS_MAX
from unseen.fingerprint.looks import Look, look_at_picture, look_at_plane
from unseen.fingerprint.model import ErrorCode, FingerprintError
from unseen.fingerprint.pdq import SIDE_PIXELS_MIN
from unseen.fingerprint.picture import Picture
from unseen.fingerprint.plane import Plane

_TURNS = {
    90: Transpose.ROTATE_90,
    180: Transpose.ROTATE_180,
    270: Transpose.ROTATE_270,
}  # counter-clockwise, both
_FRAMES_A_SECOND_UNKNOWN = 25.0
# The first plane is luma of 8 bits, one byte a pixel; every other format goes through Pillow.
_LUMA_PLANE = {
    *("yuv420p", "yuv422p", "yuv444p", "yuv440p", "yuv411p", "yuv410p", "yuva420p", "yuva422p", "yuva444p"),
    *("yuvj420p", "yuvj422p", "yuvj444p", "yuvj440p", "yuvj411p", "nv12", "nv21", "nv16", "nv24", "gray"),
}
_FULL_RANGE = ("yuvj", "gray")


@dataclass(slots=True)
class Film:
    """An open video. Iterate `frames` once; `until_s` then is where the last packet seen ends."""

    file: BufferedReader
    demultiplexer: str
    keyframes_only: bool = False
    until_s: float = 0.0
    _frame_s: float = field(default=1 / _FRAMES_A_SECOND_UNKNOWN, init=False)

    def frames(self) -> Iterator[Shown]:
        """Frames in order. Raises FingerprintError where there is no moving picture or it is too large."""
        with av.open(self.file, mode="r", format=self.demultiplexer, metadata_errors="ignore") as container:
            if not container.streams.video:
                raise FingerprintError(
                    ErrorCode.UNSUPPORTED, "the file has no moving picture: give the video itself"
                )
            stream = container.streams.video[0]
            _prepare(stream)
            self._frame_s = 1 / (float(stream.average_rate or 0) or _FRAMES_A_SECOND_UNKNOWN)
            start_s: float | None = None
            for count, frame in enumerate(_decoded(self._packets(container, stream))):
                _check_size(frame.width, frame.height)
                time_s = count * self._frame_s if frame.pts is None else frame.time
                start_s = time_s if start_s is None else start_s
                from_s = max(0.0, time_s - start_s)
                self.until_s = max(self.until_s, from_s + self._frame_s)
                yield Shown(partial(_look, frame), from_s, from_s + self._frame_s)

    def _packets(self, container: InputContainer, stream: VideoStream) -> Iterator[VideoPacket]:
        packets = container.demux(stream)
        return selected(packets, self._seen) if self.keyframes_only else packets

    def _seen(self, until_s: float) -> None:
        self.until_s = max(self.until_s, until_s)


def _prepare(stream: VideoStream) -> None:
    # FFmpeg checks it before it allocates
    stream.codec_context.options = {"max_pixels": str(VIDEO_PIXELS_MAX)}
    stream.codec_context.thread_count = 1
    _check_size(stream.codec_context.width, stream.codec_context.height)


def _decoded(packets: Iterator[VideoPacket]) -> Iterator[VideoFrame]:
    """Damaged packets are skipped, as players do, so a video cut short still gives what it shows."""
    damaged = 0
    for packet in packets:
        try:
            yield from packet.decode()
        except av.error.InvalidDataError:
            damaged += 1
            if damaged > VIDEO_DAMAGED_PACKETS_MAX:
                return


def _look(frame: VideoFrame) -> Look:
    plane = _luma_plane(frame)
    if plane is None:
        return look_at_picture(_picture(frame))
    full = frame.format.name.startswith(_FULL_RANGE) or frame.color_range == ColorRange.JPEG
    return look_at_plane(plane, int(frame.rotation) % 360 // 90, full)


def _luma_plane(frame: VideoFrame) -> Plane | None:
    """A view of the decoder's luma, uint8[H, W] with padded rows; None where only Pillow can tell."""
    if frame.format.name not in _LUMA_PLANE or int(frame.rotation) % 90:
        return None
    plane = frame.planes[0]
    if min(frame.width, frame.height) < SIDE_PIXELS_MIN or plane.line_size < frame.width:
        return None
    data: Plane = np.frombuffer(memoryview(plane), np.uint8)
    rows = data[: plane.line_size * frame.height].reshape(frame.height, plane.line_size)
    return rows[:, : frame.width]


def _picture(frame: VideoFrame) -> Picture:
    image = frame.to_image()  # type: ignore[no-untyped-call]  # PyAV 18 gives it no types
    return Picture(image, _TURNS.get(int(frame.rotation) % 360))


def _check_size(width: int, height: int) -> None:
    if width * height > VIDEO_PIXELS_MAX:
        raise FingerprintError(
            ErrorCode.TOO_LARGE,
            f"the video has {width} x {height} pixels; at most 4096 x 2304 are decoded: make it smaller first",
        )
