"""The door's own page fulfils the contract of `browser/`: its policies let the worker run, in both languages."""

from collections.abc import Iterator
from socketserver import ThreadingMixIn
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Browser

from tests.browser.device_files import PHOTOS, VIDEOS
from tests.browser.device_page import BUILT, MISSING
from unseen.fingerprint import fingerprint_image

pytestmark = pytest.mark.slow


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  # named by its base
        return


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@pytest.fixture
def door() -> Iterator[str]:
    """The whole application without its database: nothing is stored before the last page."""
    if not (BUILT / "door.js").exists():
        pytest.fail(MISSING)
    with make_server("127.0.0.1", 0, get_wsgi_application(), Server, Quiet) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(("language", "ready"), [("en", "2 fingerprints are ready"), ("ko", "지문 2개")])
def test_the_doors_page_makes_fingerprints(chromium: Browser, door: str, language: str, ready: str) -> None:
    page = chromium.new_context().new_page()
    page.goto(f"{door}/{language}/door")
    page.click("button[value=me]")
    page.check("input[name=age][value=adult]")
    page.click("button[value=next]")
    page.set_input_files("form[data-fingerprint] input[data-files]", [PHOTOS[0], VIDEOS[0]])
    page.wait_for_selector("form[aria-busy=false]", timeout=60_000)
    assert ready in page.inner_text("output")
    assert fingerprint_image(PHOTOS[0]).pdq in page.input_value("input[name=materials]")
    assert not page.is_visible("button[data-cancel]")
    page.click("button[value=next]")
    assert page.locator("form[data-fingerprint]").count() == 0  # the answer was taken
    page.context.close()
