"""In Firefox, as it is and with Tor's setting: the same fingerprints, or none; noise is never taken for a picture."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.device_files import PHOTOS, VIDEOS, films, jpegs, late, newer, photo, pngs, webps
from tests.browser.device_page import BUILT, MISSING, Wire
from tests.browser.firefox import FIREFOX, SAFER, TOR, Preferences, Tab, firefox
from unseen.fingerprint import fingerprint_image, fingerprint_video

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROUNDED_BITS = 4
NO_WEBCODECS: Preferences = {"dom.media.webcodecs.enabled": False}


def distance_bits(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


@pytest.fixture
def preferences(request: pytest.FixtureRequest) -> Preferences:
    chosen: Preferences = getattr(request, "param", {})
    return chosen


@pytest.fixture
def tab(tmp_path: Path, wire: Wire, preferences: Preferences) -> Iterator[Tab]:
    if not (BUILT / "door.js").exists():
        pytest.fail(MISSING)
    if FIREFOX is None:
        pytest.fail("no Firefox: apt-get install firefox-esr")
    profile = tmp_path / "profile"
    profile.mkdir()
    with firefox(profile, preferences) as tab:
        tab.go(wire.address)
        yield tab


def _written(made: Iterator[tuple[str, bytes]], folder: Path) -> list[Path]:
    files = []
    for name, data in made:
        files.append(folder / name)
        files[-1].write_bytes(data)
    return files


@pytest.mark.parametrize("preferences", [{}, TOR], ids=["plain", "tor"], indirect=True)
def test_pictures_are_the_servers(tab: Tab, tmp_path: Path) -> None:
    files = [file for made in (jpegs(), pngs(), webps()) for file in _written(made, tmp_path)]
    materials, said = tab.fingerprinted(*files)
    assert len(materials) == len(files), said
    for material, file in zip(materials, files, strict=True):
        server = fingerprint_image(file)
        assert (material["pdq"], material["quality"]) == (server.pdq, server.quality), file.name


@pytest.mark.parametrize("preferences", [{}, TOR], ids=["plain", "tor"], indirect=True)
def test_avif_and_heic_are_at_most_four_bits_away(tab: Tab, tmp_path: Path) -> None:
    files = _written(newer(), tmp_path)
    materials, said = tab.fingerprinted(*files)
    assert len(materials) == len(files), said
    for material, file in zip(materials, files, strict=True):
        assert distance_bits(material["pdq"], fingerprint_image(file).pdq) <= ROUNDED_BITS, file.name


# Firefox gives colour only, and these do not lead back to luma for sure: full range taken for limited, a matrix guessed.
UNSURE = {"av1.mkv", "ten-bits.mp4", "full-range.mp4"}


@pytest.mark.parametrize("preferences", [{}, NO_WEBCODECS], ids=["webcodecs", "page"], indirect=True)
def test_the_frames_of_a_film_are_the_servers(tab: Tab, tmp_path: Path) -> None:
    """Without WebCodecs the page's own player shows them; it plays neither Matroska nor transport streams."""
    by_page = tab.evaluate("typeof VideoDecoder") == "undefined"
    for video in (*VIDEOS, *films(tmp_path)):
        materials, said = tab.fingerprinted(video)
        if video.name in UNSURE or (by_page and video.suffix == ".ts"):
            assert materials == [], video.name
            assert "cannot read file 1 reliably" in said
            continue
        assert materials, (video.name, said)
        server = {frame.at_s: frame for frame in fingerprint_video(video).frames}
        assert len(materials[0]["frames"]) >= len({at_s // 1 for at_s in server})
        for frame in materials[0]["frames"]:
            assert distance_bits(frame["pdq"], server[frame["at_s"]].pdq) <= ROUNDED_BITS, video.name


@pytest.mark.parametrize("preferences", [NO_WEBCODECS], ids=["page"], indirect=True)
def test_a_film_of_which_players_show_another_frame_is_refused(tab: Tab, tmp_path: Path) -> None:
    materials, said = tab.fingerprinted(late(tmp_path))
    assert materials == []
    assert "cannot read file 1 reliably" in said


@pytest.mark.parametrize("preferences", [TOR], ids=["tor"], indirect=True)
def test_noise_is_refused(tab: Tab, tmp_path: Path) -> None:
    """The canvas of Tor's setting answers with noise and no error: what would need it gets no fingerprint."""
    photo().save(tmp_path / "still.gif")
    for file in (VIDEOS[0], tmp_path / "still.gif"):
        materials, said = tab.fingerprinted(file)
        assert materials == []
        assert "cannot read file 1 reliably" in said


@pytest.mark.parametrize("preferences", [SAFER], ids=["safer"], indirect=True)
def test_without_wasm_jpegs_alone_are_read(tab: Tab, tmp_path: Path) -> None:
    files = [*_written(jpegs(), tmp_path), *PHOTOS]
    materials, said = tab.fingerprinted(*files)
    assert len(materials) == len(files), said
    apart = {
        file.name: distance_bits(material["pdq"], fingerprint_image(file).pdq)
        for material, file in zip(materials, files, strict=True)
    }
    assert max(apart.values()) <= ROUNDED_BITS, apart
    photo().save(tmp_path / "one.png")
    materials, said = tab.fingerprinted(tmp_path / "one.png")
    assert materials == []
    assert "cannot read file 1 reliably" in said
