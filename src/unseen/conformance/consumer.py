"""How the kit speaks with what it examines: three questions, as JSON, to a command's standard input or to an address."""

import json
import os
import shlex
import signal
import subprocess
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, Protocol

import httpx2

ANSWER_WITHIN_S = 30.0
_ANSWER_BYTES_MAX = 1_000_000


class ConsumerError(Exception):
    """The consumer does not answer as docs/exchange.md says; the text tells what it did."""


@dataclass(frozen=True, slots=True)
class Matched:
    """One match as the consumer told it."""

    entry: str
    action: str


class Consumer(Protocol):
    """What follows a feed and answers for uploads."""

    def ask(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """Its answer. Raises ConsumerError."""

    def kill(self) -> bool:
        """End it without warning; False where the kit cannot."""

    def close(self) -> None:
        """Let it go."""


class CommandConsumer:
    """A program that reads one question a line and writes one answer a line. It is begun again when it was killed."""

    def __init__(self, command: str) -> None:
        self._command = shlex.split(command)
        self._process: subprocess.Popen[bytes] | None = None
        self._reader: threading.Thread | None = None
        self._answers: SimpleQueue[bytes] = SimpleQueue()

    def ask(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """Its answer. Raises ConsumerError."""
        process = self._running()
        assert process.stdin is not None, "it was begun with a pipe"
        try:
            process.stdin.write(json.dumps(question).encode() + b"\n")
            process.stdin.flush()
            line = self._answers.get(timeout=ANSWER_WITHIN_S)
        except OSError as error:
            raise ConsumerError(f"the command ended: {error}") from error
        except Empty:
            raise ConsumerError(f"the command gave no answer within {ANSWER_WITHIN_S:.0f} s") from None
        if not line:
            raise ConsumerError(f"the command ended with code {process.wait()} and gave no answer")
        return _object(line)

    def kill(self) -> bool:
        """SIGKILL, to it and whatever it began."""
        if self._process is not None and self._reader is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._reader.join()  # it has read to the end
            for pipe in (self._process.stdin, self._process.stdout):
                with suppress(OSError):  # what was still to be written has no reader
                    assert pipe is not None, "it was begun with pipes"
                    pipe.close()
            self._process = self._reader = None
        return True

    def close(self) -> None:
        """The same: nothing of it is needed any more."""
        self.kill()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            try:
                self._process = subprocess.Popen(
                    self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
                )
            except OSError as error:
                raise ConsumerError(f"{self._command[0]} cannot be started: {error.strerror}") from error
            self._answers = SimpleQueue()
            self._reader = threading.Thread(target=_forward, args=(self._process, self._answers), daemon=True)
            self._reader.start()
        return self._process


class AddressConsumer:
    """A service that takes each question as a POST."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._client = httpx2.Client(timeout=ANSWER_WITHIN_S)

    def ask(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """Its answer. Raises ConsumerError."""
        try:
            answer = self._client.post(self._address, json=dict(question))
        except httpx2.HTTPError as error:
            raise ConsumerError(f"{self._address} does not answer: {error}") from error
        if answer.status_code != httpx2.codes.OK:
            raise ConsumerError(f"{self._address} answers with status {answer.status_code}")
        return _object(answer.content)

    def kill(self) -> bool:
        """A service elsewhere is not the kit's to kill."""
        return False

    def close(self) -> None:
        """Its connections."""
        self._client.close()


def consumer_of(named: str) -> Consumer:
    """By an address (http:// or https://) or by a command."""
    return AddressConsumer(named) if named.startswith(("http://", "https://")) else CommandConsumer(named)


def _forward(process: "subprocess.Popen[bytes]", answers: "SimpleQueue[bytes]") -> None:
    assert process.stdout is not None, "it was begun with a pipe"
    while line := process.stdout.readline(_ANSWER_BYTES_MAX):
        answers.put(line)
    answers.put(b"")


def _object(raw: bytes) -> dict[str, Any]:
    try:
        told = json.loads(raw)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise ConsumerError(f"an answer is no JSON object: {raw[:80]!r}")
    return told
