"""`make screens`: runs the demonstration, leaves its desk running, and takes a picture of each page into docs/screens."""

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.chromium import launch

FOLDER = Path(__file__).parents[3] / "docs" / "screens"
WAIT_MS = 15_000
DESK = re.compile(r"The desk: (\S+)\s+log in as '(\w+)' with '([\w-]+)'")
ITEMS_OF_THE_STORY = 26
QUESTIONS = 3  # of the minor, which nobody has to look at first
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@contextmanager
def demonstration(log: Path) -> Iterator[tuple[str, str, str]]:
    """The running desk of a demonstration: address, name and password."""
    command = [sys.executable, "-c", "from unseen.cli import main; main()", "demo", "--serve"]
    with log.open("w") as out:
        running = subprocess.Popen([*command, "--out", str(log.parent)], stdout=out, stderr=out)
    try:
        while (found := DESK.search(log.read_text().replace("\n", " "))) is None:
            if running.poll() is not None:
                raise SystemExit(f"the demonstration ended early: {log.read_text()[-2_000:]}")
            time.sleep(1)
        yield found[1], found[2], found[3]
    finally:
        running.terminate()
        running.wait()


def log_in(page: Page, address: str, name: str, password: str, log: Path) -> None:
    """With the code that the demonstration shows now; each works once, so another try waits for the next."""
    for _ in range(3):
        page.goto(address)
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill(password)
        page.get_by_label("Code that").fill(re.findall(r"code (\d{6})", log.read_text())[-1])
        page.get_by_role("button", name="Log in", exact=True).click()
        if "/log-in" not in page.url:
            return
        time.sleep(31)
    raise SystemExit("the desk lets nobody in")


def report_some(page: Page, address: str) -> None:
    """Places where nothing is to be seen, so that the desk has something to ask: three of a minor, two of an adult."""
    page.goto(f"{address}items?stage=all")
    page.goto(page.locator("a.number").first.evaluate("one => one.href"))
    place = re.search(r"http://[\w.-]+:(\d+)/", page.locator(".facts .code").first.inner_text())
    assert place is not None
    for age, hosts in (
        ("minor", ("reuploader", "reuploader", "honest")),
        ("adult", ("reuploader", "nobody")),
    ):
        locations = [
            f"http://{host}.test:{place[1]}/told/{age}/{number}" for number, host in enumerate(hosts)
        ]
        report = {"age_band": age, "materials": [], "locations": locations}
        answer = page.request.post(f"{address}api/intake/reports", data=report)
        assert answer.status == HTTPStatus.CREATED, answer.text()
    for _ in range(60):
        page.goto(f"{address}today")
        if page.locator("[data-row]").count() >= QUESTIONS:
            return
        time.sleep(1)


def take(browser: Browser, address: str, who: tuple[str, str], log: Path) -> None:
    """All pictures: wide and light, then some on a phone, dark, and in Korean."""
    page = browser.new_page(viewport=WIDE)  # type: ignore[arg-type] # the shape that it wants
    page.goto(address)
    page.screenshot(path=FOLDER / "log-in.png")
    log_in(page, address, *who, log)
    report_some(page, address)
    item = page.request.get(f"{address}items?stage=all").text()
    number = max(int(one) for one in re.findall(r"/items/(\d+)\"", item) if int(one) <= ITEMS_OF_THE_STORY)
    page.goto(f"{address}items/{number}")
    case = page.locator("a[href^='/cases/']").first.get_attribute("href") or ""
    pages = {"today": "today", "case": case[1:], "item": f"items/{number}", "numbers": "numbers"}
    pages |= {"platforms": "platforms", "search": "search?q=reuploader.test", "account": "account"}
    for name, path in pages.items():
        page.goto(address + path)
        page.screenshot(path=FOLDER / f"{name}.png")
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type] # the shape that it wants
    page.goto(f"{address}today")
    page.screenshot(path=FOLDER / "today-phone-dark.png")
    page.get_by_role("button", name="한국어").click()
    page.goto(f"{address}today")
    page.screenshot(path=FOLDER / "today-phone-korean.png")
    page.emulate_media(color_scheme="light")
    page.goto(address + case[1:])
    page.screenshot(path=FOLDER / "case-phone-korean.png")


def main() -> None:
    """Take them."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        log = Path(folder) / "demo.log"
        log.touch()
        with demonstration(log) as (address, name, password):
            browser = launch(playwright)
            take(browser, address, (name, password), log)
            browser.close()


if __name__ == "__main__":
    main()
