"""The door's part of `make screens`: a door of its own with a report in many states, and its pages on a phone in docs/screens."""

import argparse
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from unittest import mock

import django
from django.core.management import call_command
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.chromium import launch
from tests.browser.door.wire import served

FOLDER = Path(__file__).parents[3] / "docs" / "screens"
PHONE = {"width": 390, "height": 844}
CHOSEN = ("start", "pictures", "found", "check", "receipt", "case", "help now")
ALSO_DARK = ("start", "case")  # in one language
COLOURS = 64
CENTRE = {
    "UNSEEN_ORGANISATION": "Support Centre Example",
    "UNSEEN_ORGANISATION_EMAIL": "notices@centre.example",
    "UNSEEN_LOG_LEVEL": "ERROR",
    "DJANGO_SETTINGS_MODULE": "unseen.config.settings",
    # Playwright's loop runs in the thread that prepares rows: Django must not take that for an async view.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
}


@contextmanager
def door() -> Iterator[tuple[str, list[str]]]:
    """The address of a door with an empty database, and receipts of two reports in many states."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update({**CENTRE, "UNSEEN_DATA_DIR": folder})
        django.setup()
        call_command("migrate", verbosity=0)
        from tests.browser.door.states import report_in_all_states
        from unseen.takedown import queries
        from unseen.takedown.tests.lives import small_directory

        with mock.patch.object(queries, "directory", mock.Mock(return_value=small_directory())):
            receipts = [report_in_all_states() for _ in range(2)]
            with served() as address:
                yield address, receipts


def take(page: Page, names: Iterator[str], language: str, folder: Path, chosen: tuple[str, ...]) -> None:
    """Pictures of the chosen pages (of all, where none is chosen), whole, but help as it first stands on a phone."""
    for name in names:
        if chosen and name not in chosen:
            continue
        dark_too = not chosen or (name in ALSO_DARK and language == "ko")
        for colours in ("light", "dark") if dark_too else ("light",):
            page.emulate_media(color_scheme=colours)
            dark = "-dark" if colours == "dark" else ""
            file = f"door-{name.replace(' ', '-').replace('?', '')}-{language}{dark}.png"
            taken = page.screenshot(full_page=not name.startswith("help"))
            with Image.open(
                BytesIO(taken)
            ) as picture:  # flat colours: a palette says the same in a third of the bytes
                picture.convert("RGB").quantize(COLOURS).save(folder / file, optimize=True)
        page.emulate_media(color_scheme="light")


def take_all(browser: Browser, folder: Path, chosen: tuple[str, ...]) -> None:
    """In both languages."""
    with door() as (address, receipts):
        from tests.browser.door import walk

        for language, receipt in zip(("en", "ko"), receipts, strict=True):
            context = browser.new_context(base_url=f"{address}/{language}/", viewport=PHONE, locale=language)  # type: ignore[arg-type]
            page = context.new_page()
            for names in (walk.of_a_report(page), walk.of_a_case(page, receipt), walk.of_help(page)):
                take(page, names, language, folder, chosen)
            context.close()


def main() -> None:
    """Take them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--all", type=Path, metavar="FOLDER", help="take every page, in both colours, into it"
    )
    options = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        take_all(browser, options.all or FOLDER, () if options.all else CHOSEN)
        browser.close()


if __name__ == "__main__":
    main()
