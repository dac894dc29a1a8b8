"""`unseen scan`: search folders, pages, lists, Telegram exports and object stores for copies of what a bank holds."""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from unseen.cli import media_output as output
from unseen.cli.media import check_there_is_a_bank
from unseen.cli.progress import only_our_lines, progress
from unseen.cli.reach import Pacer, vantage_of
from unseen.config.options import OptionError, load
from unseen.discovery.fetching import fetcher_of
from unseen.discovery.sources import Found, Reach, SourceError, files_in, open_source
from unseen.fingerprint import ChildDidNotStart
from unseen.matching import BankError
from unseen.matching.labelled import LabelledBank
from unseen.matching.level import Level
from unseen.scanning.cluster import ClusterEngine, ClusterError, ray_module
from unseen.scanning.local import LocalEngine
from unseen.scanning.record import Record, RecordError, default_name, forget, forget_old
from unseen.scanning.run import Engine, Run

_INTERRUPTED = 130  # what a shell reports for Ctrl-C


class EngineChoice(StrEnum):
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
    level: Annotated[Level, typer.Option(help="How hard to try, as in `unseen match`.")] = Level.REGIONS,
    engine: Annotated[
        EngineChoice,
        typer.Option(
            help="local: all cores of this machine. ray: the cluster whose head is at RAY_ADDRESS (host:port), "
            "or, without it, one of this machine alone. Needs unseen[ray]."
        ),
    ] = EngineChoice.LOCAL,
    resume: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Where an unfinished scan is kept, so that the same command goes on with it. "
            "Without it, a file in ~/.local/state/unseen that belongs to this command.",
        ),
    ] = None,
    anew: Annotated[bool, typer.Option("--anew", help="Forget what an unfinished scan did.")] = False,
) -> None:
    """Print what matches, and what could not be read. Exit code 1 if anything failed; no match is no failure.

    Stopped by Ctrl-C or killed, the same command goes on where it was and its output is the whole.
    """
    check_there_is_a_bank(bank)
    if engine is EngineChoice.RAY:
        os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # Ray would tell its makers about the cluster
        _check_ray()
    place = resume or _state_folder() / default_name(sources, bank, {"level": level})
    record: Record | None = None
    try:
        options = load(os.environ)
        kept = LabelledBank.open(bank)
        record = _record(place, anew, kept, {"level": str(level)})
        with fetcher_of(options) as fetcher, _engine(engine, kept, bank, level) as chosen:
            reach = Reach(fetcher, vantage_of(options), Pacer().wait)
            failed = _scan(sources, reach, chosen, record, as_json)
    except OptionError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    except KeyboardInterrupt:
        _say_how_to_go_on(record)
        raise typer.Exit(_INTERRUPTED) from None
    except (BankError, ClusterError, ChildDidNotStart, RecordError) as error:
        output.failure("bank" if isinstance(error, BankError) else "scan", str(error))
        _say_how_to_go_on(record)
        raise typer.Exit(1) from None
    if record:
        record.remove()
    raise typer.Exit(1 if failed else 0)


def _check_ray() -> None:
    try:
        ray_module()
    except ClusterError as error:
        raise typer.BadParameter(str(error), param_hint="--engine") from None


@contextmanager
def _engine(choice: EngineChoice, kept: LabelledBank, bank: Path, level: Level) -> Iterator[Engine]:
    if choice is EngineChoice.LOCAL:
        with LocalEngine(kept, level) as local:
            yield local
    else:
        address = os.environ.get("RAY_ADDRESS", "")
        with only_our_lines(), ClusterEngine(kept, bank, level, address) as cluster:
            yield cluster


def _record(place: Path, anew: bool, kept: LabelledBank, options: dict[str, str]) -> Record | None:
    """The record of this scan, with a word about what an earlier run did; None (and why) where none can be kept."""
    forget_old(_state_folder(), time.time())
    try:
        if anew and Record.is_one(place):
            forget(place)
        terms = {"the version of unseen": version("unseen"), "the bank": kept.state(), **options}
        record = Record.open(place, terms)
    except RecordError as error:
        output.failure("scan", f"it could not be resumed if it were stopped: {error}")
        return None
    if record.voided:
        _say(f"{record.voided} changed since this scan was stopped: it starts from the beginning")
    elif record.files_before:
        _say(f"going on with a scan that was stopped: {record.files_before:,} files are done already")
    return record


def _say(words: str) -> None:
    typer.echo(words, err=True)


def _say_how_to_go_on(record: Record | None) -> None:
    if record is None:
        _say("stopped: nothing was kept, the same command starts from the beginning")
        return
    _say(f"stopped: the same command goes on where it was. What is done is kept in {record.path}")
    record.close()


def _state_folder() -> Path:
    """Where programs keep what outlives a run and is no setting (XDG Base Directory Specification 0.8)."""
    home = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(home) / "unseen"


def _scan(sources: Sequence[str], reach: Reach, engine: Engine, record: Record | None, as_json: bool) -> bool:
    """Scan one source after the other; True if anything could not be read."""
    failed = False
    with (
        output.table("where", "label", "bits", "how", "at seconds", shown=not as_json) as table,
        progress(partial(_files_in, sources)) as advance,
    ):
        for found, facts in Run(engine, record, advance).answers(_everything(sources, reach)):
            failed |= "error" in facts
            if as_json and (facts.get("error") or facts["matches"]):
                output.json_line({**_named(found), **facts})
            elif "error" in facts:
                output.failure(found.where, facts["error"]["message"])
            elif facts["matches"]:
                output.match_rows(table, found.where, facts["matches"])
    return failed


def _files_in(sources: Sequence[str]) -> int | None:
    total = 0
    for source in sources:
        count = files_in(source)
        if count is None:
            return None
        total += count
    return total


def _named(found: Found) -> dict[str, str]:
    """How a line names its input: by its path on this machine or by its location, and the page that shows it."""
    named = {"location" if "://" in found.where else "path": found.where}
    if found.path:
        named = {"path": str(found.path)}
    return {**named, "page": found.page.text} if found.page else named


def _everything(sources: Sequence[str], reach: Reach) -> Iterator[Found]:
    for source in sources:
        try:
            yield from open_source(source, reach)
        except SourceError as error:
            yield Found(source, partial(_fail, error))


def _fail(error: SourceError) -> bytes:
    raise error
