"""In Chromium: the device's fingerprints are the server's, and what cannot be read right gets none."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.browser.conftest import Fingerprint
from tests.browser.device_files import MEDIA, VIDEOS, films, jpegs, late, newer, photo, pngs, refused, webps
from tests.browser.device_page import Wire
from unseen.fingerprint import ErrorCode, FingerprintError, fingerprint_image, fingerprint_video
from unseen.intake.parsing import read_report

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROUNDED_BITS = 4  # AV1 and HEVC leave the colour's upsampling to the library


def distance_bits(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


def _differences(
    made: Iterable[tuple[str, bytes]], folder: Path, ask: Fingerprint
) -> dict[str, tuple[int, int]]:
    """Bits and quality that differ, by file; those that do not are left out."""
    files = {}
    for name, data in made:
        (folder / name).write_bytes(data)
        files[name] = fingerprint_image(folder / name)
    materials, said = ask(*(folder / name for name in files))
    assert len(materials) == len(files), said
    apart = {}
    for material, (name, server) in zip(materials, files.items(), strict=True):
        both = (distance_bits(material["pdq"], server.pdq), material["quality"] - server.quality)
        if both != (0, 0):
            apart[name] = both
    return apart


def test_jpegs_of_every_mode_are_the_servers(tmp_path: Path, fingerprinted: Fingerprint) -> None:
    assert _differences(jpegs(), tmp_path, fingerprinted) == {}


def test_pngs_of_every_mode_are_the_servers(tmp_path: Path, fingerprinted: Fingerprint) -> None:
    assert _differences(pngs(), tmp_path, fingerprinted) == {}


def test_webps_of_every_mode_are_the_servers(tmp_path: Path, fingerprinted: Fingerprint) -> None:
    assert _differences(webps(), tmp_path, fingerprinted) == {}


def test_a_gif_that_does_not_move_is_the_servers(tmp_path: Path, fingerprinted: Fingerprint) -> None:
    still = tmp_path / "still.gif"
    photo(5).save(still)
    assert _differences([("still.gif", still.read_bytes())], tmp_path, fingerprinted) == {}


def test_photographs_as_they_are_are_the_servers(tmp_path: Path, fingerprinted: Fingerprint) -> None:
    whole = ((file.name, file.read_bytes()) for file in sorted((MEDIA / "photos").iterdir()))
    assert _differences(whole, tmp_path, fingerprinted) == {}


def test_avif_and_heic_are_at_most_four_bits_away(tmp_path: Path, fingerprinted: Fingerprint) -> None:
    apart = _differences(newer(), tmp_path, fingerprinted)
    assert all(bits <= ROUNDED_BITS and abs(quality) <= 1 for bits, quality in apart.values()), apart


@pytest.mark.parametrize("video", VIDEOS, ids=lambda video: video.stem)
def test_the_frames_of_a_film_are_the_servers(video: Path, fingerprinted: Fingerprint) -> None:
    server = {frame.at_s: frame for frame in fingerprint_video(video).frames}
    [material], _ = fingerprinted(video)
    assert [frame["at_s"] // 1 for frame in material["frames"]] == list(range(len(material["frames"])))
    assert len(material["frames"]) >= len({at_s // 1 for at_s in server})
    for frame in material["frames"]:
        same = server[frame["at_s"]]
        assert distance_bits(frame["pdq"], same.pdq) <= ROUNDED_BITS
        assert abs(frame["quality"] - same.quality) <= 1


def test_films_of_other_kinds_are_the_servers(tmp_path: Path, fingerprinted: Fingerprint) -> None:
    for film in (late(tmp_path), *films(tmp_path)):
        server = {frame.at_s: frame for frame in fingerprint_video(film).frames}
        materials, said = fingerprinted(film)
        assert materials, (film.name, said)
        for frame in materials[0]["frames"]:
            assert distance_bits(frame["pdq"], server[frame["at_s"]].pdq) <= ROUNDED_BITS, film.name
            assert abs(frame["quality"] - server[frame["at_s"]].quality) <= 1, film.name


def test_what_cannot_be_read_right_gets_no_fingerprint(tmp_path: Path, fingerprinted: Fingerprint) -> None:
    for name, data, word in refused():
        (tmp_path / name).write_bytes(data)
        materials, said = fingerprinted(tmp_path / name)
        assert materials == [], name
        assert word in said, (name, said)
        assert "report the places" in said


def test_what_the_server_calls_damaged_the_device_does_too(
    tmp_path: Path, fingerprinted: Fingerprint
) -> None:
    whole = dict(jpegs())["420.jpg"]
    for share in (0.3, 0.6, 0.9):
        cut = tmp_path / f"cut-{share}.jpg"
        cut.write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(FingerprintError) as error:
            fingerprint_image(cut)
        assert error.value.code is ErrorCode.UNDECODABLE
        assert fingerprinted(cut)[0] == []


def test_many_files_at_once_good_and_bad(tmp_path: Path, fingerprinted: Fingerprint) -> None:
    names = []
    for number in range(5):
        names.append(tmp_path / f"{number}.jpg")
        photo(number).save(names[-1])
    names[2].write_bytes(b"broken")
    materials, said = fingerprinted(*names)
    assert len(materials) == 4
    assert "File 3 is not a picture" in said
    assert "4 fingerprints are ready" in said


def test_the_intake_takes_what_the_form_posts(tmp_path: Path, page: Page, fingerprinted: Fingerprint) -> None:
    photo().save(tmp_path / "one.jpg")
    materials, said = fingerprinted(tmp_path / "one.jpg", VIDEOS[0])
    assert "2 fingerprints are ready" in said
    body = b'{"materials": ' + page.input_value("input[name=materials]").encode() + b"}"
    draft, _ = read_report(body, frozenset())
    assert [len(material.fingerprints) for material in draft.materials] == [1, len(materials[1]["frames"])]
    assert _keys(materials[0]) == {"kind", "pdq", "quality"}
    assert {key for frame in materials[1]["frames"] for key in _keys(frame)} == {"pdq", "quality", "at_s"}


def _keys(material: dict[str, Any]) -> set[str]:
    return set(material)


def test_it_can_be_stopped_and_begun_again(tmp_path: Path, page: Page, fingerprinted: Fingerprint) -> None:
    page.set_input_files("input[data-files]", [VIDEOS[0], VIDEOS[1]])
    page.wait_for_selector("form[aria-busy=true]")
    assert page.is_disabled("button[type=submit]")
    page.click("button[data-cancel]")
    page.wait_for_selector("form[aria-busy=false]")
    assert page.input_value("input[name=materials]") == ""
    assert "Stopped" in page.inner_text("output")
    photo().save(tmp_path / "one.jpg")
    materials, said = fingerprinted(tmp_path / "one.jpg")
    assert len(materials) == 1
    assert said == "One is ready."  # the template's own word
    assert page.is_enabled("button[type=submit]")


def test_a_worker_that_cannot_start_refuses_each_file_and_ends(
    tmp_path: Path, chromium: Browser, wire: Wire
) -> None:
    context = chromium.new_context()
    context.route("**/assets/worker*", lambda route: route.abort())
    page = context.new_page()
    page.goto(wire.address)
    photo().save(tmp_path / "one.jpg")
    page.set_input_files("input[data-files]", [tmp_path / "one.jpg", VIDEOS[0]])
    page.wait_for_selector("form[aria-busy=false]", timeout=10_000)
    said = page.inner_text("output")
    assert "cannot read file 1" in said
    assert "cannot read file 2" in said
    assert page.input_value("input[name=materials]") == ""
    context.close()


def test_files_chosen_before_the_script_is_there_are_not_forgotten(
    tmp_path: Path, chromium: Browser, wire: Wire
) -> None:
    context = chromium.new_context()
    page = context.new_page()
    waiting: list[Route] = []
    context.route("**/door.js", lambda route: waiting.append(route))  # noqa: PLW0108  # Playwright marks what it calls
    page.goto(wire.address, wait_until="commit")
    photo().save(tmp_path / "one.jpg")
    page.set_input_files("input[data-files]", tmp_path / "one.jpg")
    assert page.get_attribute("form", "aria-busy") is None
    waiting[0].continue_()
    page.wait_for_selector("form[aria-busy=false]", timeout=20_000)
    assert page.inner_text("output") == "One is ready."
    context.close()
