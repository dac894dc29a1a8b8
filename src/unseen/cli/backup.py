"""`unseen backup` and `unseen restore`: everything that cannot be made again, in one checked file and one beside it.

The hash bank's folder is not in it: it only speeds up the rows, and is written anew after a restore. The case keys are in a
file of their own (`case_keys`), and the centre's key is in neither.
"""

import hashlib
import io
import json
import os
import sqlite3
import subprocess
import tarfile
import tempfile
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from unseen.cli import case_keys
from unseen.cli.setup_django import migrate, named_database_trouble, setup_django
from unseen.config.data_folder import centre_key_file
from unseen.config.options import Options, load
from unseen.config.values import OptionError, PostgresDatabase, SqliteDatabase

FAILED, USAGE = 1, 2
FORMAT = 1
MANIFEST, KEY = "manifest.json", "secret-key"
_KEYS_TABLE = "keys_casekey"
DATABASE_NAMES = {"sqlite": "unseen.sqlite3", "postgresql": "unseen.pgdump"}

Archive = Annotated[Path, typer.Argument(help="The backup file.")]
Keys = Annotated[
    Path | None,
    typer.Option(
        "--keys",
        help="The file of case keys; without it: unseen-case-keys beside the backup, replaced each time.",
    ),
]


class BackupError(Exception):
    """What went wrong, with which file, and the cure."""


# What reading or writing a file can come to; a damaged archive raises any of these.
TROUBLE = (
    BackupError,
    case_keys.KeysError,
    OSError,
    EOFError,
    ValueError,
    KeyError,
    sqlite3.Error,
    tarfile.TarError,
    zlib.error,
)


def backup(archive: Archive, keys: Keys = None) -> None:
    """Write everything into ARCHIVE (readable by its owner only), and read it back before it counts.

    Only the newest file of case keys may exist: an older one opens what was withdrawn since.
    """
    options = _options()
    try:
        names = _made(archive, options)
        setup_django()
        with named_database_trouble():
            written = case_keys.write(case_keys.beside(archive, keys))
    except TROUBLE as error:
        typer.echo(f"{archive}: no backup was made: {_why(error)}", err=True)
        raise typer.Exit(FAILED) from None
    print(f"{archive}: {len(names)} files, {archive.stat().st_size} bytes, read back and checked.")
    print(f"{case_keys.beside(archive, keys)}: {written} case keys. Keep no older copy of this file.")


def restore(archive: Archive, keys: Keys = None) -> None:
    """Bring ARCHIVE and the newest file of case keys back into an empty data folder and database.

    The centre's key must stand where UNSEEN_KEY_FILE points. Whose case key is not there any more withdrew meanwhile: nothing
    of it can be read, and it is withdrawn again before anything is sent.
    """
    options = _options()
    try:
        names = _checked(archive)
        wrapped = case_keys.read(case_keys.beside(archive, keys), centre_key_file(options))
        _unpack(archive, names, options)
    except TROUBLE as error:
        typer.echo(f"{archive}: nothing was restored: {_why(error)}", err=True)
        raise typer.Exit(FAILED) from None
    setup_django()

    from unseen.clock import now
    from unseen.destruction.actions import catch_up
    from unseen.hashbank.actions import rebuild_folder
    from unseen.journal.queries import first_broken_entry
    from unseen.keys.actions import bring_back

    migrate()
    bring_back(wrapped)
    again = catch_up(now())
    rebuild_folder()
    broken = first_broken_entry()
    if broken is not None:
        typer.echo(f"restored, but the journal was edited at entry {broken}: run `unseen doctor`", err=True)
        raise typer.Exit(FAILED)
    if again:
        print(f"{again} reports have no case key any more: they withdrew since, and are withdrawn again.")
    print(f"Restored from {archive}; the journal holds. Run `unseen doctor`, then start the worker.")


def _why(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: check the path, its rights, and the room on the disk"
    if isinstance(error, sqlite3.Error):
        return f"{error}: check the database, and the room on the disk"
    return str(error) or type(error).__name__


def _made(archive: Path, options: Options) -> dict[str, str]:
    """Written beside and read back; only then does it replace an older backup. Nothing is left beside it."""
    if archive.is_dir():
        raise BackupError("it is a folder: give the name of a file in it")
    fresh = archive.with_name(archive.name + ".new")
    try:
        _write(fresh, options)
        names = _checked(fresh)
        fresh.replace(archive)
    finally:
        fresh.unlink(missing_ok=True)
    return names


def _options() -> Options:
    try:
        return load(os.environ)
    except OptionError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(USAGE) from None


def _write(fresh: Path, options: Options) -> None:
    with tempfile.TemporaryDirectory(prefix="unseen-backup-") as folder:
        kind = "sqlite" if isinstance(options.database, SqliteDatabase) else "postgresql"
        files = {DATABASE_NAMES[kind]: _dump(options, Path(folder) / "database")}
        key = options.data_dir / KEY
        if key.is_file():
            files[KEY] = key
        digests = {name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in files.items()}
        manifest = {
            "format": FORMAT,
            "made_at": datetime.now(UTC).isoformat(),
            "database": kind,
            "digests": digests,
        }
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as out, tarfile.open(fileobj=out, mode="w:gz") as tar:
            _add(tar, MANIFEST, json.dumps(manifest).encode())
            for name, file in files.items():
                tar.add(file, arcname=name, recursive=False)


def _dump(options: Options, target: Path) -> Path:
    """A consistent copy of the living database, without the case keys."""
    database = options.database
    if isinstance(database, SqliteDatabase):
        if not database.path.is_file():
            raise BackupError(f"there is no database at {database.path}: start `unseen serve` once")
        with sqlite3.connect(database.path) as source, sqlite3.connect(target) as copy:
            source.backup(copy)
        with sqlite3.connect(target, isolation_level=None) as copy:
            if copy.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (_KEYS_TABLE,)).fetchone():
                copy.execute(f"DELETE FROM {_KEYS_TABLE}")  # noqa: S608 - a name of our own
            copy.execute("VACUUM")  # nothing of them stays in a free page
        copy.close()
        source.close()
    else:
        _client(
            "pg_dump",
            database,
            "--format=custom",
            f"--exclude-table-data={_KEYS_TABLE}",
            f"--file={target}",
        )
    return target


def _client(program: str, database: PostgresDatabase, *words: str) -> None:
    """Run a PostgreSQL client; the password travels in its environment, not in the list of processes."""
    places = {
        "PGDATABASE": database.name,
        "PGHOST": database.host,
        "PGPORT": str(database.port),
        "PGUSER": database.role,
        "PGPASSWORD": database.password.reveal(),
        "PGSSLMODE": database.sslmode,
    }
    environment = {**os.environ, **{name: value for name, value in places.items() if value}}
    try:
        done = subprocess.run([program, *words], env=environment, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise BackupError(f"{program} is not installed: install PostgreSQL's client programs") from None
    if done.returncode != 0:
        raise BackupError(f"{program} ended with {done.returncode}: {done.stderr.strip()[-500:]}")


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o600
    tar.addfile(entry, io.BytesIO(content))


def _checked(archive: Path) -> dict[str, str]:
    """The names and digests of a whole, unaltered backup. Raises BackupError."""
    if not archive.is_file():
        raise BackupError("there is no such file")
    with tarfile.open(archive, mode="r:gz") as tar:
        manifest = json.loads(_member(tar, MANIFEST))
        if manifest.get("format") != FORMAT:
            raise BackupError("it was written by another version: restore it with that one")
        digests: dict[str, str] = manifest["digests"]
        for name, digest in digests.items():
            if hashlib.sha256(_member(tar, name)).hexdigest() != digest:
                raise BackupError(f"{name} in it is damaged: take an older backup")
    return digests


def _member(tar: tarfile.TarFile, name: str) -> bytes:
    try:
        file = tar.extractfile(name)
    except KeyError:
        file = None
    if file is None:
        raise BackupError(f"{name} is missing in it: take an older backup")
    return file.read()


def _unpack(archive: Path, names: dict[str, str], options: Options) -> None:
    database = options.database
    kind = "sqlite" if isinstance(database, SqliteDatabase) else "postgresql"
    wanted = DATABASE_NAMES[kind]
    if wanted not in names:
        raise BackupError(f"it holds no {kind} database: set DATABASE_URL to the kind that it was made from")
    if isinstance(database, SqliteDatabase) and database.path.exists():
        raise BackupError(f"{database.path} exists: restore into an empty UNSEEN_DATA_DIR")
    options.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tarfile.open(archive, mode="r:gz") as tar:
        content = _member(tar, wanted)
        if KEY in names:
            _put(options.data_dir / KEY, _member(tar, KEY))
    if isinstance(database, SqliteDatabase):
        _put(database.path, content)
        return
    with tempfile.NamedTemporaryFile(prefix="unseen-restore-") as file:
        file.write(content)
        file.flush()
        _client(
            "pg_restore", database, "--exit-on-error", "--no-owner", f"--dbname={database.name}", file.name
        )


def _put(path: Path, content: bytes) -> None:
    fresh = path.with_name(path.name + ".new")
    fresh.touch(mode=0o600)
    fresh.write_bytes(content)
    fresh.replace(path)
