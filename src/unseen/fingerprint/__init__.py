"""Fingerprints of pictures and videos: PDQ with quality, decoded in locked-down child processes.

Every function takes a path or the bytes and raises `FingerprintError` with one of the codes unsupported, undecodable,
too_large, timeout, empty, not_found.
"""

import atexit
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from unseen.fingerprint.children import ChildDidNotStart
from unseen.fingerprint.model import (
    ErrorCode,
    FingerprintError,
    Forms,
    Frame,
    ImageFingerprint,
    Pixels,
    Variant,
    VideoFingerprint,
    Want,
)
from unseen.fingerprint.pool import DecoderPool, Fingerprint
from unseen.fingerprint.sources import Source

_POOL = DecoderPool()
atexit.register(_POOL.close)
os.register_at_fork(after_in_child=_POOL.forget)


@dataclass(frozen=True, slots=True)
class SandboxPart:
    """One protection of the decoding child; `trouble` says why it does not hold here, empty if it does."""

    name: str
    trouble: str

    @property
    def holds(self) -> bool:
        return not self.trouble


def fingerprint_image(
    source: Source, variants: bool = False, pixels: Pixels = Pixels.EXACT
) -> ImageFingerprint:
    """PDQ of a picture (of the first frame, if it is animated); `variants` adds the forms that a bank keeps."""
    answer = _POOL.fingerprint(source, Want.IMAGE, Forms.BANK if variants else Forms.NONE, pixels=pixels)
    if not isinstance(answer, ImageFingerprint):
        raise FingerprintError(
            ErrorCode.UNDECODABLE, "the decoder answered with a video: get another copy of the file"
        )
    return answer


def fingerprint_video(source: Source) -> VideoFingerprint:
    """PDQ of the first frame of every second; an animated GIF, WebP, AVIF or PNG is a video too."""
    answer = _POOL.fingerprint(source, Want.VIDEO)
    if not isinstance(answer, VideoFingerprint):
        raise FingerprintError(
            ErrorCode.UNDECODABLE, "the decoder answered with a picture: get another copy of the file"
        )
    return answer


def fingerprint(source: Source, forms: Forms = Forms.NONE, pixels: Pixels = Pixels.EXACT) -> Fingerprint:
    """Whatever the file is: an animation counts as a video, a picture as an image."""
    return _POOL.fingerprint(source, Want.ANY, forms, pixels=pixels)


def fingerprint_all(
    sources: Sequence[Source], forms: Forms = Forms.NONE, pixels: Pixels = Pixels.EXACT
) -> Iterator[Fingerprint | FingerprintError]:
    """Many sources on all cores: one answer each, in order; an error is an answer and stops nothing."""
    return _POOL.fingerprint_all(sources, forms=forms, pixels=pixels)


def sandbox_report() -> tuple[SandboxPart, ...]:
    """What protects the decoding children on this machine, asked of a running one. Raises ChildDidNotStart."""
    with _POOL.child() as child:
        return tuple(SandboxPart(name, trouble) for name, trouble in child.troubles.items())


__all__ = [
    "ChildDidNotStart",
    "DecoderPool",
    "ErrorCode",
    "Fingerprint",
    "FingerprintError",
    "Forms",
    "Frame",
    "ImageFingerprint",
    "Pixels",
    "SandboxPart",
    "Source",
    "Variant",
    "VideoFingerprint",
    "Want",
    "fingerprint",
    "fingerprint_all",
    "fingerprint_image",
    "fingerprint_video",
    "sandbox_report",
]
