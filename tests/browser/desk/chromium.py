"""The system's Chromium. A browser test that has none fails: skipped, it would say that all is well."""

import shutil

from playwright.sync_api import Browser, Playwright


def launch(playwright: Playwright) -> Browser:
    """Start it. No sandbox: tests may run as root, where it cannot."""
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        raise RuntimeError("there is no Chromium: apt-get install chromium")
    return playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
