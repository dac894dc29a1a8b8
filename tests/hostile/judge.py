"""One hostile file before a real decoding child: what it answered, how long it took, and how much memory it needed."""

import time
from dataclasses import dataclass
from pathlib import Path

from unseen.fingerprint import Ask, DecoderPool, FingerprintError, Forms, Source
from unseen.fingerprint.limits import CHILD_RESIDENT_BYTES_MAX

# The parent's alarm, the clean-up after it, and a start of the next child on a loaded machine.
OVERTIME_S = 5.0
_RESET_PEAK = "5"  # proc(5), clear_refs


@dataclass(frozen=True, slots=True)
class Judged:
    """One file's outcome; `peak_bytes` is 0 where the child ended and took its count with it."""

    name: str
    answer: str
    seconds: float
    peak_bytes: int
    breach: str

    @property
    def row(self) -> str:
        peak = f"{self.peak_bytes / 2**20:6.0f} MiB" if self.peak_bytes else "     ended"
        return f"{self.seconds:7.2f} s {peak}  {self.answer:<28} {self.name}  {self.breach}"


def judged(pool: DecoderPool, name: str, source: Source, within_s: float) -> Judged:
    """Ask for everything that a bank keeps, the costliest question. Anything but an answer or a typed error is raised."""
    with pool.child() as child:
        pid = child.pid
    Path(f"/proc/{pid}/clear_refs").write_text(_RESET_PEAK)
    start_s = time.monotonic()
    try:
        found = pool.fingerprint(source, Ask(forms=Forms.BANK), within_s=within_s)
        answer, message = str(found.facts()["kind"]), ""
    except FingerprintError as error:
        answer, message = f"error: {error.code}", error.message
    seconds = time.monotonic() - start_s
    return Judged(name, answer, seconds, peak := peak_bytes(pid), _breach(seconds, within_s, peak, message))


def peak_bytes(pid: int) -> int:
    """The most memory that a process held at one time since its peak was reset; 0 if it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    peaks = [line.split()[1] for line in lines if line.startswith("VmHWM")]
    return int(peaks[0]) * 1024 if peaks else 0


def _breach(seconds: float, within_s: float, peak: int, message: str) -> str:
    if seconds > within_s + OVERTIME_S:
        return "TOOK TOO LONG"
    if peak > CHILD_RESIDENT_BYTES_MAX:
        return "TOOK TOO MUCH MEMORY"
    if message and ": " not in message:
        return "SAYS NO CURE"
    return ""
