"""What a file claims to be, from its first bytes alone, so that only the decoder meant for it ever sees it."""

from dataclasses import dataclass
from enum import StrEnum

HEAD_BYTES = 512


class Family(StrEnum):
    PICTURE = "picture"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class Claim:
    """A family and the one decoder that may open it (a Pillow format or an FFmpeg demultiplexer)."""

    family: Family
    decoder: str


# Where, what, whose: WebP and AVI are both RIFF files, told apart at byte 8.
_MAGICS = (
    (0, b"\xff\xd8\xff", Family.PICTURE, "JPEG"),
    (0, b"\x89PNG\r\n\x1a\n", Family.PICTURE, "PNG"),
    (0, b"GIF87a", Family.PICTURE, "GIF"),
    (0, b"GIF89a", Family.PICTURE, "GIF"),
    (8, b"WEBP", Family.PICTURE, "WEBP"),
    (8, b"AVI ", Family.VIDEO, "avi"),
    (0, b"\x1a\x45\xdf\xa3", Family.VIDEO, "matroska"),
    *((4, box, Family.VIDEO, "mov") for box in (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")),
)
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
_AVIF_BRANDS = {b"avif", b"avis"}
_STILL_BRANDS = {b"mif1", b"msf1", b"mif2", b"miaf"}


def claim(head: bytes) -> Claim | None:
    """The claim of a file that starts with `head` (up to 512 bytes), or None when it is no media that we decode."""
    for at, magic, family, name in _MAGICS:
        if head[at : at + len(magic)] == magic and (at != 8 or head[:4] == b"RIFF"):
            return Claim(family, name)
    if head[4:8] == b"ftyp":
        return _by_brand(head)
    if len(head) > 376 and head[0] == head[188] == head[376] == 0x47:
        return Claim(Family.VIDEO, "mpegts")
    return None


def _by_brand(head: bytes) -> Claim:
    """ISO base media: the brands tell a still picture from a film (ISO/IEC 14496-12, 23008-12)."""
    length = min(int.from_bytes(head[:4], "big"), len(head))
    brands = [head[8:12]] + [head[place : place + 4] for place in range(16, length - 3, 4)]
    if brands[0] in _AVIF_BRANDS:
        return Claim(Family.PICTURE, "AVIF")
    if brands[0] in _HEIF_BRANDS:
        return Claim(Family.PICTURE, "HEIF")
    if brands[0] in _STILL_BRANDS:
        return Claim(Family.PICTURE, "AVIF" if _AVIF_BRANDS.intersection(brands) else "HEIF")
    return Claim(Family.VIDEO, "mov")
