"""One open file in, one fingerprint out: looks at the first bytes, picks the one decoder, samples, fingerprints.

Runs only in the locked-down child.
"""

import hashlib
import struct
from io import BufferedReader

import av
import cv2
from PIL import Image

from unseen.fingerprint.decode_picture import is_animated, opened, shown_frames, still
from unseen.fingerprint.decode_video import Film
from unseen.fingerprint.deep import deep_facts
from unseen.fingerprint.deep_model import Original, Query
from unseen.fingerprint.film import Dense, Every, EverySecond, Sampler, sampled
from unseen.fingerprint.forms import bank_forms, query_forms
from unseen.fingerprint.frame_forms import former_of
from unseen.fingerprint.limits import KEYFRAMES_MIN, PICTURE_SIZE_BYTES_MAX, VIDEO_DURATION_S_MAX
from unseen.fingerprint.model import (
    Ask,
    ErrorCode,
    FingerprintError,
    Forms,
    Frames,
    ImageFingerprint,
    Variant,
    VideoFingerprint,
    Want,
)
from unseen.fingerprint.picture import Picture, pdq_of
from unseen.fingerprint.sniff import HEAD_BYTES, Claim, Family, claim

# What the decoders (and the search for local features) raise on broken files; anything else ends the child, which the parent reports just the same.
_BROKEN = (
    av.error.FFmpegError,
    cv2.error,
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


_CROPPED_SIDE_PIXELS_MIN = 16  # below it a crop of a few percent is no crop at all


def fingerprint_file(file: BufferedReader, size_bytes: int, ask: Ask) -> ImageFingerprint | VideoFingerprint:
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
            return _video_file(file, claimed, ask)
        return _picture_file(file, size_bytes, claimed, ask)
    except (MemoryError, Image.DecompressionBombError):
        raise FingerprintError(
            ErrorCode.TOO_LARGE, "decoding needs too much memory: make it smaller first"
        ) from None
    except _BROKEN as trouble:
        raise FingerprintError(
            ErrorCode.UNDECODABLE,
            f"the file is damaged or not what its first bytes claim ({type(trouble).__name__}): get a whole copy of it",
        ) from trouble


def _picture_file(
    file: BufferedReader, size_bytes: int, claimed: Claim, ask: Ask
) -> ImageFingerprint | VideoFingerprint:
    if size_bytes > PICTURE_SIZE_BYTES_MAX:
        most = PICTURE_SIZE_BYTES_MAX // 2**20
        raise FingerprintError(
            ErrorCode.TOO_LARGE, f"the picture's file is larger than {most} MiB: make it smaller first"
        )
    data = file.read(PICTURE_SIZE_BYTES_MAX)
    digest = hashlib.sha256(data).hexdigest()
    image = opened(data, claimed.decoder)
    if ask.want is Want.VIDEO or (ask.want is Want.ANY and is_animated(image)):
        return _animation(image, digest, ask)
    picture = still(image, data, ask.pixels, small=ask.forms is not Forms.NONE)
    value = pdq_of(picture)
    variants, deep = _forms(picture, ask.forms)
    size = (picture.width, picture.height)
    return ImageFingerprint(*size, digest, value.value.hex(), value.quality, variants, deep)


def _video_file(file: BufferedReader, claimed: Claim, ask: Ask) -> VideoFingerprint:
    if ask.want is Want.IMAGE:
        raise FingerprintError(
            ErrorCode.UNSUPPORTED, "this is a video, not a picture: fingerprint it as a video"
        )
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return _film(file, claimed.decoder, digest, ask.forms, ask.frames)


def _animation(image: Image.Image, digest: str, ask: Ask) -> VideoFingerprint:
    sampler = _sampler(ask.forms, Frames.DENSE if ask.frames is Frames.DENSE else Frames.SECOND)
    until_s = sampled(shown_frames(image), sampler)
    return _answer(until_s, digest, sampler)


def _film(
    file: BufferedReader, demultiplexer: str, digest: str, forms: Forms, frames: Frames
) -> VideoFingerprint:
    sampler = _sampler(forms, frames)
    film = Film(file, demultiplexer, keyframes_only=frames is Frames.KEYFRAMES)
    until_s = max(sampled(film.frames(), sampler), min(film.until_s, float(VIDEO_DURATION_S_MAX)))
    if frames is Frames.KEYFRAMES and len(sampler.frames) < KEYFRAMES_MIN:
        file.seek(0)
        return _film(file, demultiplexer, digest, forms, Frames.SECOND)
    return _answer(until_s, digest, sampler)


def _sampler(forms: Forms, frames: Frames) -> Sampler:
    former = former_of(forms.edited)
    if frames is Frames.DENSE:
        return Dense(former)
    return Every(former) if frames is Frames.KEYFRAMES else EverySecond(former)


def _answer(until_s: float, digest: str, sampler: Sampler) -> VideoFingerprint:
    if not sampler.frames:
        raise FingerprintError(
            ErrorCode.UNDECODABLE, "no frame of the video can be decoded: get a whole copy of it"
        )
    return VideoFingerprint(round(until_s, 3), digest, tuple(sampler.frames))


def _forms(picture: Picture, forms: Forms) -> tuple[tuple[Variant, ...], Original | Query | None]:
    """Edited forms and local features, both from one reduced copy."""
    if forms is Forms.NONE:
        return (), None
    luma, side_pixels = picture.small_luma(), min(picture.width, picture.height)
    deep = deep_facts(luma, side_pixels, forms)
    if side_pixels < _CROPPED_SIDE_PIXELS_MIN:
        return (), deep
    return (bank_forms if forms.edited is Forms.BANK else query_forms)(luma), deep
