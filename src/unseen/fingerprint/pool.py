"""A few decoding children for one process: started when needed, reused, replaced after many files or a fault."""

import os
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import Any, Self, TypeVar

from unseen.fingerprint.children import Child, ChildDidNotStart
from unseen.fingerprint.deep_model import Fit, PartPrints
from unseen.fingerprint.limits import (
    CHILD_FILES_MAX,
    CHILD_STARTS_MAX,
    PICTURE_ANSWER_WITHIN_S,
    VIDEO_ANSWER_WITHIN_S,
)
from unseen.fingerprint.model import (
    ANYTHING,
    Ask,
    ErrorCode,
    FingerprintError,
    ImageFingerprint,
    VideoFingerprint,
    from_wire,
)
from unseen.fingerprint.sniff import Family
from unseen.fingerprint.sources import Source, opened_source

T = TypeVar("T")
Fingerprint = ImageFingerprint | VideoFingerprint
Align = Callable[[Sequence[Fit]], Sequence[PartPrints]]


class DecoderPool:
    """Up to `children` files at once, from any number of threads."""

    def __init__(self, children: int | None = None, start: Callable[[], Child] = Child) -> None:
        self.children = children or len(os.sched_getaffinity(0))
        self._start = start
        self._room = threading.BoundedSemaphore(self.children)
        self._idle: list[Child] = []
        self._busy: set[Child] = set()
        self._lock = threading.Lock()

    def fingerprint(self, source: Source, ask: Ask = ANYTHING, within_s: float | None = None) -> Fingerprint:
        """Fingerprint one source, waiting for a free child. Raises FingerprintError (see `unseen.fingerprint`)."""
        return self.examine(source, _itself, ask, within_s)

    def fingerprint_all(
        self, sources: Sequence[Source], ask: Ask = ANYTHING
    ) -> Iterator[Fingerprint | FingerprintError]:
        """One answer a source, in order; an error is an answer. Only a few files are under way at a time."""
        return self.examine_all(sources, _itself, ask)

    def examine(
        self,
        source: Source,
        then: Callable[[Fingerprint, Align], T],
        ask: Ask = ANYTHING,
        within_s: float | None = None,
    ) -> T:
        """What `then` makes of the fingerprint while the child still holds the picture, which it can be asked to align."""
        with opened_source(source) as file, self.child() as child:
            limit_s = VIDEO_ANSWER_WITHIN_S if file.family is Family.VIDEO else PICTURE_ANSWER_WITHIN_S
            limit_s = within_s or limit_s
            made = _checked(child.ask(file.descriptor, ask, limit_s))
            return then(made, partial(child.align, within_s=limit_s))

    def examine_all(
        self,
        sources: Sequence[Source],
        then: Callable[[Fingerprint, Align], T],
        ask: Ask = ANYTHING,
    ) -> Iterator[T | FingerprintError]:
        """The same for many sources, in order, from as many threads as there are children."""
        with ThreadPoolExecutor(self.children, thread_name_prefix="decodes") as threads:
            waiting = iter(sources)
            start = partial(threads.submit, partial(self._answer, then=then, ask=ask))
            under_way = [start(source) for source in islice(waiting, 4 * self.children)]
            try:
                while under_way:
                    yield under_way.pop(0).result()
                    under_way += [start(source) for source in islice(waiting, 1)]
            finally:
                self.abandon(under_way)

    def abandon(self, under_way: Collection["Future[Any]"]) -> None:
        """Nobody wants these any more: break off the files that this pool's children are at. Others get an error too."""
        for future in under_way:
            future.cancel()
        while wait(under_way, timeout=0).not_done:
            with self._lock:
                busy = list(self._busy)
            for child in busy:
                child.kill()
            wait(under_way, timeout=0.1)  # a child that was just starting is killed in the next round

    @contextmanager
    def child(self) -> Iterator[Child]:
        """A child for one file; it goes back to the idle ones unless it ended or served its share."""
        with self._room:
            child = self._idle_child() or self._new_child()
            with self._lock:
                self._busy.add(child)
            try:
                yield child
            finally:
                with self._lock:
                    self._busy.discard(child)
                if child.ended or child.files_answered >= CHILD_FILES_MAX:
                    child.end()
                else:
                    with self._lock:
                        self._idle.append(child)

    def _new_child(self) -> Child:
        """Somebody, or a machine short of memory, may kill one while it starts: that costs no file."""
        for _ in range(CHILD_STARTS_MAX - 1):
            try:
                return self._start()
            except ChildDidNotStart as trouble:
                if not trouble.killed:
                    raise
        return self._start()

    def _idle_child(self) -> Child | None:
        while True:
            with self._lock:
                child = self._idle.pop() if self._idle else None
            if child is None or child.alive:
                return child
            child.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the idle children; the pool can be used again."""
        with self._lock:
            idle, self._idle = self._idle, []
        for child in idle:
            child.end()

    def forget(self) -> None:
        """After a fork: the children belong to the other process."""
        self._idle, self._busy, self._lock = [], set(), threading.Lock()
        self._room = threading.BoundedSemaphore(self.children)

    def _answer(
        self, source: Source, then: Callable[[Fingerprint, Align], T], ask: Ask
    ) -> T | FingerprintError:
        try:
            return self.examine(source, then, ask)
        except FingerprintError as error:
            return error


def _itself(made: Fingerprint, align: Align) -> Fingerprint:
    return made


def _checked(facts: dict[str, Any]) -> Fingerprint:
    """Raises FingerprintError: the child's own, or where its answer makes no sense."""
    error = facts.get("error")
    try:
        if error is not None:
            raise FingerprintError(ErrorCode(error["code"]), str(error["message"])[:300])
        return from_wire(facts)
    except (ValueError, KeyError, TypeError) as trouble:
        raise FingerprintError(
            ErrorCode.UNDECODABLE, "the decoder gave a senseless answer: get another copy of the file"
        ) from trouble
