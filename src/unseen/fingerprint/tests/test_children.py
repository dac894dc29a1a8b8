"""A child that loops, dies or lies costs one file a named error; every protection that the kernel offers holds."""

import os
import signal
import sys
import time
from ast import literal_eval
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Thread, Timer

import pytest

from unseen.fingerprint import (
    ChildDidNotStart,
    DecoderPool,
    FingerprintError,
    ImageFingerprint,
    sandbox_report,
)
from unseen.fingerprint.children import COMMAND, Child
from unseen.fingerprint.limits import ANSWER_SIZE_BYTES_MAX, CHILD_FILES_MAX, CHILD_RESIDENT_BYTES_MAX
from unseen.testing.media import FOLDER as MEDIA

pytestmark = pytest.mark.thorough

PHOTO = MEDIA / "photos" / "island.jpg"

GREETING = """
import os, resource, socket, subprocess, sys, time
from unseen.fingerprint import framing, lockdown
channel = socket.socket(fileno=int(sys.argv[1]))
troubles = {locked}
framing.send(channel, {{"troubles": troubles}})
request, descriptor = framing.receive(channel, 4096)
{then}
"""


def child_that(then: str, locked: bool = False) -> Callable[[], Child]:
    script = GREETING.format(then=then, locked="lockdown.lock_down(int(sys.argv[2]))" if locked else "{}")
    return partial(Child, (sys.executable, "-P", "-c", script))


def refused(pool: DecoderPool, within_s: float = 20) -> FingerprintError:
    with pool, pytest.raises(FingerprintError) as caught:
        pool.fingerprint(PHOTO, within_s=within_s)
    return caught.value


def test_a_decoder_that_loops_is_stopped_in_time() -> None:
    error = refused(DecoderPool(1, child_that("while True: pass")), within_s=0.3)
    assert error.code == "timeout"
    assert "longer than 0.3 s" in error.message


def test_a_decoder_that_trickles_its_answer_is_stopped_in_time() -> None:
    trickle = "channel.send(b'\\0\\0\\1\\0')\nwhile True: channel.send(b' '); time.sleep(0.05)"
    assert refused(DecoderPool(1, child_that(trickle)), within_s=0.4).code == "timeout"


@pytest.mark.parametrize(
    "then",
    [
        "os._exit(3)",
        "os.abort()",
        f"channel.send(({ANSWER_SIZE_BYTES_MAX} + 1).to_bytes(4, 'little') + b' ' * 9)",
        "socket.send_fds(channel, [b'\\2\\0\\0\\0{{}}'], [0])",
        "channel.send(b'\\xff\\xff\\xff\\x7f')",
        "channel.send(b'\\4\\0\\0\\0{}{}')",
        "framing.send(channel, {'kind': 'image', 'pdq': 'not hex'})",
        "framing.send(channel, {'error': {'code': 'strange', 'message': ''}})",
    ],
)
def test_a_child_that_breaks_or_lies_is_an_error_of_that_file(then: str) -> None:
    assert refused(DecoderPool(1, child_that(then))).code == "undecodable"


def test_a_child_killed_midway_costs_one_file_and_is_replaced() -> None:
    hangs = child_that("time.sleep(60)")()
    children = [hangs]
    with DecoderPool(1, lambda: children.pop() if children else Child()) as pool:
        Timer(0.1, os.kill, (hangs.pid, signal.SIGKILL)).start()
        with pytest.raises(FingerprintError, match=r"undecodable: .*signal 9"):
            pool.fingerprint(PHOTO)
        assert isinstance(pool.fingerprint(PHOTO), ImageFingerprint)


def test_nobody_waits_for_a_file_that_is_not_wanted_any_more() -> None:
    at_work = child_that("time.sleep(60)")()
    with DecoderPool(1, lambda: at_work) as pool, ThreadPoolExecutor(1) as threads:
        started_s = time.monotonic()
        under_way = [threads.submit(pool.fingerprint, PHOTO) for _ in range(3)]
        while not at_work.files_answered:
            time.sleep(0.01)
        pool.abandon(under_way)
        assert time.monotonic() - started_s < 10
    assert isinstance(under_way[0].exception(), FingerprintError)
    assert under_way[1].cancelled()
    assert under_way[2].cancelled()


def test_a_child_killed_while_idle_costs_no_file() -> None:
    with DecoderPool(1) as pool:
        with pool.child() as child:
            pass
        os.kill(child.pid, signal.SIGKILL)
        while child.alive:
            pass
        assert isinstance(pool.fingerprint(PHOTO), ImageFingerprint)


def test_a_child_killed_while_it_starts_costs_no_file() -> None:
    commands = iter([("sh", "-c", "kill -9 $$"), ("sh", "-c", "kill -9 $$"), COMMAND])
    with DecoderPool(1, lambda: Child(next(commands))) as pool:
        assert isinstance(pool.fingerprint(PHOTO), ImageFingerprint)
    with DecoderPool(1, lambda: Child(("sh", "-c", "kill -9 $$"))) as pool, pytest.raises(ChildDidNotStart):
        pool.fingerprint(PHOTO)


def test_a_child_that_cannot_start_says_why() -> None:
    with pytest.raises(ChildDidNotStart, match="no such thing"):
        Child((sys.executable, "-c", "raise SystemExit('no such thing')"))


@pytest.mark.parametrize(
    "attempt",
    [
        "socket.socket()",
        "os.fork()",
        "os.execv('/bin/true', ['true'])",
        "open('/etc/passwd')",
        "open('/tmp/written-by-a-child', 'w')",
        "os.kill(os.getppid(), 0)",
        "os.listdir('/')",
        "subprocess.run(['/bin/true'])",
        "socket.create_connection(('127.0.0.1', 9))",
        "socket.socketpair()",
        "os.write(os.memfd_create('a'), b'b')",
        "resource.prlimit(os.getppid(), resource.RLIMIT_CPU)",
        "resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY,) * 2)",
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1, 1))",
        "bytearray(600 * 2**20)",
    ],
)
def test_a_locked_down_child_may_not(attempt: str) -> None:
    then = f"""
try:
    {attempt}
    done = "done"
except (PermissionError, MemoryError, ValueError) as refused:
    done = type(refused).__name__
framing.send(channel, {{"error": {{"code": "empty", "message": done}}}})
"""
    assert refused(DecoderPool(1, child_that(then, locked=True))).message in (
        "PermissionError",
        "MemoryError",
        "ValueError",  # resource.setrlimit's word for EPERM
    )


@pytest.mark.slow
def test_a_child_whose_parent_cannot_stop_it_ends_by_its_processor_seconds() -> None:
    then = "lockdown.limit_time(0)\nwhile True: pass"
    error = refused(DecoderPool(1, child_that(then, locked=True)), within_s=60)
    assert f"signal {int(signal.SIGXCPU)}" in error.message


def test_limits_that_were_set_are_those_of_the_child() -> None:
    then = """
names = ("RLIMIT_FSIZE", "RLIMIT_CORE", "RLIMIT_AS")
limits = [resource.getrlimit(getattr(resource, name))[1] for name in names]
framing.send(channel, {"error": {"code": "empty", "message": repr(limits)}})
"""
    written, core, space = literal_eval(refused(DecoderPool(1, child_that(then, locked=True))).message)
    assert (written, core) == (0, 0)
    assert CHILD_RESIDENT_BYTES_MAX < space < 4 * CHILD_RESIDENT_BYTES_MAX


def test_the_report_names_every_protection() -> None:
    parts = {part.name: part for part in sandbox_report()}
    assert len(parts) == 5
    assert all(part.holds or part.trouble for part in parts.values())


def test_a_child_outlives_the_thread_that_asked_for_it() -> None:
    with DecoderPool(1) as pool:
        thread = Thread(target=pool.fingerprint, args=(PHOTO,))
        thread.start()
        thread.join()
        pool.fingerprint(PHOTO)
        with pool.child() as child:
            assert child.files_answered == 2


def test_a_child_is_replaced_after_its_share_of_files() -> None:
    with DecoderPool(1) as pool:
        with pool.child() as first:
            first.files_answered = CHILD_FILES_MAX - 1
        pool.fingerprint(PHOTO)
        with pool.child() as second:
            assert second.pid != first.pid


def test_no_secret_of_ours_reaches_a_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNSEEN_SECRET_KEY", "do-not-tell")
    with DecoderPool(1) as pool, pool.child() as child:
        assert b"do-not-tell" not in Path(f"/proc/{child.pid}/environ").read_bytes()
