"""A private PostgreSQL for one command: `python tests/postgres.py -- pytest ...` runs it with DATABASE_URL set.

The cluster lives in a temporary folder, listens on a unix socket in it and on no network, and is durable as in
production (fsync stays on). PostgreSQL refuses to run as root, so root starts it under an unprivileged account.
"""

import contextlib
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

VERSION_MIN = 15
START_WITHIN_S = 60.0
STOP_WITHIN_S = 30.0
SOCKET_PATH_BYTES_MAX = 100  # the kernel's limit is 107 for a socket's whole path
ROLE = "unseen"
DATABASE = "unseen"
ACCOUNTS = ("postgres", "nobody")  # tried in this order when we are root
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
}


class NoPostgresError(RuntimeError):
    """PostgreSQL's programs are missing or too old; the message says what to install."""


def find_programs() -> Path:
    """The folder with initdb and postgres of the newest version that is new enough."""
    folders = [Path("/usr/lib/postgresql") / name / "bin" for name in _versions_newest_first()]
    on_path = shutil.which("initdb")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    message = (
        f"No PostgreSQL {VERSION_MIN} or later was found in /usr/lib/postgresql or on PATH. "
        "Cure: apt-get install postgresql, or set DATABASE_URL to a server that you run."
    )
    raise NoPostgresError(message)


def _versions_newest_first() -> list[str]:
    with contextlib.suppress(FileNotFoundError):
        names = [path.name for path in Path("/usr/lib/postgresql").iterdir() if path.name.isdigit()]
        return sorted((name for name in names if int(name) >= VERSION_MIN), key=int, reverse=True)
    return []


def _unprivileged() -> pwd.struct_passwd | None:
    """The account that runs the server: None for our own, if that is not root."""
    if os.geteuid() != 0:
        return None
    for name in ACCOUNTS:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise NoPostgresError(
        "This is root and there is no account to run PostgreSQL under. Cure: run as a normal account."
    )


def _run_as(account: pwd.struct_passwd | None) -> dict[str, Any]:
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


@contextlib.contextmanager
def cluster(settings: Mapping[str, str] = MappingProxyType({})) -> Iterator[str]:
    """Start a private cluster and yield its DATABASE_URL; stop and delete it afterwards, whatever happened.

    `settings`: of the server, beside or instead of our own.
    """
    programs, account = find_programs(), _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="unseen-pg-"))
    try:
        if len(os.fsencode(folder)) > SOCKET_PATH_BYTES_MAX:
            raise NoPostgresError(f"The path {folder} is too long for a socket. Cure: set TMPDIR=/tmp.")
        if account:
            os.chown(folder, account.pw_uid, account.pw_gid)
        _initdb(programs, folder, account)
        server = _start(programs, folder, account, {**SETTINGS, **settings})
        try:
            _wait_until_ready(programs, folder, server)
            _createdb(programs, folder)
            yield f"postgresql://{ROLE}@/{DATABASE}?host={quote(str(folder))}"
        finally:
            _stop(server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _initdb(programs: Path, folder: Path, account: pwd.struct_passwd | None) -> None:
    # "trust" is safe here: the only door is a socket in a folder that nobody else may enter (0700).
    command = [
        str(programs / "initdb"), "--pgdata", str(folder / "data"), "--username", ROLE, "--auth", "trust",
        "--encoding", "UTF8", "--locale", "C.UTF-8", "--data-checksums", "--no-instructions",
    ]  # fmt: skip
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, **_run_as(account)
    )
    if done.returncode:
        raise NoPostgresError(f"initdb failed: {done.stderr.strip()[-500:]}")


def _start(
    programs: Path, folder: Path, account: pwd.struct_passwd | None, settings: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    command = [str(programs / "postgres"), "-D", str(folder / "data"), "-k", str(folder)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            command, cwd=folder, stdout=log, stderr=log, start_new_session=True, **_run_as(account)
        )


def _wait_until_ready(programs: Path, folder: Path, server: subprocess.Popen[bytes]) -> None:
    ready = [str(programs / "pg_isready"), "-q", "-h", str(folder), "-d", "postgres"]
    give_up = time.monotonic() + START_WITHIN_S
    while subprocess.run(ready, check=False).returncode:
        if server.poll() is not None or time.monotonic() > give_up:
            log = (folder / "log").read_text(errors="replace")
            raise NoPostgresError(f"PostgreSQL did not start: {log.strip()[-500:]}")
        time.sleep(0.05)


def _createdb(programs: Path, folder: Path) -> None:
    subprocess.run([str(programs / "createdb"), "-h", str(folder), "-U", ROLE, DATABASE], check=True)


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGINT)  # "fast": open connections are cut, then a clean shutdown
    try:
        server.wait(STOP_WITHIN_S)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def main(arguments: list[str]) -> int:
    """Run the command after `--`; its exit code is ours."""
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command:
        sys.stderr.write("usage: python tests/postgres.py -- COMMAND [ARGUMENT ...]\n")
        return 2
    given = os.environ.get("DATABASE_URL", "")
    if re.match(r"postgres(ql)?://", given):
        sys.stderr.write("Using the PostgreSQL that DATABASE_URL names.\n")
        return subprocess.run(command, check=False).returncode
    # An ended shell must not leave a server behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with cluster() as url:
            return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=False).returncode
    except NoPostgresError as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
