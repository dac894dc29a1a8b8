"""`unseen fingerprint`, `unseen bank` and `unseen match`: pictures and videos in, JSON lines or a table out."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from unseen.cli import media_output as output
from unseen.cli.progress import progress
from unseen.fingerprint import (
    Ask,
    Fingerprint,
    FingerprintError,
    Forms,
    Frames,
    Pixels,
    examine_all,
    fingerprint_all,
)
from unseen.matching import BankError
from unseen.matching.labelled import LabelledBank, LabelMatch, forms_of
from unseen.matching.level import Level

T = TypeVar("T")

_FILES_AT_ONCE = (
    64  # materials written to the bank together: one sync for many files, little lost at an interrupt
)

Paths = Annotated[
    list[str], typer.Argument(metavar="PATH...", help="Files, or folders with everything in them.")
]
BankFolder = Annotated[Path, typer.Option("--bank", metavar="DIR", help="The bank's folder.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON line a file instead of a table.")]

Sampled = Annotated[
    Frames,
    typer.Option(
        "--frames",
        help="Of videos. second: one a second and each new scene. dense: every frame that differs from the one before. "
        "keyframes: only those stored whole, for many files; short films and long gaps as with second.",
    ),
]

bank = typer.Typer(no_args_is_help=True, help="Keep a bank of fingerprints in a folder.")


def fingerprint(
    paths: Paths,
    as_json: AsJson = False,
    variants: Annotated[
        bool, typer.Option("--variants", help="Every edited form that a bank keeps of a picture too.")
    ] = False,
    pixels: Annotated[
        Pixels,
        typer.Option(
            help="Of a JPEG: exact, as everybody decodes it; luma, without colour; scaled, reduced while it is decoded. "
            "The last two are faster and at most a few bits away; other formats are always exact."
        ),
    ] = Pixels.EXACT,
    frames: Sampled = Frames.SECOND,
) -> None:
    """Fingerprint pictures and videos; nothing leaves this machine. Exit code 1 if any file failed."""
    failed = False
    with output.table("path", "kind", "PDQ", "quality", shown=not as_json) as table:
        ask = Ask(forms=Forms.BANK if variants else Forms.NONE, frames=frames, pixels=pixels)
        for path, answer in _fingerprints(paths, ask):
            failed |= isinstance(answer, FingerprintError)
            if as_json:
                output.json_line({"path": path, **output.facts(answer)})
            else:
                output.fingerprint_rows(table, path, answer)
    raise typer.Exit(1 if failed else 0)


@bank.command("add")
def bank_add(
    paths: Paths,
    folder: BankFolder,
    label: Annotated[
        str | None, typer.Option(help="Name for all of them; without it, each file's path.")
    ] = None,
    frames: Sampled = Frames.DENSE,
    deep: Annotated[
        bool,
        typer.Option(
            "--deep",
            help="Keep local features too, for `unseen match --level deep`: 20 KB a picture. They tell far more of a "
            "picture than fingerprints do: never share such a bank.",
        ),
    ] = False,
) -> None:
    """Add pictures (each with some 210 edited forms) and videos (with the time of each frame); the bank is made if absent."""
    if label == "":
        raise typer.BadParameter("is empty: give a name, or leave the option out", param_hint="--label")
    kept = _opened(folder)
    waiting: list[tuple[str, Fingerprint]] = []
    failed, files, rows = False, 0, 0
    ask = Ask(forms=Forms.DEEP_BANK if deep else Forms.BANK, frames=frames)
    for path, answer in _fingerprints(paths, ask):
        if isinstance(answer, FingerprintError):
            output.failure(path, answer.message)
        elif not forms_of(answer):
            output.failure(
                path, "too flat or blurred to be searched for (quality below 50): use a better copy"
            )
        else:
            waiting.append((label or path, answer))
            files += 1
            if len(waiting) == _FILES_AT_ONCE:
                rows += _trusted(partial(kept.add, waiting))
                waiting = []
            continue
        failed = True
    rows += _trusted(partial(kept.add, waiting))
    typer.echo(f"{files} files in the bank, {rows} new fingerprints")
    raise typer.Exit(1 if failed else 0)


@bank.command("list")
def bank_list(folder: BankFolder, as_json: AsJson = False) -> None:
    """List what the bank holds."""
    entries = _trusted(_opened(folder, must_exist=True).entries)
    with output.table("label", "SHA-256", "fingerprints", shown=not as_json) as table:
        for entry in entries:
            if as_json:
                output.json_line(
                    {"label": entry.label, "sha256": entry.sha256, "fingerprints": len(entry.forms)}
                )
            else:
                table.add_row(output.safe(entry.label), entry.sha256[:16], str(len(entry.forms)))


@bank.command("remove")
def bank_remove(folder: BankFolder, labels: Annotated[list[str], typer.Argument(metavar="LABEL...")]) -> None:
    """Remove everything kept under these labels. Exit code 1 if one is not in the bank."""
    kept = _opened(folder, must_exist=True)
    failed = False
    for label in labels:
        count = _trusted(partial(kept.remove, label))
        if count:
            typer.echo(f"{output.printable(label)}: {count} files removed")
        else:
            output.failure(label, "no such label in the bank: see `unseen bank list`")
            failed = True
    raise typer.Exit(1 if failed else 0)


@bank.command("verify")
def bank_verify(folder: BankFolder) -> None:
    """Read every byte of the bank and compare it with its checksums. Exit code 1 at a fault, which is named."""
    kept = _opened(folder, must_exist=True)
    checked = _trusted(kept.verify)
    typer.echo(
        f"every byte is as written: {checked.rows} fingerprints, {checked.files} files, {checked.size_bytes} bytes"
    )


def match(
    paths: Paths,
    folder: BankFolder,
    as_json: AsJson = False,
    level: Annotated[
        Level,
        typer.Option(
            help="compatible: each file's own PDQ against all that the bank holds of a picture (mirror, turns, crops, borders), "
            "as any platform can. regions: also parts of the file, and pictures inside it. deep: also local features laid "
            "onto the originals: turned, cropped, photographed copies; needs a bank made with --deep."
        ),
    ] = Level.REGIONS,
    frames: Sampled = Frames.SECOND,
) -> None:
    """Search the bank for pictures and videos. Exit code 1 if a file failed; no match is no failure."""
    kept = _opened(folder, must_exist=True)
    failed = False
    with output.table("path", "label", "bits", "how", "at seconds", shown=not as_json) as table:
        for path, answer in _trusted_all(_matches(kept, paths, level, frames)):
            if isinstance(answer, FingerprintError):
                failed = True
                output.unmatched(table, path, answer, as_json)
                continue
            matches = [match.facts() for match in answer]
            if as_json:
                output.json_line({"path": path, "matches": matches})
            else:
                output.match_rows(table, path, matches)
    raise typer.Exit(1 if failed else 0)


def _matches(
    kept: LabelledBank, paths: list[str], level: Level, frames: Frames
) -> Iterator[tuple[str, list[LabelMatch] | FingerprintError]]:
    """Every file with its matches, in order. Raises BankError."""
    found = kept.matcher(level)
    ask = Ask(forms=level.forms, frames=frames)
    yield from _each(paths, lambda files: examine_all(files, found, ask))


def _fingerprints(paths: list[str], ask: Ask) -> Iterator[tuple[str, Fingerprint | FingerprintError]]:
    return _each(paths, lambda files: fingerprint_all(files, ask))


def _each(paths: list[str], answers: Callable[[list[str]], Iterator[T]]) -> Iterator[tuple[str, T]]:
    """Every file with its answer, in order, decoded on all cores; a progress bar where a person looks."""
    files = [file for path in paths for file in _expanded(path)]
    with progress(lambda: len(files)) as advance:
        for file, answer in zip(files, answers(files), strict=True):
            yield file, answer
            advance()


def _expanded(path: str) -> list[str]:
    """The path itself, or every file below the folder, sorted; a folder that cannot be read is named like a file."""
    if not os.path.isdir(path):  # noqa: PTH112  # Path.is_dir raises where a parent is locked or the name too long
        return [path]
    unread: list[str] = []
    found = os.walk(path, onerror=lambda trouble: unread.append(str(trouble.filename)))
    return sorted([*(str(Path(folder, name)) for folder, _, names in found for name in names), *unread])


def _opened(folder: Path, must_exist: bool = False) -> LabelledBank:
    if must_exist:
        check_there_is_a_bank(folder)
    return _trusted(partial(LabelledBank.open, folder))


def check_there_is_a_bank(folder: Path) -> None:
    """An empty folder is none: a mistyped path must not read as "no match". Raises BadParameter."""
    try:
        if any(folder.iterdir()):
            return
        why = "is empty"
    except OSError as trouble:
        why = f"cannot be read: {trouble.strerror}"
    raise typer.BadParameter(
        f"there is no bank at '{folder}' ({why}): check the path, or make one with `unseen bank add`",
        param_hint="--bank",
    )


def _trusted(step: Callable[[], T]) -> T:
    """Run one step on the bank; a damaged bank ends the command, named."""
    with _bank_trouble_ends_it():
        return step()


def _trusted_all(steps: Iterator[T]) -> Iterator[T]:
    with _bank_trouble_ends_it():
        yield from steps


@contextmanager
def _bank_trouble_ends_it() -> Iterator[None]:
    try:
        yield
    except BankError as error:
        output.failure("bank", str(error))
        raise typer.Exit(1) from None
