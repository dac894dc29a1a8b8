"""The parent's side of one decoding child: start it, hand it an open file, wait no longer than agreed, end it."""

import os
import queue
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import unseen
from unseen.fingerprint import framing
from unseen.fingerprint.deep_model import Fit, PartPrints, parts_from_wire
from unseen.fingerprint.limits import ANSWER_SIZE_BYTES_MAX, START_WITHIN_S
from unseen.fingerprint.model import Ask, ErrorCode, FingerprintError

_GRACE_S = 1.0  # a child that crashed is being cleaned up by the kernel; its exit code is worth the wait
COMMAND = (sys.executable, "-s", "-P", "-m", "unseen.fingerprint.child")


class ChildDidNotStart(RuntimeError):
    """The decoding process ended or stayed silent before its first file; the message says what it printed last.

    `killed`: a signal ended it, so that another one may well start.
    """

    def __init__(self, message: str, *, killed: bool) -> None:
        super().__init__(message)
        self.killed = killed


class Child:
    """One running child. Not for two threads at once."""

    def __init__(self, command: Sequence[str] = COMMAND) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        self.files_answered = 0
        self.ended = False
        self._channel = ours
        with theirs:
            self._process = _STARTER.start(
                [*command, str(theirs.fileno()), str(os.getpid())], theirs.fileno()
            )
        assert self._process.stderr is not None
        self._errors = self._process.stderr
        try:
            ours.settimeout(START_WITHIN_S)
            self.troubles: dict[str, str] = self._receive().get("troubles", {})
            ours.settimeout(None)
            self._errors.close()  # it writes nothing there from now on
        except (framing.BrokenMessage, OSError) as trouble:
            said = self.end()
            killed = (self._process.returncode or 0) < 0 and not isinstance(trouble, TimeoutError)
            told = f"the decoding process did not start: {said or trouble}"
            raise ChildDidNotStart(told, killed=killed) from trouble

    @property
    def alive(self) -> bool:
        """Whether it can take a file; one that sat idle may have been killed by someone else."""
        try:
            self._process.wait(0)
        except subprocess.TimeoutExpired:
            return not self.ended
        return False

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, descriptor: int, ask: Ask, within_s: float) -> dict[str, Any]:
        """The facts of one file. Raises FingerprintError; after `timeout`, or when the child broke, it has ended."""
        self.files_answered += 1
        return self._exchange(ask.facts(), descriptor, within_s)

    def align(self, fits: Sequence[Fit], within_s: float) -> list[PartPrints]:
        """The parts of the picture that was asked for last, laid onto originals. Raises FingerprintError."""
        answer = self._exchange({"fits": [fit.facts() for fit in fits]}, None, within_s)
        try:
            parts = [parts_from_wire(each) for each in answer["parts"]]
        except (ValueError, LookupError, TypeError):
            parts = []
        if len(parts) != len(fits):
            raise FingerprintError(
                ErrorCode.UNDECODABLE, "the decoder gave a senseless answer: get another copy of the file"
            )
        return parts

    def _exchange(self, message: dict[str, Any], descriptor: int | None, within_s: float) -> dict[str, Any]:
        late = threading.Event()
        alarm = threading.Timer(within_s, self._too_late, (late,))
        alarm.daemon = True
        alarm.start()
        try:
            framing.send(self._channel, {**message, "within_s": within_s}, descriptor)
            return self._receive()
        except (framing.BrokenMessage, OSError) as trouble:
            self.end()
            if late.is_set():
                raise FingerprintError(
                    ErrorCode.TIMEOUT,
                    f"decoding took longer than {within_s:g} s and was stopped: make the file smaller",
                ) from None
            raise FingerprintError(
                ErrorCode.UNDECODABLE,
                f"the decoder broke on this file ({_how_it_ended(self._process)}): get another copy of it",
            ) from trouble
        finally:
            alarm.cancel()

    def end(self) -> str:
        """Stop it and wait; answers the last line that it printed while it started. Twice is fine."""
        if self.ended:
            return ""
        self.ended = True
        self._channel.close()
        try:
            self._process.wait(_GRACE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._errors.closed:
            return ""
        with self._errors as errors:
            lines = errors.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else ""

    def kill(self) -> None:
        """Break off what it is doing; whoever waits for its answer gets an error. From any thread."""
        self._process.kill()

    def _too_late(self, late: threading.Event) -> None:
        late.set()
        self._process.kill()

    def _receive(self) -> dict[str, Any]:
        message, descriptor = framing.receive(self._channel, ANSWER_SIZE_BYTES_MAX)
        if descriptor is not None:
            os.close(descriptor)
            raise framing.BrokenMessage("a child sent a descriptor")
        return message


def _how_it_ended(process: "subprocess.Popen[bytes]") -> str:
    code = process.returncode
    return f"signal {-code}" if code is not None and code < 0 else f"exit {code}"


def _environment() -> dict[str, str]:
    """Nothing of ours but where the code lies: no secret reaches a process that reads hostile files."""
    one_thread = dict.fromkeys(
        ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "MALLOC_ARENA_MAX"), "1"
    )
    return {**one_thread, "PYTHONPATH": str(Path(unseen.__file__).parent.parent), "LC_ALL": "C.UTF-8"}


class _Starter:
    """Starts every child from one thread that lives as long as the process.

    Linux sends the parent-death signal when the *thread* that started a child ends (prctl(2)); a web server's or a
    pool's thread may end at any time.
    """

    def __init__(self) -> None:
        self._wanted: queue.SimpleQueue[tuple[list[str], int, Future[subprocess.Popen[bytes]]]] = (
            queue.SimpleQueue()
        )
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def start(self, arguments: list[str], descriptor: int) -> "subprocess.Popen[bytes]":
        answer: Future[subprocess.Popen[bytes]] = Future()
        with self._lock:
            if self._thread is None or not self._thread.is_alive():  # it did not come along through a fork
                self._thread = threading.Thread(target=self._serve, name="starts decoders", daemon=True)
                self._thread.start()
        self._wanted.put((arguments, descriptor, answer))
        return answer.result()

    def _serve(self) -> None:
        while True:
            arguments, descriptor, answer = self._wanted.get()
            try:
                answer.set_result(_popen(arguments, descriptor))
            except OSError as trouble:
                answer.set_exception(trouble)


_STARTER = _Starter()


def _popen(arguments: list[str], descriptor: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        arguments,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        pass_fds=(descriptor,),
        env=_environment(),
        cwd="/",
        process_group=0,  # Ctrl-C is for the command, which ends its children itself
    )
