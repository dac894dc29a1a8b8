"""One open file in, one fingerprint out: looks at the first bytes, picks the one decoder, samples, fingerprints.

Runs only in the locked-down child.
"""

import hashlib
import struct
from collections.abc import Iterable
from io import BufferedReader

import av

from unseen.fingerprint.decode_picture import Shown, is_animated, opened, shown_frames, still
from unseen.fingerprint.decode_video import video_frames
from unseen.fingerprint.forms import bank_forms, mirror_form, query_forms
from unseen.fingerprint.limits import PICTURE_SIZE_BYTES_MAX, VIDEO_DURATION_S_MAX, VIDEO_FRAMES_DECODED_MAX
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
from unseen.fingerprint.picture import Picture, pdq_of
from unseen.fingerprint.sniff import HEAD_BYTES, Claim, Family, claim

# What the decoders raise on broken files; anything else ends the child, which the parent reports just the same.
_BROKEN = (
    av.error.FFmpegError,
    OSError,
    SyntaxError,
    ValueError,
    ArithmeticError,
    LookupError,
    EOFError,
    RuntimeError,
    TypeError,
    AttributeError,
    struct.error,
)


def fingerprint_file(
    file: BufferedReader, size_bytes: int, want: Want, forms: Forms, pixels: Pixels = Pixels.EXACT
) -> ImageFingerprint | VideoFingerprint:
    """Fingerprint an open, seekable file. Raises FingerprintError for every file that is no proper media."""
    claimed = claim(file.read(HEAD_BYTES))
    file.seek(0)
    if claimed is None:
        raise FingerprintError(
            ErrorCode.UNSUPPORTED,
            "not a picture or video that is decoded here: give a JPEG, PNG, WebP, AVIF, HEIC, GIF, MP4, WebM or AVI file",
        )
    try:
        if claimed.family is Family.VIDEO:
            return _video_file(file, claimed, want, forms)
        return _picture_file(file, size_bytes, claimed, want, forms, pixels)
    except MemoryError:
        raise FingerprintError(
            ErrorCode.TOO_LARGE, "decoding needs too much memory: make it smaller first"
        ) from None
    except _BROKEN as trouble:
        raise FingerprintError(
            ErrorCode.UNDECODABLE,
            f"the file is damaged or not what its first bytes claim ({type(trouble).__name__}): get a whole copy of it",
        ) from trouble


def _picture_file(
    file: BufferedReader, size_bytes: int, claimed: Claim, want: Want, forms: Forms, pixels: Pixels
) -> ImageFingerprint | VideoFingerprint:
    if size_bytes > PICTURE_SIZE_BYTES_MAX:
        most = PICTURE_SIZE_BYTES_MAX // 2**20
        raise FingerprintError(
            ErrorCode.TOO_LARGE, f"the picture's file is larger than {most} MiB: make it smaller first"
        )
    data = file.read(PICTURE_SIZE_BYTES_MAX)
    digest = hashlib.sha256(data).hexdigest()
    image = opened(data, claimed.decoder)
    if want is Want.VIDEO or (want is Want.ANY and is_animated(image)):
        return _sampled(shown_frames(image), digest, forms)
    picture = still(image, data, pixels, small=forms is not Forms.NONE)
    value = pdq_of(picture)
    variants = _variants(picture, forms)
    return ImageFingerprint(picture.width, picture.height, digest, value.value.hex(), value.quality, variants)


def _video_file(file: BufferedReader, claimed: Claim, want: Want, forms: Forms) -> VideoFingerprint:
    if want is Want.IMAGE:
        raise FingerprintError(
            ErrorCode.UNSUPPORTED, "this is a video, not a picture: fingerprint it as a video"
        )
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return _sampled(video_frames(file, claimed.decoder), digest, forms)


def _sampled(shown: Iterable[Shown], digest: str, forms: Forms) -> VideoFingerprint:
    """The first frame of every second that has one."""
    frames: list[Frame] = []
    due_s, until_s = 0.0, 0.0
    for count, each in enumerate(shown):
        if each.from_s > VIDEO_DURATION_S_MAX or count >= VIDEO_FRAMES_DECODED_MAX:
            raise FingerprintError(
                ErrorCode.TOO_LARGE, "the video is longer than four hours: cut it into parts"
            )
        until_s = max(until_s, each.until_s)
        if each.from_s >= due_s:
            due_s = each.from_s // 1 + 1
            frames.append(_frame(each, forms))
    if not frames:
        raise FingerprintError(
            ErrorCode.UNDECODABLE, "no frame of the video can be decoded: get a whole copy of it"
        )
    return VideoFingerprint(round(until_s, 3), digest, tuple(frames))


def _frame(shown: Shown, forms: Forms) -> Frame:
    picture = shown.picture()
    value = pdq_of(picture)
    variants = () if forms is Forms.NONE or _too_small(picture) else mirror_form(picture.small_luma())
    return Frame(round(shown.from_s, 3), value.value.hex(), value.quality, variants)


def _variants(picture: Picture, forms: Forms) -> tuple[Variant, ...]:
    if forms is Forms.NONE or _too_small(picture):
        return ()
    luma = picture.small_luma()
    return bank_forms(luma) if forms is Forms.BANK else query_forms(luma)


def _too_small(picture: Picture) -> bool:
    """Below 16 pixels a crop of a few percent is no crop at all."""
    return min(picture.width, picture.height) < 16
