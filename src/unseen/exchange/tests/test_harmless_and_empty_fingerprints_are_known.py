import hashlib

from unseen.domain.limits import RADIUS_BITS
from unseen.exchange.harmless import RUN_BITS_MAX, TABLE, is_degenerate, is_harmless
from unseen.fingerprint import ImageFingerprint, fingerprint_all
from unseen.testing.media import PHOTOS

GOOD = hashlib.sha256(b"a picture").digest()


def number(pdq: bytes) -> int:
    return int.from_bytes(pdq, "big")


def as_bytes(value: int) -> bytes:
    return value.to_bytes(32, "big")


def test_empty_ones_are_known() -> None:
    empty = [
        bytes(32),
        b"\xff" * 32,
        as_bytes(1),
        bytes(16) + b"\xff" * 16,
        b"\xaa" * 32,
        b"\x00\x00\xff\xff" * 8,
        hashlib.sha256(b"x").digest()[:4] * 8,
        as_bytes(number(GOOD) & number(hashlib.sha256(b"y").digest())),
        as_bytes(number(GOOD) | ((1 << (RUN_BITS_MAX + 1)) - 1) << 100),
    ]
    assert is_degenerate(empty) == [True] * len(empty)
    assert is_degenerate([GOOD]) == [False]
    assert is_degenerate([]) == is_harmless([]) == []


def test_real_photographs_are_neither_empty_nor_harmless() -> None:
    made = [one for one in fingerprint_all(PHOTOS) if isinstance(one, ImageFingerprint)]
    assert len(made) == len(PHOTOS) > 10
    pdqs = [bytes.fromhex(one.pdq) for one in made]
    assert not any(is_degenerate(pdqs))
    assert not any(is_harmless(pdqs))


def test_what_lies_near_a_shipped_picture_is_harmless() -> None:
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    shipped = [bytes.fromhex(line.split("\t")[0]) for line in lines]
    assert len(shipped) > 200
    assert all(is_harmless(shipped))
    assert not any(is_degenerate(shipped))
    near = as_bytes(number(shipped[5]) ^ ((1 << RADIUS_BITS) - 1))
    off = as_bytes(number(shipped[5]) ^ ((1 << RADIUS_BITS + 1) - 1))
    assert is_harmless([near, off]) == [True, False]


def test_every_line_of_the_table_names_its_licence() -> None:
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        assert line[0] == "#" or line.split("\t")[1] in {"drawn", "MIT", "CC0 1.0"}, line
