"""Debian's Firefox over WebDriver BiDi (W3C), since Playwright drives only a Firefox of its own."""

import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
START_WITHIN_S, ANSWER_WITHIN_S = 60.0, 180.0
Preferences = dict[str, bool | int | str]
# What Tor Browser sets: canvases answer with noise, WebCodecs is off.
TOR: Preferences = {"privacy.resistFingerprinting": True}
# Tor Browser's level "Safer" also switches WASM off.
SAFER: Preferences = {**TOR, "javascript.options.wasm": False}


class BidiError(Exception):
    """Firefox refused a command; the message is its own."""


@dataclass
class Tab:
    """One tab of a running Firefox."""

    connection: ClientConnection
    context: str = ""
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def send(self, method: str, **parameters: object) -> dict[str, Any]:
        """The result of one command. Raises BidiError."""
        number = next(self._numbers)
        self.connection.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self.connection.recv(timeout=ANSWER_WITHIN_S))
            if answer.get("id") != number:
                continue  # an event, or the answer to nobody
            if answer["type"] == "error":
                raise BidiError(f"{method}: {answer['message']}")
            result: dict[str, Any] = answer["result"]
            return result

    def go(self, address: str) -> None:
        self.send("browsingContext.navigate", context=self.context, url=address, wait="complete")

    def evaluate(self, expression: str) -> Any:
        """A string, number or element that JavaScript answers with."""
        answer = self.send(
            "script.evaluate", expression=expression, target={"context": self.context}, awaitPromise=True
        )
        if answer["type"] != "success":
            raise BidiError(str(answer["exceptionDetails"]["text"]))
        return answer["result"].get("value", answer["result"])

    def choose(self, selector: str, files: Sequence[Path]) -> None:
        self.send(
            "input.setFiles",
            context=self.context,
            element=self._element(selector),
            files=[str(file) for file in files],
        )

    def press(self, selector: str) -> None:
        """A click of the pointer in the middle of it."""
        element = self._element(selector)
        self.evaluate(f"document.querySelector({json.dumps(selector)}).scrollIntoView({{block: 'center'}})")
        origin = {"type": "element", "element": element}
        moves: list[dict[str, object]] = [
            {"type": "pointerMove", "x": 0, "y": 0, "origin": origin},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        pointer = {"type": "pointer", "id": "pointer", "actions": moves}
        self.send("input.performActions", context=self.context, actions=[pointer])

    def _element(self, selector: str) -> dict[str, str]:
        element = self.evaluate(f"[document.querySelector({json.dumps(selector)})]")[0]
        return {"sharedId": element["sharedId"]}

    def fingerprinted(self, *files: Path) -> tuple[list[dict[str, Any]], str]:
        """As the fixture of that name: the materials that would be posted, and what the page says."""
        self.choose("input[data-files]", files)
        until = time.monotonic() + ANSWER_WITHIN_S
        while self.evaluate("document.querySelector('form').getAttribute('aria-busy')") != "false":
            if time.monotonic() > until:
                raise BidiError("the page did not finish")
            time.sleep(0.1)
        text = self.evaluate("document.querySelector('input[name=materials]').value")
        return json.loads(text or "[]"), self.evaluate("document.querySelector('output').value")


@contextmanager
def firefox(folder: Path, preferences: Preferences) -> Iterator[Tab]:
    """A headless Firefox with a profile of its own in `folder`."""
    assert FIREFOX is not None
    quiet: Preferences = {
        "browser.shell.checkDefaultBrowser": False,
        "datareporting.policy.dataSubmissionEnabled": False,
        "app.normandy.enabled": False,
        "network.captive-portal-service.enabled": False,
        "network.connectivity-service.enabled": False,
        "services.settings.server": "data:,",
    }
    lines = [
        f"user_pref({json.dumps(name)}, {json.dumps(value)});"
        for name, value in (quiet | preferences).items()
    ]
    (folder / "user.js").write_text("\n".join(lines))
    command = [FIREFOX, "--headless", "--no-remote", "--profile", str(folder), "--remote-debugging-port=0"]
    with (folder / "said").open("w+") as said:
        process = subprocess.Popen([*command, "about:blank"], stdout=said, stderr=said)
        try:
            with connect(f"{_address(folder / 'said')}/session", max_size=None) as connection:
                tab = Tab(connection)
                tab.send("session.new", capabilities={})
                tab.context = tab.send("browsingContext.getTree")["contexts"][0]["context"]
                yield tab
        finally:
            process.terminate()
            process.wait()


def _address(said: Path) -> str:
    until = time.monotonic() + START_WITHIN_S
    while time.monotonic() < until:
        if found := re.search(r"WebDriver BiDi listening on (ws://\S+)", said.read_text()):
            return found[1]
        time.sleep(0.1)
    raise BidiError("Firefox did not start: " + said.read_text()[-500:])
