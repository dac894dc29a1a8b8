"""JPEG bytes to PDQ, ours in each way and the rivals with their best decoders; each answers the 64 hex digits or nothing."""

import io
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import pdqhash
from perception.hashers.image.pdq import PDQHash
from PIL import Image
from threatexchange.signal_type.pdq.signal import PdqSignal

import unseen.native
from unseen.fingerprint.decode_picture import opened, still
from unseen.fingerprint.model import Pixels
from unseen.fingerprint.picture import pdq_of
from unseen.native import kernels

LIMIT = "limit: grey decode (libjpeg-turbo)"
RIVAL = "threatexchange"


@dataclass(frozen=True)
class Engine:
    """`of`: the fingerprint in hex of a JPEG's bytes, empty where the engine only decodes."""

    name: str
    of: Callable[[bytes], str]


def engines() -> list[Engine]:
    cv2.setNumThreads(1)
    ours = [Engine(f"unseen {each}", lambda data, each=each: ours_of(data, each)) for each in Pixels]
    return [
        *ours,
        Engine("unseen luma, NumPy only", lambda data: _without_kernels(data, Pixels.LUMA)),
        Engine("unseen scaled, NumPy only", lambda data: _without_kernels(data, Pixels.SCALED)),
        Engine(LIMIT, _grey_decode),
        Engine("Pillow grey decode", _pillow_grey_decode),
        Engine("Pillow RGB decode", lambda data: _pillow(data) and ""),
        Engine(RIVAL, PdqSignal.hash_from_bytes),
        Engine("pdqhash + Pillow", lambda data: _hex(pdqhash.compute(np.asarray(_pillow(data)))[0])),
        Engine("pdqhash + cv2", lambda data: _hex(pdqhash.compute(_cv2(data))[0])),
        Engine("perception + cv2", lambda data: PERCEPTION.compute(_cv2(data), hash_format="hex")),
    ]


PERCEPTION = PDQHash()


def ours_of(data: bytes, pixels: Pixels) -> str:
    """What the decoding child does for a picture, without the digest of the file and the way to the child and back."""
    return pdq_of(still(opened(data, "JPEG"), data, pixels)).value.hex()


def _without_kernels(data: bytes, pixels: Pixels) -> str:
    module = unseen.native._MODULE  # noqa: SLF001  # as UNSEEN_NATIVE=off has it, in the same run
    unseen.native._MODULE = None  # noqa: SLF001
    try:
        return ours_of(data, pixels)
    finally:
        unseen.native._MODULE = module  # noqa: SLF001


def _grey_decode(data: bytes) -> str:
    native = kernels()
    if native is None or native.jpeg_reduced(data, (0, 0), 1, 10**9) is None:
        raise SystemExit(
            "the kernels were built without libjpeg-turbo: apt-get install libjpeg62-turbo-dev, make native"
        )
    return ""


def _pillow_grey_decode(data: bytes) -> str:
    image = Image.open(io.BytesIO(data))
    image.draft("L", image.size)
    image.load()
    return ""


def _pillow(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def _cv2(data: bytes) -> np.ndarray:
    return cv2.cvtColor(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)


def _hex(bits: np.ndarray) -> str:
    return np.packbits(np.asarray(bits, bool)).tobytes().hex()
