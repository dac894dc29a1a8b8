"""The engine of one machine: as many decoding children as there are cores, each asked by a thread of its own."""

import queue
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Self

from unseen.fingerprint import DecoderPool, Source
from unseen.matching.labelled import LabelledBank
from unseen.matching.level import Level
from unseen.scanning.limits import FILES_A_CHILD
from unseen.scanning.look import Facts, Looker


class LocalEngine:
    """Use it in a `with` block; leaving it breaks off what is under way."""

    def __init__(self, kept: LabelledBank, level: Level, children: int | None = None) -> None:
        self._looker = Looker(kept, level, DecoderPool(children))
        self._threads = ThreadPoolExecutor(self._looker.pool.children, thread_name_prefix="looks")
        self._under_way: dict[int, Future[Facts]] = {}
        self._done: queue.SimpleQueue[int] = queue.SimpleQueue()
        self.files_at_once = FILES_A_CHILD * self._looker.pool.children

    def start(self, number: int, source: Source) -> None:
        """Look at one more file; `finished` will name it by its number."""
        future = self._threads.submit(self._looker.look, source)
        self._under_way[number] = future
        future.add_done_callback(lambda _: self._done.put(number))

    def finished(self) -> list[tuple[int, Facts]]:
        """At least one file that was started; waits for it. Raises BankError, ChildDidNotStart."""
        number = self._done.get()
        facts = self._under_way[number].result()
        del self._under_way[number]
        return [(number, facts)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._looker.pool.abandon(self._under_way.values())
        self._threads.shutdown()
        self._looker.pool.close()
