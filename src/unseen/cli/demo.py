"""`unseen demo`: the whole path on real pictures against the small internet, with a judge for each promise."""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from unseen.cli.setup_django import setup_django
from unseen.demo.page import render_page
from unseen.demo.table import print_table
from unseen.demo.world import DemoFailed, World
from unseen.testing.internet.characters import CHARACTERS

PIPE_COLUMNS = 160  # a log has no width of its own; the table needs this much
FAILED, USAGE, BROKEN_PROMISE = 1, 2, 3
KEYS = tuple(character.key for character in CHARACTERS)

Kills = Annotated[int, typer.Option("--kill-worker", min=0, max=500, help="Kill the worker so many times.")]
Seed = Annotated[int, typer.Option("--seed", help="Decides when the worker is killed.")]
Liars = Annotated[
    list[str] | None, typer.Option("--liar", help=f"Turn a platform into a liar: {', '.join(KEYS)}.")
]
Out = Annotated[Path, typer.Option("--out", help="Folder for the page and the figures.")]
Serve = Annotated[bool, typer.Option("--serve", help="Leave the desk running afterwards.")]
Keep = Annotated[bool, typer.Option("--keep", help="Keep the demonstration's data folder.")]


def demo(
    kill_worker: Kills = 0,
    seed: Seed = 1,
    liar: Liars = None,
    out: Out = Path("var/demo"),
    serve: Serve = False,
    keep: Keep = False,
) -> None:
    """Run it; exit code 0 only if every judge agrees, 3 when a promise is broken."""
    unknown = [name for name in liar or [] if name not in KEYS]
    if unknown:
        typer.echo(f"there is no platform '{unknown[0]}': choose from {', '.join(KEYS)}", err=True)
        raise typer.Exit(USAGE)
    console = Console() if sys.stdout.isatty() else Console(width=PIPE_COLUMNS)
    folder = _folders(out)
    world = World(folder, liars=liar or ())
    try:
        with world.internet:
            _take_over(world)
            from unseen.demo.serving import serve_desk
            from unseen.demo.story import ending, tell

            with _progress(console) as advance:
                result = tell(world, kills=kill_worker, seed=seed, liars=liar or (), progress=advance)
            print_table(result, console)
            page = _write(
                out, result_page=render_page(result), facts=asdict(result) | {"ending": ending(result)}
            )
            console.print(f"ending {ending(result)}; page: {page}", soft_wrap=True)
            if serve:
                serve_desk(world, console)
    except DemoFailed as error:
        keep = True
        typer.echo(str(error), err=True)
        raise typer.Exit(FAILED) from None
    finally:
        if keep:
            console.print(f"data folder: {folder}", soft_wrap=True)
        else:
            shutil.rmtree(folder, ignore_errors=True)
    if not result.holds:
        raise typer.Exit(BROKEN_PROMISE)


def _folders(out: Path) -> Path:
    """The folder for the demonstration's data, made; and `out`, before a minute is spent on what fills it."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix="unseen-demo-"))
    except OSError as trouble:
        typer.echo(
            f"{trouble.filename or tempfile.tempdir}: no folder can be made there ({trouble.strerror}): "
            "name others with --out and TMPDIR",
            err=True,
        )
        raise typer.Exit(USAGE) from None


def _take_over(world: World) -> None:
    """From here on this process sees the demonstration's options only."""
    for name in list(os.environ):
        if name not in world.environment:
            del os.environ[name]
    os.environ.update(world.environment)
    setup_django()


@contextmanager
def _progress(console: Console) -> Iterator[Callable[[float], None]]:
    columns = (TextColumn("simulated month"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda share: bar.update(task, completed=share)


def _write(out: Path, *, result_page: str, facts: dict[str, object]) -> Path:
    (out / "result.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")
    page = out / "index.html"
    page.write_text(result_page, encoding="utf-8")
    return page
