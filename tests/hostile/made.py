"""Hostile files made by code: one of each class that the wild has, small enough to be made for every test run."""

import struct
import zlib
from collections.abc import Callable, Mapping
from functools import cache
from io import BytesIO
from types import MappingProxyType
from typing import Any

import numpy as np
import pillow_heif
from PIL import Image

from unseen.testing.media import FOLDER as MEDIA

PNG = b"\x89PNG\r\n\x1a\n"


@cache
def photo(width: int = 320, height: int = 213) -> Image.Image:
    with Image.open(MEDIA / "photos" / "macaws.jpg") as image:
        return image.convert("RGB").resize((width, height))


@cache
def saved(form: str, **options: Any) -> bytes:
    file = BytesIO()
    photo().save(file, form, **options)
    return file.getvalue()


@cache
def heic() -> bytes:
    file = BytesIO()
    pillow_heif.from_pillow(photo()).save(file, quality=50)
    return file.getvalue()


@cache
def film() -> bytes:
    return (MEDIA / "videos" / "flower.mp4").read_bytes()


def chunk(name: bytes, body: bytes) -> bytes:
    """A PNG chunk."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def box(name: bytes, body: bytes) -> bytes:
    """An ISO base media box."""
    return struct.pack(">I", len(body) + 8) + name + body


def patched(data: bytes, after: bytes, skip: int, put: bytes, nth: int = 0) -> bytes:
    """`data` with `put` written `skip` bytes behind the nth `after`."""
    place = -1
    for _ in range(nth + 1):
        place = data.index(after, place + 1)
    place += len(after) + skip
    return data[:place] + put + data[place + len(put) :]


def png_of(side: int, depth: int = 1) -> bytes:
    """A white PNG of side x side pixels, made without ever holding them."""
    packer = zlib.compressobj(9)
    row = b"\0" + b"\xff" * ((side * depth + 7) // 8)
    body = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    return (
        PNG
        + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, depth, 0, 0, 0, 0))
        + chunk(b"IDAT", body)
        + chunk(b"IEND", b"")
    )


def png_with(*chunks: bytes) -> bytes:
    """A small whole PNG with further chunks behind its header."""
    whole = saved("PNG")
    return whole[:33] + b"".join(chunks) + whole[33:]


def gif_of(frames: int, width: int = 1, height: int = 1, screen: int = 1) -> bytes:
    """A GIF of `frames` frames that take 15 bytes each."""
    head = b"GIF89a" + struct.pack("<HHBBB", screen, screen, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    return head + (b"," + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\2\2D\1\0") * frames + b";"


def apng(frames_claimed: int, width: int, height: int) -> bytes:
    """An animated PNG whose control chunks lie."""
    control = chunk(b"acTL", struct.pack(">II", frames_claimed, 0))
    frame = chunk(b"fcTL", struct.pack(">IIIIIHHBB", 0, width, height, 0, 0, 0, 0, 0, 0))
    return png_with(control, frame)


def webp_canvas(side: int) -> bytes:
    """An animated WebP that claims a huge canvas (24-bit sides) and holds one small frame."""
    small = saved("WEBP", lossless=True)[12:]
    frame = struct.pack("<I", 0)[:3] * 2 + b"".join(struct.pack("<I", each - 1)[:3] for each in photo().size)
    frame += struct.pack("<I", 100)[:3] + b"\0" + small
    body = b"WEBPVP8X" + struct.pack("<IB3x", 10, 2) + struct.pack("<I", side - 1)[:3] * 2
    body += b"ANIM" + struct.pack("<IIH", 6, 0, 0) + b"ANMF" + struct.pack("<I", len(frame)) + frame
    return b"RIFF" + struct.pack("<I", len(body)) + body


def jpeg_size(width: int, height: int) -> bytes:
    """A JPEG whose frame header lies about its size."""
    return patched(saved("JPEG"), b"\xff\xc0\0\x11\x08", 0, struct.pack(">HH", height, width))


def jpeg_sampling(factors: bytes) -> bytes:
    """A JPEG whose three components claim these sampling factors."""
    data = saved("JPEG")
    for nth, factor in enumerate(factors):
        data = patched(data, b"\xff\xc0\0\x11\x08", 6 + 3 * nth, bytes([factor]))
    return data


@cache
def jpeg_of_many_scans(side: int = 5000, scans: int = 3000) -> bytes:
    """A progressive JPEG whose last scan comes again and again: each is a pass over all pixels."""
    file = BytesIO()
    Image.new("L", (side, side), 128).save(file, "JPEG", progressive=True, quality=20)
    data = file.getvalue()
    last = data.rindex(b"\xff\xda")
    return data[:-2] + data[last:-2] * scans + b"\xff\xd9"


def exif_loop() -> bytes:
    """A JPEG whose EXIF directory points at itself."""
    tiff = b"II*\0\x08\0\0\0" + struct.pack("<HHHIII", 1, 0x8769, 4, 1, 8, 8)
    body = b"Exif\0\0" + tiff
    return b"\xff\xd8\xff\xe1" + struct.pack(">H", len(body) + 2) + body + saved("JPEG")[2:]


def nested(depth: int) -> bytes:
    """Boxes in boxes, each as long as all that is in it."""
    data = b""
    for _ in range(depth):
        data = box(b"moov", data)
    return box(b"ftyp", b"isom\0\0\0\0isom") + data


def noise(head: bytes, length: int = 60_000) -> bytes:
    return head + np.random.default_rng(len(head)).bytes(length)


def heic_size(side: int) -> bytes:
    """Every size property of a HEIC says side x side."""
    data, nth = heic(), 0
    while data.count(b"ispe") > nth:
        data = patched(data, b"ispe", 4, struct.pack(">II", side, side), nth)
        nth += 1
    return data


def avif_size(side: int) -> bytes:
    return patched(saved("AVIF"), b"ispe", 4, struct.pack(">II", side, side))


def avi_claims() -> bytes:
    """An AVI of 65,535 x 65,535 pixels and 2^32 frames, without any."""
    header = box(b"", b"")[:0] + struct.pack(
        "<14I", 1, 0, 0, 16, 2**32 - 1, 0, 1, 0, 65_535, 65_535, 0, 0, 0, 0
    )
    stream = b"vidsMJPG" + struct.pack("<12I", 0, 0, 0, 1, 25, 0, 2**32 - 1, 0, 0, 0, 0, 0)
    form = struct.pack("<IiiHH4sIiiII", 40, 65_535, 65_535, 1, 24, b"MJPG", 0, 0, 0, 0, 0)

    def part(name: bytes, body: bytes) -> bytes:
        return name + struct.pack("<I", len(body)) + body

    streams = part(b"LIST", b"strl" + part(b"strh", stream) + part(b"strf", form))
    body = (
        b"AVI "
        + part(b"LIST", b"hdrl" + part(b"avih", header) + streams)
        + part(b"LIST", b"movi" + noise(b"00dc"))
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


Make = Callable[[], bytes]

MADE: Mapping[str, Make] = MappingProxyType(
    {
        "no bytes": lambda: b"",
        "one byte": lambda: b"\xff",
        "JPEG of 20 bytes": lambda: saved("JPEG")[:20],
        "JPEG cut in half": lambda: saved("JPEG")[: len(saved("JPEG")) // 2],
        "PNG cut in half": lambda: saved("PNG")[: len(saved("PNG")) // 2],
        "WebP cut in half": lambda: saved("WEBP")[: len(saved("WEBP")) // 2],
        "AVIF cut in half": lambda: saved("AVIF")[: len(saved("AVIF")) // 2],
        "HEIC cut in half": lambda: heic()[: len(heic()) // 2],
        "MP4 without its last third": lambda: film()[: len(film()) * 2 // 3],
        "PNG of 30,000 x 30,000": lambda: png_of(30_000),
        "PNG of the most pixels allowed": lambda: png_of(8_000),
        "PNG of 16 bit, 7,900 x 7,900": lambda: png_of(7_900, depth=16),
        "PNG with a text of 100 MB packed small": lambda: png_with(
            chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(100_000_000)))
        ),
        "PNG with a colour profile of 100 MB": lambda: png_with(
            chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(100_000_000)))
        ),
        "PNG whose chunk claims 4 GB": lambda: png_with(b"\xff\xff\xff\xf0IDAT"),
        "GIF of 20,000 frames": lambda: gif_of(20_000),
        "GIF of a million frames": lambda: gif_of(1_000_000),
        "GIF with a screen of 65,535 x 65,535": lambda: gif_of(1, screen=65_535),
        "GIF whose frame is larger than its screen": lambda: gif_of(3, 65_535, 65_535),
        "APNG that claims four billion frames": lambda: apng(2**32 - 1, *photo().size),
        "APNG with a frame outside its picture": lambda: apng(2, 2**31 - 1, 2**31 - 1),
        "WebP with a canvas of 16,384 x 16,384": lambda: webp_canvas(16_384),
        "WebP with a canvas of 16 million x 16 million": lambda: webp_canvas(2**24),
        "WebP whose length lies": lambda: patched(saved("WEBP"), b"RIFF", 0, b"\xff\xff\xff\x7f"),
        "AVIF that claims 60,000 x 60,000": lambda: avif_size(60_000),
        "AVIF that claims 8,000 x 8,000": lambda: avif_size(8_000),
        "HEIC that claims 60,000 x 60,000": lambda: heic_size(60_000),
        "HEIC that claims 8,000 x 8,000": lambda: heic_size(8_000),
        "JPEG that claims 65,500 x 65,500": lambda: jpeg_size(65_500, 65_500),
        "JPEG that claims 8,000 x 8,000": lambda: jpeg_size(8_000, 8_000),
        "JPEG of one row of 30,000": lambda: jpeg_size(30_000, 1),
        "JPEG of no rows": lambda: jpeg_size(320, 0),
        "JPEG with sampling 4 x 4 against 1 x 1": lambda: jpeg_sampling(b"\x44\x11\x11"),
        "JPEG with sampling 3 x 2 against 2 x 3": lambda: jpeg_sampling(b"\x32\x23\x11"),
        "JPEG with sampling 15 x 15": lambda: jpeg_sampling(b"\xff\xff\xff"),
        "JPEG of 3,000 scans": jpeg_of_many_scans,
        "JPEG whose EXIF points at itself": exif_loop,
        "MP4 with 10,000 boxes in boxes": lambda: nested(10_000),
        "MP4 whose sample table claims two billion": lambda: patched(film(), b"stsz", 8, b"\x7f\xff\xff\xff"),
        "MP4 whose times claim four billion": lambda: patched(film(), b"stts", 4, b"\xff\xff\xff\xff"),
        "MP4 whose media claims 2^63 bytes": lambda: patched(
            film(), b"mdat", -8, b"\0\0\0\1mdat\x7f" + b"\xff" * 7
        ),
        "MP4 whose track claims 60,000 x 60,000": lambda: patched(
            film(), b"avc1", 24, struct.pack(">HH", 60_000, 60_000)
        ),
        "MP4 without media": lambda: film()[: film().index(b"mdat") - 4],
        "MP4 of noise": lambda: noise(box(b"ftyp", b"isom\0\0\0\0isom") + b"\0\0\0\0mdat"),
        "WebM of noise": lambda: noise(
            b"\x1a\x45\xdf\xa3\x9fB\x86\x81\1B\xf7\x81\1B\xf2\x81\4B\xf3\x81\x08B\x82\x84webm"
        ),
        "WebM of lengths without end": lambda: (
            b"\x1a\x45\xdf\xa3" + b"\x01" + b"\xff" * 7 + b"\x18\x53\x80\x67\1" * 5000
        ),
        "AVI of 65,535 x 65,535": avi_claims,
        "transport stream of noise": lambda: b"".join(
            noise(b"\x47\x40\0\x10", 184 + 0 * nth) for nth in range(300)
        ),
        "JPEG of noise": lambda: noise(b"\xff\xd8\xff\xe0"),
        "PNG of noise": lambda: noise(PNG),
        "GIF of noise": lambda: noise(b"GIF89a"),
        "WebP of noise": lambda: noise(b"RIFF\0\xea\0\0WEBPVP8 "),
        "AVIF of noise": lambda: noise(box(b"ftyp", b"avif\0\0\0\0mif1avif")),
        "HEIC of noise": lambda: noise(box(b"ftyp", b"heic\0\0\0\0mif1heic")),
        "JPEG and ZIP at once": lambda: saved("JPEG") + b"PK\3\4" + bytes(500),
        "GIF and script at once": lambda: saved("GIF") + b"*/=1;alert(1)//",
        "PNG and MP4 at once": lambda: saved("PNG") + film(),
        "a page that says it is a picture": lambda: b"<!DOCTYPE html><img src=x onerror=alert(1)>" * 20,
        "SVG": lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
        "PostScript": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) run\n",
        "PDF": lambda: b"%PDF-1.7\n" + bytes(200),
        "TIFF": lambda: saved("TIFF"),
        "playlist that names a file": lambda: b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
    }
)
