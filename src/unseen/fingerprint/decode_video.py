"""Videos through PyAV: one demultiplexer per file, frame by frame, so that memory does not grow with length.

Runs only in the locked-down child.
"""

from collections.abc import Iterator
from functools import partial
from io import BufferedReader

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL.Image import Transpose

from unseen.fingerprint.decode_picture import Shown
from unseen.fingerprint.limits import VIDEO_DAMAGED_PACKETS_MAX, VIDEO_PIXELS_MAX
from unseen.fingerprint.model import ErrorCode, FingerprintError
from unseen.fingerprint.picture import Picture

_TURNS = {
    90: Transpose.ROTATE_90,
    180: Transpose.ROTATE_180,
    270: Transpose.ROTATE_270,
}  # counter-clockwise, both
_FRAMES_A_SECOND_UNKNOWN = 25.0


def video_frames(file: BufferedReader, demultiplexer: str) -> Iterator[Shown]:
    """Every frame in order. Raises FingerprintError where there is no moving picture or it is too large."""
    with av.open(file, mode="r", format=demultiplexer, metadata_errors="ignore") as container:
        if not container.streams.video:
            raise FingerprintError(
                ErrorCode.UNSUPPORTED, "the file has no moving picture: give the video itself"
            )
        stream = container.streams.video[0]
        stream.codec_context.options = {
            "max_pixels": str(VIDEO_PIXELS_MAX)
        }  # FFmpeg checks it before it allocates
        stream.codec_context.thread_count = 1
        _check_size(stream.codec_context.width, stream.codec_context.height)
        frame_s = 1 / (float(stream.average_rate or 0) or _FRAMES_A_SECOND_UNKNOWN)
        start_s: float | None = None
        for count, frame in enumerate(_decoded(container, stream)):
            _check_size(frame.width, frame.height)
            time_s = count * frame_s if frame.pts is None else frame.time
            start_s = time_s if start_s is None else start_s
            from_s = max(0.0, time_s - start_s)
            yield Shown(partial(_picture, frame), from_s, from_s + frame_s)


def _decoded(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    """Damaged packets are skipped, as players do, so a video cut short still gives what it shows."""
    damaged = 0
    for packet in container.demux(stream):
        try:
            yield from packet.decode()
        except av.error.InvalidDataError:
            damaged += 1
            if damaged > VIDEO_DAMAGED_PACKETS_MAX:
                return


def _picture(frame: VideoFrame) -> Picture:
    image = frame.to_image()  # type: ignore[no-untyped-call]  # PyAV 18 gives it no types
    return Picture(image, _TURNS.get(int(frame.rotation) % 360))


def _check_size(width: int, height: int) -> None:
    if width * height > VIDEO_PIXELS_MAX:
        raise FingerprintError(
            ErrorCode.TOO_LARGE,
            f"the video has {width} x {height} pixels; at most 4096 x 2304 are decoded: make it smaller first",
        )
