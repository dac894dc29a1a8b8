"""`unseen doctor`: the ten promises on the living tables, the settings, the sandbox, and whether a worker works."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import typer
from django.conf import settings
from django.core import checks
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from rich.console import Console
from rich.table import Table
from rich.text import Text

from unseen.cli.setup_django import named_database_trouble
from unseen.clock import now as now_by_clock
from unseen.destruction.queries import keys_too_many, without_key
from unseen.fingerprint import ChildDidNotStart, sandbox_report
from unseen.keys.centre import WrongCentreKey
from unseen.keys.queries import fits_the_centre
from unseen.statistics.promises import PROMISES
from unseen.takedown.directory.problems import DirectoryError
from unseen.takedown.queries import directory
from unseen.worker import read_heartbeat

FINE, FAILED, BROKEN = 0, 1, 3
WORKER_SILENT_MAX = timedelta(minutes=5)  # it writes once a second, and a look at a slow site takes a minute
_MARKS = {True: ("holds", "green"), False: ("BROKEN", "bold red")}
_CHECK_MARKS = {True: ("fine", "green"), False: ("FAILED", "bold red")}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing outside the promises."""

    what: str
    fine: bool
    words: str


def doctor() -> None:
    """Check the ten promises on the living data. Exit code 3: one is broken; 1: another check failed."""
    with named_database_trouble():
        connections[DEFAULT_DB_ALIAS].ensure_connection()
    now = now_by_clock()
    table = Table()
    for title in ("check", "", "what was found"):
        table.add_column(title, overflow="fold")
    results = list(_tables_and_directory())
    ready = all(check.fine for check in results)
    broken = _add_promises(table, now) if ready else 0
    results += _keys(now) if ready else ()
    results += [*_settings(), *_sandbox(), _worker(now)]
    for check in results:
        mark, style = _CHECK_MARKS[check.fine]
        table.add_row(Text(check.what), Text(mark, style=style), Text(check.words))
    Console().print(table)
    failed = sum(not check.fine for check in results)
    if broken:
        typer.echo(
            f"{broken} of {len(PROMISES)} promises are broken: the lines above name the rows; ask for help before anything else is sent"
        )
        raise typer.Exit(BROKEN)
    if failed:
        unchecked = "" if ready else "; the promises could not be checked"
        typer.echo(f"{failed} checks failed{unchecked}")
        raise typer.Exit(FAILED)
    typer.echo(f"all {len(PROMISES)} promises hold")


def _add_promises(table: Table, now: datetime) -> int:
    """A row for each promise; how many are broken."""
    broken = 0
    for title, promise in PROMISES.items():
        verdict = promise(now)
        broken += not verdict.holds
        mark, style = _MARKS[verdict.holds]
        table.add_row(Text(title), Text(mark, style=style), Text(verdict.evidence))
    table.add_section()
    return broken


def _tables_and_directory() -> Iterator[Check]:
    """Without these the promises cannot be read."""
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    words = (
        f"{missing} migrations are missing: start `unseen serve` or `unseen worker` once"
        if missing
        else "up to date"
    )
    yield Check("tables", not missing, words)
    try:
        found = directory()
    except DirectoryError as error:
        yield Check(
            "directory", fine=False, words=f"{len(error.problems)} problems: see `unseen directory check`"
        )
    else:
        yield Check("directory", fine=True, words=f"{len(found.parties)} parties, {len(found.laws)} laws")


def _keys(now: datetime) -> Iterator[Check]:
    """That the centre's key opens what is stored, and that whoever withdrew has no key left."""
    try:
        fits_the_centre()
    except WrongCentreKey as error:
        yield Check("centre key", fine=False, words=str(error))
        return
    yield Check("centre key", fine=True, words="it opens the case keys; keep a copy apart from all backups")
    left, lost = keys_too_many(now), without_key().count()
    told = f"reports that withdrew and still have a key: {', '.join(left[:5])}; see the worker's log"
    yield Check("case keys", not left, told if left else "who withdrew has none")
    if lost:
        words = f"{lost} reports have no key and cannot be read: `unseen restore` with the newest file of case keys"
        yield Check("case keys", fine=False, words=words)


def _settings() -> Iterator[Check]:
    """Django's checks and ours. Cautions are told and fail nothing."""
    messages = checks.run_checks(databases=[DEFAULT_DB_ALIAS])
    for message in messages:
        serious = message.level >= checks.ERROR
        what = "settings" if serious else "settings (caution)"
        yield Check(what, not serious, " ".join(part for part in (message.msg, message.hint) if part))
    if not messages:
        yield Check("settings", fine=True, words="nothing to say")


def _sandbox() -> Iterator[Check]:
    try:
        parts = sandbox_report()
    except ChildDidNotStart as error:
        yield Check("sandbox", fine=False, words=str(error))
        return
    for part in parts:
        yield Check(f"sandbox: {part.name}", part.holds, part.trouble or "holds")


def _worker(now: datetime) -> Check:
    """Whether some worker of this data folder has finished a round lately."""
    names = [path.stem.removeprefix("worker-") for path in settings.UNSEEN.data_dir.glob("worker-*.json")]
    beats = [beat for name in names if (beat := read_heartbeat(settings.UNSEEN.data_dir, name)) is not None]
    if not beats:
        return Check("worker", fine=False, words="no worker ever ran here: start `unseen worker`")
    last = max(datetime.fromisoformat(beat.idle_at) for beat in beats)
    silent = now - last
    if silent > WORKER_SILENT_MAX:
        minutes = int(silent.total_seconds() // 60)
        return Check("worker", fine=False, words=f"silent for {minutes} minutes: start `unseen worker`")
    return Check(
        "worker",
        fine=True,
        words=f"{len(beats)} known, the last one was idle {int(silent.total_seconds())} s ago",
    )
