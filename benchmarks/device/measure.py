"""Drives the test page in Chromium and takes the times that the page itself sees."""

import gzip
import json
from collections import Counter
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from benchmarks.device import made
from tests.browser.chromium import launch
from tests.browser.device_page import BUILT, served
from unseen.fingerprint import fingerprint_all, fingerprint_image, fingerprint_video
from unseen.fingerprint.model import FingerprintError, ImageFingerprint

ANSWER_WITHIN_MS = 300_000
TOGETHER = 50  # of one report
_WATCH = """() => {
  const form = document.querySelector('form');
  window.took = new Promise((tell) => {
    form.querySelector('[data-files]').addEventListener('change', () => { window.began = performance.now(); }, true);
    new MutationObserver(() => {
      if (window.began && form.getAttribute('aria-busy') === 'false') tell(performance.now() - window.began);
    }).observe(form, { attributes: true });
  });
}"""


def everything(media: Path, folder: Path, rounds: int, photos: int) -> dict[str, Any]:
    files = sorted((media / "images").glob("*.jpg"), key=lambda file: (-file.stat().st_size, file.name))
    with sync_playwright() as playwright:
        browser = launch(playwright)
        rows = []
        for name, file in made.pictures(files, folder):
            server = fingerprint_image(file)
            rows.append({"name": name, **_times(browser, file, rounds, server.pdq)})
        results = {
            "browser": browser.version,
            "pictures": rows,
            "film": _film(browser, made.film(sorted((media / "videos").glob("*.mp4")), folder), rounds),
            "agreement": _agreement(browser, sorted(files)[:: max(1, len(files) // photos)]),
            "loaded": _loaded(),
        }
        browser.close()
    return results


def _asked(browser: Browser, files: list[Path]) -> tuple[float, list[dict[str, Any]]]:
    """Milliseconds from the choice to the end, on a new page, and the materials."""
    with served() as wire:
        page = browser.new_page()
        page.goto(wire.address)
        page.evaluate(_WATCH)
        page.set_input_files("input[data-files]", files)
        page.wait_for_selector("form[aria-busy=false]", timeout=ANSWER_WITHIN_MS)
        took_ms = page.evaluate("window.took")
        text = page.input_value("input[name=materials]")
        page.close()
    return took_ms, json.loads(text or "[]")


def _apart(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


def _times(browser: Browser, file: Path, rounds: int, server: str) -> dict[str, Any]:
    times = []
    for _ in range(rounds):
        took_ms, [material] = _asked(browser, [file])
        times.append(took_ms)
    return {
        "megabytes": file.stat().st_size / 1e6,
        "median_ms": median(times),
        "most_ms": max(times),
        "distance_bits": _apart(material["pdq"], server),
        "leaves_bytes": len(json.dumps(material, separators=(",", ":"))),
    }


def _film(browser: Browser, file: Path, rounds: int) -> dict[str, Any]:
    server = {frame.at_s: frame.pdq for frame in fingerprint_video(file).frames}
    times = []
    for _ in range(rounds):
        took_ms, [material] = _asked(browser, [file])
        times.append(took_ms)
    bits = [_apart(frame["pdq"], server[frame["at_s"]]) for frame in material["frames"]]
    return {
        "megabytes": file.stat().st_size / 1e6,
        "median_ms": median(times),
        "most_ms": max(times),
        "frames": len(bits),
        "most_bits": max(bits),
        "leaves_bytes": len(json.dumps(material, separators=(",", ":"))),
    }


def _agreement(browser: Browser, files: list[Path]) -> dict[str, Any]:
    """Photographs as they are; those that the server's rule would refuse (quality below 50) are left out."""
    known = {
        file: answer.pdq
        for file, answer in zip(files, fingerprint_all(files), strict=True)
        if not isinstance(answer, FingerprintError)
        and isinstance(answer, ImageFingerprint)
        and answer.quality >= 50
    }
    bits: Counter[int] = Counter()
    refused = 0
    chosen = list(known)
    for first in range(0, len(chosen), TOGETHER):
        part = chosen[first : first + TOGETHER]
        _, materials = _asked(browser, part)
        if len(materials) != len(part):
            refused += len(part) - len(materials)
            continue
        bits.update(
            _apart(material["pdq"], known[file]) for material, file in zip(materials, part, strict=True)
        )
    return {"photos": sum(bits.values()), "most_bits": max(bits), "bits": dict(bits), "refused": refused}


def _loaded() -> dict[str, float]:
    """Kilobytes, compressed, of what is loaded for each kind of file beside the page's own script."""
    parts = {file.name.rpartition("-")[0] or file.name: file for file in BUILT.rglob("*") if file.is_file()}
    names = {
        "page": ["door.js"],
        "worker": ["worker"],
        "JPEG": ["libjpegturbowasm_decode"],
        "PNG": ["squoosh_png_bg"],
        "WebP": ["webp_dec"],
        "AVIF": ["avif_dec"],
        "HEIC": ["libheif-bundle"],
        "film": ["film"],
    }
    found = {}
    for name, wanted in names.items():
        data = [file.read_bytes() for part, file in parts.items() if part.startswith(tuple(wanted))]
        found[name] = sum(len(gzip.compress(each)) for each in data) / 1e3
    return found
