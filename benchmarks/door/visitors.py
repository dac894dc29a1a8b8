"""Reporters in threads of their own: each sends the last page of a report, reads the receipt, and comes back with it."""

import http.client
import os
import re
import secrets
import time
from dataclasses import dataclass, field
from html import unescape
from queue import Empty, SimpleQueue
from threading import Thread
from urllib.parse import urlencode

from django.core import signing

ANSWER_WITHIN_S = 30
_TOO_MANY = 429
_PATIENCE_S = 1.0
_WORDS = re.compile(r'<ol class="words">(.*?)</ol>', re.DOTALL)
_WORD = re.compile(r"<li>([^<]+)</li>")


@dataclass
class Tally:
    """What all reporters saw. The threads share its lists; a number beside them would miss some of what they add."""

    refused: list[str] = field(default_factory=list)
    receipts: list[str] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)  # receipt to the host that its page must name
    seconds: list[float] = field(default_factory=list)

    @property
    def sent(self) -> int:
        """How many were answered, with whatever status."""
        return len(self.seconds)


class Browser:
    """One connection to the server; a new address for each reporter, as a proxy would name it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._connection: http.client.HTTPConnection | None = None

    def post(self, path: str, fields: dict[str, str], visit: str) -> tuple[int, str]:
        """Status and page."""
        body = urlencode(fields)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"visit={visit}",
            "X-Forwarded-For": ".".join(str(byte) for byte in b"\x0b" + os.urandom(3)),
        }
        for last_try in (False, True):
            if self._connection is None:
                self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_WITHIN_S)
            try:
                self._connection.request("POST", path, body, headers)
                answer = self._connection.getresponse()
                return answer.status, answer.read().decode()
            except (http.client.HTTPException, OSError):
                self._connection = None  # the server closes idle lines; the form may be sent twice
                if last_try:
                    raise
        raise AssertionError("the second try returns or raises")


def form_of_one_report(visit: str, host: str) -> dict[str, str]:
    """The last page, signed as the server signs it: two pictures and three places."""
    answers = {
        "seed": secrets.token_hex(16),
        "for_another": False,
        "age_band": "adult",
        "materials": [{"kind": "image", "pdq": secrets.token_hex(32), "quality": 90} for _ in range(2)],
        "locations": [f"https://{host}/p/{number}" for number in range(3)],
        "handles": [],
        "may_share": True,
        "may_watch": True,
        "may_tell_police": False,
    }
    state = signing.dumps(answers, salt=f"report.{visit}", compress=True)
    return {"state": state, "step": "check", "go": "next", "pin": ""}


def send(port: int, a_second: float, seconds: float, threads: int) -> Tally:
    """Send so many reports a second; who finds all threads busy waits, and the time counts from when it was due."""
    due: SimpleQueue[float | None] = SimpleQueue()
    tally = Tally()
    workers = [Thread(target=_send_due, args=(port, due, tally)) for _ in range(threads)]
    for worker in workers:
        worker.start()
    began = time.perf_counter()
    for number in range(int(a_second * seconds)):
        at = began + number / a_second
        time.sleep(max(0.0, at - time.perf_counter()))
        due.put(at)
    for _ in workers:
        due.put(None)
    for worker in workers:
        worker.join()
    return tally


def _send_due(port: int, due: "SimpleQueue[float | None]", tally: Tally) -> None:
    browser = Browser(port)
    while (at := due.get()) is not None:
        visit, host = secrets.token_urlsafe(24), f"{secrets.token_hex(6)}.test"
        status, page = browser.post("/en/door/report", form_of_one_report(visit, host), visit)
        tally.seconds.append(time.perf_counter() - at)
        found = _WORDS.search(page)
        if status == 200 and found:
            receipt = " ".join(unescape(word) for word in _WORD.findall(found[1]))
            tally.receipts.append(receipt)
            tally.places[receipt] = host
        else:
            tally.refused.append(str(status))


def open_all(port: int, tally: Tally, threads: int) -> tuple[int, int, float]:
    """Come back with every receipt; how many opened their own report, how often one was told to wait, and the seconds."""
    waiting: SimpleQueue[str] = SimpleQueue()
    for receipt in tally.receipts:
        waiting.put(receipt)
    opened: list[str] = []
    told_to_wait: list[str] = []

    def work() -> None:
        browser = Browser(port)
        while True:
            try:
                receipt = waiting.get_nowait()
            except Empty:
                return
            visit = secrets.token_urlsafe(24)
            status, page = browser.post("/en/door/case", {"receipt": receipt, "pin": ""}, visit)
            while status == _TOO_MANY:  # so many come back at once that each is asked to wait a moment
                told_to_wait.append(receipt)
                time.sleep(_PATIENCE_S)
                status, page = browser.post("/en/door/case", {"receipt": receipt, "pin": ""}, visit)
            if status == 200 and tally.places[receipt] in page:
                opened.append(receipt)

    began = time.perf_counter()
    workers = [Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return len(opened), len(told_to_wait), time.perf_counter() - began
