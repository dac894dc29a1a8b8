"""A bad file gets a named error within its limits, and the next file is served as if nothing had happened."""

import os
import struct
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from unseen.fingerprint import (
    DecoderPool,
    FingerprintError,
    ImageFingerprint,
    fingerprint_image,
    fingerprint_video,
)
from unseen.fingerprint.decode_picture import opened
from unseen.testing.media import FOLDER as MEDIA


def png_of_many_pixels(side: int) -> bytes:
    """A white 1-bit PNG of side x side pixels, written without ever holding the pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    packer = zlib.compressobj(9)
    row = b"\0" + b"\xff" * ((side + 7) // 8)
    body = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def jpeg(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "JPEG")
    return file.getvalue()


def code_of(pool: DecoderPool, source: bytes | Path) -> str:
    with pytest.raises(FingerprintError) as caught:
        pool.fingerprint(source)
    assert caught.value.message.count(":") >= 1, "what happened: what to do"
    return str(caught.value.code)


def test_a_missing_file_is_not_found(pool: DecoderPool, tmp_path: Path) -> None:
    assert code_of(pool, tmp_path / "none.jpg") == "not_found"
    assert code_of(pool, tmp_path / "a\0b.jpg") == "not_found"


def test_a_text_file_a_folder_and_a_named_pipe_are_unsupported(pool: DecoderPool, tmp_path: Path) -> None:
    text, pipe = tmp_path / "letter.jpg", tmp_path / "pipe"
    text.write_text("Dear all,\n" * 100)
    os.mkfifo(pipe)
    assert [code_of(pool, each) for each in (text, tmp_path, pipe)] == ["unsupported"] * 3


def test_a_file_of_no_bytes_is_empty(pool: DecoderPool, tmp_path: Path) -> None:
    (tmp_path / "nothing.png").touch()
    assert code_of(pool, tmp_path / "nothing.png") == "empty"
    assert code_of(pool, b"") == "empty"


def test_a_truncated_picture_is_undecodable(pool: DecoderPool, photo: Image.Image) -> None:
    whole = jpeg(photo)
    assert code_of(pool, whole[: len(whole) // 2]) == "undecodable"
    assert code_of(pool, whole[:20]) == "undecodable"


def test_a_picture_of_900_million_pixels_is_too_large_before_it_is_decoded(pool: DecoderPool) -> None:
    bomb = png_of_many_pixels(30_000)
    assert len(bomb) < 160_000
    assert code_of(pool, bomb) == "too_large"
    with pool.child() as child:
        peak = next(
            line for line in Path(f"/proc/{child.pid}/status").read_text().splitlines() if "VmHWM" in line
        )
    assert int(peak.split()[1]) < 512 * 1024


def test_a_picture_is_no_video_nor_the_other_way_round() -> None:
    with pytest.raises(FingerprintError, match="unsupported"):
        fingerprint_image(MEDIA / "videos" / "flower.mp4")
    assert len(fingerprint_video(MEDIA / "photos" / "caps.jpg").frames) == 1


def test_a_good_file_after_bad_ones_is_served(pool: DecoderPool, photo: Image.Image) -> None:
    answers = list(
        pool.fingerprint_all([b"GIF89a", jpeg(photo), b"", b"\x89PNG\r\n\x1a\n" + b"x" * 99, jpeg(photo)])
    )
    kinds = [str(each.code) if isinstance(each, FingerprintError) else "image" for each in answers]
    assert kinds == ["undecodable", "image", "empty", "undecodable", "image"]
    assert isinstance(answers[1], ImageFingerprint)
    assert answers[1] == answers[4]


def test_a_later_frame_cannot_make_an_animation_larger_than_the_limit() -> None:
    frame = b",\0\0\0\0%b\0\2\2D\1\0"
    small, large = (struct.pack("<HH", side, side) for side in (1, 65_535))
    data = b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff" + frame % small + frame % large + b";"
    image = opened(data, "GIF")
    with pytest.raises(Image.DecompressionBombError):
        image.seek(1)
