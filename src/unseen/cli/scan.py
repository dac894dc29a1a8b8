"""`unseen scan`: search folders, pages, lists, Telegram exports and object stores for copies of what a bank holds."""

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

from unseen.cli import media_output as output
from unseen.cli.media import check_there_is_a_bank
from unseen.config.options import OptionError, Options, load
from unseen.discovery.fetching import fetcher_of
from unseen.discovery.sources import Found, Reach, SourceError, open_source
from unseen.fetch.budget import HostBudget, Pace, WaitUntil, fresh, take
from unseen.fetch.vantage import Vantage
from unseen.fingerprint import Fingerprint, FingerprintError, Forms, fingerprint_all
from unseen.matching import BankError
from unseen.matching.labelled import LabelledBank

# Decoded together on all cores; the second limit keeps a batch of fetched videos out of trouble with memory.
_BATCH_FILES = 32
_BATCH_SIZE_BYTES = 64_000_000
# A site is asked like a hasty reader would, and not faster.
_PACE = Pace(burst=60, per_second=5.0)
# Without a configured vantage a scan shows a common browser, as copies are hidden from declared crawlers.
_BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


class Engine(StrEnum):
    """What does the work."""

    LOCAL = "local"
    RAY = "ray"


def scan(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE...", help="Folder, file, .txt list, http(s) page, Telegram export, s3://..."
        ),
    ],
    bank: Annotated[Path, typer.Option("--bank", metavar="DIR", help="The bank's folder.")],
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON line a match or error, not a table.")
    ] = False,
    engine: Annotated[
        Engine, typer.Option(help="local: all cores of this machine. ray: not built yet.")
    ] = Engine.LOCAL,
) -> None:
    """Print what matches, and what could not be read. Exit code 1 if anything failed; no match is no failure."""
    if engine is Engine.RAY:
        message = "scanning with Ray is not part of this version: leave the option out, or split the sources by hand"
        raise typer.BadParameter(message, param_hint="--engine")
    check_there_is_a_bank(bank)
    try:
        options = load(os.environ)
        kept = LabelledBank.open(bank)
        with fetcher_of(options) as fetcher, _counter() as advance:
            reach = Reach(fetcher, vantage_of(options), Pacer().wait)
            failed = _scan(sources, reach, kept, as_json, advance)
    except OptionError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    except BankError as error:
        output.failure("bank", str(error))
        raise typer.Exit(1) from None
    raise typer.Exit(1 if failed else 0)


def _scan(
    sources: Sequence[str], reach: Reach, kept: LabelledBank, as_json: bool, advance: Callable[[], None]
) -> bool:
    """Scan one source after the other; True if anything could not be read."""
    failed = False
    with output.table("where", "label", "bits", "how", "at seconds", shown=not as_json) as table:
        for found, answer in _fingerprints(sources, reach):
            advance()
            if isinstance(answer, FingerprintError | SourceError):
                failed = True
                error = {"code": str(answer.code), "message": answer.message}
                if as_json:
                    output.json_line({**_named(found), "error": error})
                else:
                    output.failure(found.where, answer.message)
                continue
            matches = kept.match_regions(answer)
            if not matches:
                continue
            if as_json:
                output.json_line(
                    {**_named(found), "matches": [output.match_facts(match) for match in matches]}
                )
            else:
                output.match_rows(table, found.where, matches)
    return failed


def _named(found: Found) -> dict[str, str]:
    """How a line names its input: by its path on this machine or by its location, and the page that shows it."""
    named = {"location" if "://" in found.where else "path": found.where}
    if found.path:
        named = {"path": str(found.path)}
    return {**named, "page": found.page.text} if found.page else named


Answered = tuple[Found, Fingerprint | FingerprintError | SourceError]


def _fingerprints(sources: Sequence[str], reach: Reach) -> Iterator[Answered]:
    """Everything that the sources hold with its answer, in order, one batch in memory at a time."""
    everything = _everything(sources, reach)
    while batch := _batch(everything):
        media = [read for _, read in batch if not isinstance(read, SourceError)]
        answers = fingerprint_all(media, Forms.QUERY)
        for found, read in batch:
            yield found, read if isinstance(read, SourceError) else next(answers)


def _everything(sources: Sequence[str], reach: Reach) -> Iterator[Found]:
    for source in sources:
        try:
            yield from open_source(source, reach)
        except SourceError as error:
            yield Found(source, _raising(error))


def _raising(error: SourceError) -> Callable[[], bytes]:
    def fail() -> bytes:
        raise error

    return fail


def _batch(everything: Iterator[Found]) -> list[tuple[Found, str | bytes | SourceError]]:
    """The next files to decode: by their path where they have one, else by their bytes."""
    batch: list[tuple[Found, str | bytes | SourceError]] = []
    size_bytes = 0
    for found in islice(everything, _BATCH_FILES):
        read = str(found.path) if found.path else _opened(found)
        batch.append((found, read))
        size_bytes += len(read) if isinstance(read, bytes) else 0
        if size_bytes > _BATCH_SIZE_BYTES:
            break
    return batch


def _opened(found: Found) -> bytes | SourceError:
    try:
        return found.open()
    except SourceError as error:
        return error


def vantage_of(options: Options) -> Vantage:
    """The first vantage that is not the complainant's own address, from which copies may be hidden."""
    for vantage in sorted(options.vantages, key=lambda vantage: vantage.own_address):
        return vantage
    return Vantage("this machine", options.country, None, None, _BROWSER)


@dataclass
class Pacer:
    """Waits before a request until the host's pace allows it."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    sleep: Callable[[float], None] = time.sleep
    _budgets: dict[str, HostBudget] = field(default_factory=dict)

    def wait(self, host: str) -> None:
        """Return when `host` may be asked."""
        while True:
            now = self.now()
            step = take(self._budgets.get(host) or fresh(_PACE, now), _PACE, now)
            if not isinstance(step, WaitUntil):
                self._budgets[host] = step.budget
                return
            self.sleep((step.until - now).total_seconds())


@contextmanager
def _counter() -> Iterator[Callable[[], None]]:
    """How many files were looked at, on a terminal only; how many there are is not known before the end."""
    columns = (SpinnerColumn(), TextColumn("{task.completed:.0f} files"))
    with Progress(
        *columns, console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True
    ) as bar:
        task = bar.add_task("scan", total=None)
        yield lambda: bar.advance(task)
