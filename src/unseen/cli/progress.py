"""A progress bar on the terminal's error stream; nothing at all where nobody looks."""

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, Task, TimeRemainingColumn
from rich.text import Text

_COUNTED_AT_ONCE_S = 0.2  # then the first thing that a person sees says how many there are
_shown: list[Progress] = []
_ours: list[TextIO] = []


class _Count(ProgressColumn):
    def render(self, task: Task) -> Text:
        of = "" if task.total is None else f" of {task.total:,.0f}"
        return Text(f"{task.completed:,.0f}{of} files")


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.3g} a second" if task.speed else "")


class _TimeLeft(TimeRemainingColumn):
    def render(self, task: Task) -> Text:
        return Text("") if task.total is None else super().render(task)


@contextmanager
def progress(count: Callable[[], int | None]) -> Iterator[Callable[[], None]]:
    """A bar on a terminal; call what it gives after each file.

    `count` says how many files there are, or None where only the end will tell; it may take long and runs beside.
    """
    if not sys.stderr.isatty():
        yield lambda: None
        return
    columns = (SpinnerColumn(), BarColumn(bar_width=24), _Count(), _Rate(), _TimeLeft())
    # rich would send what goes to the output to its own stream: lines meant for a file would end on the terminal.
    console = Console(stderr=True)
    with Progress(
        *columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False
    ) as bar:
        task = bar.add_task("files", total=None)
        counting = threading.Thread(target=lambda: bar.update(task, total=count()), daemon=True)
        counting.start()
        counting.join(_COUNTED_AT_ONCE_S)
        _shown.append(bar)
        try:
            yield lambda: bar.advance(task)
        finally:
            _shown.remove(bar)


@contextmanager
def only_our_lines() -> Iterator[None]:
    """What a library prints meanwhile is lost, from whatever thread: Ray tells the troubles of its nodes on the output."""
    _ours.append(sys.stdout)
    try:
        with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
            yield
    finally:
        _ours.pop()


def output_stream() -> TextIO:
    """Where our lines and tables go."""
    return _ours[-1] if _ours else sys.stdout


def write_line(line: str) -> None:
    """One line to the output, at once; above the bar where both share a terminal."""
    _write(line, output_stream())


def write_trouble(line: str) -> None:
    """One line to the error stream, above the bar if there is one."""
    _write(line, sys.stderr)


def _write(line: str, stream: TextIO) -> None:
    if _shown and stream.isatty():
        _shown[-1].console.print(Text(line), soft_wrap=True)
        return
    stream.write(line + "\n")
    stream.flush()
