"""Every hostile file gives a fingerprint or a typed error, in time, below 512 MiB, and the next file is served."""

from collections.abc import Iterator

import pytest

from tests.hostile.judge import Judged, judged
from tests.hostile.made import MADE, saved
from unseen.fingerprint import DecoderPool, ImageFingerprint

pytestmark = pytest.mark.thorough

# They take seconds to make or to decode.
HEAVY = {
    "PNG of the most pixels allowed",
    "PNG of 16 bit, 7,900 x 7,900",
    "PNG of 30,000 x 30,000",
    "GIF of a million frames",
    "AVIF that claims 8,000 x 8,000",
    "JPEG that claims 8,000 x 8,000",
    "JPEG of 3,000 scans",
    "MP4 without its last third",
    "MP4 whose media claims 2^63 bytes",
    "MP4 whose track claims 60,000 x 60,000",
}
# What must be refused by its numbers alone, before anything is decoded.
REFUSED_AT_ONCE = {
    "PNG of 30,000 x 30,000": "too_large",
    "GIF of 20,000 frames": "too_large",
    "GIF with a screen of 65,535 x 65,535": "too_large",
    "JPEG that claims 65,500 x 65,500": "too_large",
    "SVG": "unsupported",
    "PostScript": "unsupported",
    "playlist that names a file": "unsupported",
}
WITHIN_S = 20.0


@pytest.fixture(scope="module")
def children() -> Iterator[DecoderPool]:
    with DecoderPool(1) as pool:
        yield pool


def outcome(children: DecoderPool, name: str, within_s: float = WITHIN_S) -> Judged:
    found = judged(children, name, MADE[name](), within_s)
    assert not found.breach, found.row
    return found


@pytest.mark.parametrize("name", sorted(MADE.keys() - HEAVY))
def test_a_hostile_file_gives_a_fingerprint_or_a_typed_error_in_time_and_memory(
    children: DecoderPool, name: str
) -> None:
    outcome(children, name)
    good = children.fingerprint(saved("JPEG"))
    assert isinstance(good, ImageFingerprint), "the next file is served as if nothing had happened"


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(HEAVY - {"JPEG of 3,000 scans"}))
def test_a_heavy_hostile_file_stays_within_time_and_memory(children: DecoderPool, name: str) -> None:
    outcome(children, name)


@pytest.mark.slow
def test_a_picture_of_endless_scans_is_stopped_in_time(children: DecoderPool) -> None:
    assert outcome(children, "JPEG of 3,000 scans", within_s=2).answer == "error: timeout"


@pytest.mark.parametrize("name", sorted(REFUSED_AT_ONCE.keys() - HEAVY))
def test_what_its_numbers_betray_is_refused_before_it_is_decoded(children: DecoderPool, name: str) -> None:
    found = outcome(children, name)
    assert (found.answer, found.seconds < 5) == (f"error: {REFUSED_AT_ONCE[name]}", True)
