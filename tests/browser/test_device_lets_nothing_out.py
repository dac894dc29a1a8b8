"""Promise 1, watched on the wire: of a file only the fingerprint leaves, not its name, path, size, date, words or pixels."""

import json
import os
from base64 import b64encode
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from PIL import ExifTags, Image, ImageCms
from PIL.PngImagePlugin import PngInfo
from playwright.sync_api import Browser, Page

from tests.browser.canaries import leaks
from tests.browser.device_files import VIDEOS, photo
from tests.browser.device_page import Wire

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NAME, FOLDER = "canary-name-7f3a91", "canary-folder-51c0de"
EXIF, XMP, PROFILE, COMMENT = (f"CANARY-{part}-d41d8c" for part in ("EXIF", "XMP", "ICC", "COMMENT"))
PIXELS = b"CanaryOfPixels\x07\xc1\x93\x5e"  # six pixels of three bytes
CHANGED_S = 1_234_567_890
SIZE_BYTES = 1_357_913  # a number that nothing else on the wire has
IMAGE_LEAVES_BYTES_MAX = 128
VIDEO_LEAVES_BYTES_MAX = 64 * 1024


def _planted(folder: Path) -> tuple[list[Path], dict[str, bytes]]:
    """A JPEG, a PNG and a video full of canaries, and the canaries by name."""
    folder /= FOLDER
    folder.mkdir()
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = EXIF
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSAreaInformation] = EXIF.encode()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + PROFILE.encode()
    xmp = f'<x:xmpmeta xmlns:x="adobe:ns:meta/">{XMP}</x:xmpmeta>'.encode()
    image = photo()
    image.save(folder / f"{NAME}.jpg", exif=exif, icc_profile=profile, xmp=xmp, comment=COMMENT)
    words = PngInfo()
    words.add_itxt("XML:com.adobe.xmp", XMP)
    words.add_text("Comment", COMMENT)
    image.paste(Image.frombytes("RGB", (6, 1), PIXELS), (100, 100))
    image.save(folder / f"{NAME}.png", pnginfo=words, exif=exif)
    video = folder / f"{NAME}.mp4"
    video.write_bytes(VIDEOS[0].read_bytes())
    files = [folder / f"{NAME}.jpg", folder / f"{NAME}.png", video]
    canaries = {
        "the name": NAME.encode(),
        "the folder": FOLDER.encode(),
        "EXIF": EXIF.encode(),
        "XMP": XMP.encode(),
        "the profile": PROFILE.encode(),
        "the comment": COMMENT.encode(),
        "pixels": PIXELS,
        "the date": str(CHANGED_S).encode(),
        "the size": str(SIZE_BYTES).encode(),
    }
    for file in files:
        data = file.read_bytes()
        file.write_bytes(data.ljust(SIZE_BYTES, b"\0") if file.suffix != ".mp4" else data)
        os.utime(file, (CHANGED_S, CHANGED_S))
        canaries[f"bytes of {file.suffix}"] = data[len(data) // 2 :][:24]
        assert all(word.encode() in data for word in (EXIF, XMP, COMMENT) if file.suffix != ".mp4")
    return files, canaries


def test_only_fingerprints_leave(tmp_path: Path, page: Page, wire: Wire) -> None:
    files, canaries = _planted(tmp_path)
    page.set_input_files("input[data-files]", files)
    page.wait_for_selector("form[aria-busy=false]", timeout=60_000)
    page.click("button[type=submit]")
    page.wait_for_selector("#taken")
    [body] = wire.posted
    sent = b"".join(wire.sent)
    assert body in sent
    assert leaks(sent, canaries) == []
    fields = {name: value for name, [value] in parse_qs(body.decode(), strict_parsing=True).items()}
    assert set(fields) == {"materials", "step"}
    materials = json.loads(fields["materials"])
    assert [material["kind"] for material in materials] == ["image", "image", "video"]
    for material in materials:
        most = VIDEO_LEAVES_BYTES_MAX if material["kind"] == "video" else IMAGE_LEAVES_BYTES_MAX
        assert len(json.dumps(material, separators=(",", ":"))) <= most


def test_nothing_but_the_pages_own_parts_is_asked_for(tmp_path: Path, page: Page, wire: Wire) -> None:
    """No request carries a word that depends on the files, and none goes elsewhere."""
    files, _ = _planted(tmp_path)
    page.set_input_files("input[data-files]", files)
    page.wait_for_selector("form[aria-busy=false]", timeout=60_000)
    lines = [line for line in wire.sent if line.startswith((b"GET ", b"POST ", b"CONNECT "))]
    for line in lines:
        method, target, _ = line.decode().split(" ")
        place = target.removeprefix(wire.address).lstrip("/")
        assert method == "GET", line
        assert place == "" or (place.startswith("device/") and "?" not in place), line


def test_the_page_keeps_nothing(tmp_path: Path, page: Page) -> None:
    files, _ = _planted(tmp_path)
    page.set_input_files("input[data-files]", files)
    page.wait_for_selector("form[aria-busy=false]", timeout=60_000)
    kept = page.evaluate(
        """async () => [localStorage.length, sessionStorage.length, document.cookie,
        (await indexedDB.databases()).length, (await caches.keys()).length]"""
    )
    assert kept == [0, 0, "", 0, 0]


def test_the_watch_sees_a_leak(tmp_path: Path, chromium: Browser, wire: Wire) -> None:
    """Without the script the test page's named input posts the file's name: the same watch finds it."""
    files, canaries = _planted(tmp_path)
    context = chromium.new_context(
        java_script_enabled=False, proxy={"server": wire.address, "bypass": "<-loopback>"}
    )
    page = context.new_page()
    page.goto(wire.address)
    page.set_input_files("input[data-files]", files[0])
    page.press("input[data-files]", "Tab")
    page.locator("form").evaluate("form => form.submit()")
    page.wait_for_selector("#taken")
    context.close()
    assert "the name as plain" in leaks(b"".join(wire.sent), canaries)


@pytest.mark.parametrize("before", [b"", b"x", b"xy"])
def test_the_watch_reads_every_encoding(before: bytes) -> None:
    canary = {"it": b"CANARY-EXIF-d41d8c"}
    inside = before + canary["it"] + b"after"
    into = BytesIO()
    into.write(b64encode(inside))
    for written in (
        into.getvalue(),
        inside.hex().encode(),
        inside.decode().encode("utf-16-le"),
        inside[::-1],
    ):
        assert leaks(b"head " + written + b" tail", canary) != []
    assert leaks(b"head CANARY-EXIF-d41d8 tail", canary) == []
