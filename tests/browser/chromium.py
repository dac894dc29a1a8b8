"""The system's Chromium. A browser test that has none fails: skipped, it would say that all is well."""

import os
import shutil
from pathlib import Path

from playwright.sync_api import Browser, Playwright

import unseen

# A bare machine has no Korean letters; ours ship with the packets (decision 0030), where fontconfig looks for `fonts`.
LETTERS = Path(unseen.__file__).parent / "takedown" / "channels" / "packet"


def launch(playwright: Playwright) -> Browser:
    """Start it. No sandbox: tests may run as root, where it cannot."""
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        raise RuntimeError("there is no Chromium: apt-get install chromium")
    environment: dict[str, str | float | bool] = {**os.environ, "XDG_DATA_HOME": str(LETTERS)}
    return playwright.chromium.launch(executable_path=found, args=["--no-sandbox"], env=environment)
