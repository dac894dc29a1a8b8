"""The clocks: the machine's own, and one in a small file that the demo sets and the worker reads."""

import mmap
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol


class ClockError(Exception):
    """A clock file is missing or damaged, or somebody tried to turn it back."""


class Clock(Protocol):
    def now(self) -> datetime:
        """The current instant, aware, UTC."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class FileClock:
    """An instant in an 8-byte file: IEEE double, native byte order, seconds since 1970 UTC.

    Both sides map the file into memory. An aligned 8-byte load or store is one machine instruction, so a
    reader sees the old instant or the new one, never a mixture, and a read costs no system call.
    """

    def __init__(self, path: Path | str) -> None:
        self._path = Path(path)
        self._readable: memoryview[float] | None = None
        self._writable: memoryview[float] | None = None

    def now(self) -> datetime:
        """Raises ClockError while nobody has set the clock for the first time."""
        if self._readable is None:
            self._readable = self._cell(writable=False)
        return datetime.fromtimestamp(float(self._readable[0]), UTC)

    def set(self, instant: datetime) -> None:
        """The owner's side: move the clock to `instant` (aware). Time never runs backwards: ClockError."""
        if instant.tzinfo is None:
            raise ClockError(
                f"cannot set {self._path} to {instant}: it has no time zone; pass an aware datetime"
            )
        if not self._path.exists():
            self._create()
        elif instant < self.now():
            raise ClockError(
                f"cannot turn {self._path} back from {self.now()} to {instant}; set a later instant"
            )
        if self._writable is None:
            self._writable = self._cell(writable=True)
        self._writable[0] = instant.timestamp()

    def _create(self) -> None:
        fresh = self._path.with_name(self._path.name + ".new")
        fresh.write_bytes(bytes(8))
        fresh.replace(self._path)

    def _cell(self, *, writable: bool) -> "memoryview[float]":
        access = mmap.ACCESS_WRITE if writable else mmap.ACCESS_READ
        try:
            with self._path.open("r+b" if writable else "rb") as file:
                return memoryview(mmap.mmap(file.fileno(), 8, access=access)).cast("d")
        except (OSError, ValueError) as error:
            raise ClockError(
                f"no clock in {self._path} ({error}); its owner sets it first with set()"
            ) from error
