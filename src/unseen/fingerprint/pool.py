"""A few decoding children for one process: started when needed, reused, replaced after many files or a fault."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import Self

from unseen.fingerprint.children import Child
from unseen.fingerprint.limits import CHILD_FILES_MAX, PICTURE_ANSWER_WITHIN_S, VIDEO_ANSWER_WITHIN_S
from unseen.fingerprint.model import (
    ErrorCode,
    FingerprintError,
    Forms,
    ImageFingerprint,
    Pixels,
    VideoFingerprint,
    Want,
    from_wire,
)
from unseen.fingerprint.sniff import Family
from unseen.fingerprint.sources import Source, opened_source

Fingerprint = ImageFingerprint | VideoFingerprint


class DecoderPool:
    """Up to `children` files at once, from any number of threads."""

    def __init__(self, children: int | None = None, start: Callable[[], Child] = Child) -> None:
        self.children = children or len(os.sched_getaffinity(0))
        self._start = start
        self._room = threading.BoundedSemaphore(self.children)
        self._idle: list[Child] = []
        self._lock = threading.Lock()

    def fingerprint(
        self,
        source: Source,
        want: Want = Want.ANY,
        forms: Forms = Forms.NONE,
        within_s: float | None = None,
        pixels: Pixels = Pixels.EXACT,
    ) -> Fingerprint:
        """Fingerprint one source, waiting for a free child. Raises FingerprintError (see `unseen.fingerprint`)."""
        with opened_source(source) as file, self.child() as child:
            limit_s = VIDEO_ANSWER_WITHIN_S if file.family is Family.VIDEO else PICTURE_ANSWER_WITHIN_S
            facts = child.ask(file.descriptor, want, forms, within_s or limit_s, pixels)
        error = facts.get("error")
        try:
            if error is not None:
                raise FingerprintError(ErrorCode(error["code"]), str(error["message"])[:300])
            return from_wire(facts)
        except (ValueError, KeyError, TypeError) as trouble:
            raise FingerprintError(
                ErrorCode.UNDECODABLE, "the decoder gave a senseless answer: get another copy of the file"
            ) from trouble

    def fingerprint_all(
        self,
        sources: Sequence[Source],
        want: Want = Want.ANY,
        forms: Forms = Forms.NONE,
        pixels: Pixels = Pixels.EXACT,
    ) -> Iterator[Fingerprint | FingerprintError]:
        """One answer a source, in order; an error is an answer. Only a few files are under way at a time."""
        with ThreadPoolExecutor(self.children, thread_name_prefix="decodes") as threads:
            waiting = iter(sources)
            start = partial(threads.submit, partial(self._answer, want=want, forms=forms, pixels=pixels))
            under_way = [start(source) for source in islice(waiting, 4 * self.children)]
            while under_way:
                yield under_way.pop(0).result()
                under_way += [start(source) for source in islice(waiting, 1)]

    @contextmanager
    def child(self) -> Iterator[Child]:
        """A child for one file; it goes back to the idle ones unless it ended or served its share."""
        with self._room:
            child = self._idle_child() or self._start()
            try:
                yield child
            finally:
                if child.ended or child.files_answered >= CHILD_FILES_MAX:
                    child.end()
                else:
                    with self._lock:
                        self._idle.append(child)

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
        self._idle, self._lock = [], threading.Lock()
        self._room = threading.BoundedSemaphore(self.children)

    def _answer(
        self, source: Source, want: Want, forms: Forms, pixels: Pixels
    ) -> Fingerprint | FingerprintError:
        try:
            return self.fingerprint(source, want, forms, pixels=pixels)
        except FingerprintError as error:
            return error
