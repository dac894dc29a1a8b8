"""`unseen replica`: the platform's side of a hash feed: follow it, see how it stands, check it, give it to others."""

import json
import logging
import sys
import time
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from unseen.config.log_lines import JsonLines
from unseen.matching import BankError
from unseen.replica.ask import Asking
from unseen.replica.clock import system_instant
from unseen.replica.errors import ReplicaError
from unseen.replica.follow import Follower
from unseen.replica.invitation import read_invitation
from unseen.replica.peer import begin, read_peer
from unseen.replica.serve import Mirror, MirrorServer
from unseen.replica.status import status_of
from unseen.replica.verify import verify as check

FAILED = 1
_AGAIN_S = 20.0  # after the disk refused something

app = typer.Typer(
    no_args_is_help=True, help="Follow a hash feed into a local bank; uploads never leave the platform."
)
_log = logging.getLogger("unseen.replica")

Folder = Annotated[Path, typer.Option("--folder", metavar="DIR", help="The replica's folder.")]


@app.command()
def follow(
    folder: Folder,
    invitation: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The centre's invitation; the first time only.")
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Ed25519 private key (PEM) to sign requests with; the first time only."
        ),
    ] = None,
    once: Annotated[
        bool, typer.Option("--once", help="Catch up and end, with exit code 1 if it failed.")
    ] = False,
) -> None:
    """Keep the replica up to date. Stop it with Ctrl-C; it may be killed at any moment."""
    _log_to_stderr()
    try:
        if invitation:
            begin(folder, read_invitation(invitation.read_bytes()), key)
        with Asking(read_peer(folder)) as asking:
            if once:
                _once(folder, asking)
            else:
                _for_ever(folder, asking)
    except KeyboardInterrupt:
        return
    except (ReplicaError, BankError, OSError) as trouble:
        _stop(trouble)


@app.command()
def status(folder: Folder) -> None:
    """Print one JSON object: how following goes, how long matches may be acted on, how many entries there are."""
    try:
        typer.echo(json.dumps(status_of(folder, system_instant()), indent=1))
    except (ReplicaError, BankError, OSError) as trouble:
        _stop(trouble)


@app.command()
def verify(folder: Folder) -> None:
    """Read every byte again and compare it with what the centre signed. Stop the follower first."""
    try:
        lines, rows = check(folder)
    except (ReplicaError, BankError, OSError) as trouble:
        _stop(trouble)
    typer.echo(f"{lines} lines lead to the root that the centre signed; {rows} rows are as they were written")


@app.command()
def serve(
    folder: Folder,
    host: Annotated[
        str, typer.Option(help="Where to listen; behind TLS where others than this machine ask.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535)] = 8378,
    key: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A file with the key that askers must send as X-Unseen-Key."),
    ] = None,
) -> None:
    """Give the same signed pages to other replicas, so that many follow and the centre is asked by one."""
    try:
        known = key.read_text("ascii").strip() if key else None
        with Asking(read_peer(folder)) as asking:
            server = MirrorServer((host, port), Mirror(folder, asking, system_instant), known)
            typer.echo(f"The feed can be followed at http://{host}:{server.server_port}")
            server.serve_forever()
    except KeyboardInterrupt:
        return
    except (ReplicaError, ValueError, OSError) as trouble:
        _stop(trouble)


def _once(folder: Path, asking: Asking) -> None:
    follower = Follower(folder, asking, system_instant)
    try:
        follower.turn()
        if follower.health.trouble:
            typer.echo(f"{follower.health.trouble}: what was stored before stands", err=True)
            raise typer.Exit(FAILED)
    finally:
        follower.close()


def _for_ever(folder: Path, asking: Asking) -> None:
    """What the disk refuses is logged and tried again with the state as it is on the disk."""
    while True:
        follower = Follower(folder, asking, system_instant)
        try:
            while True:
                time.sleep(follower.turn())
        except (BankError, OSError) as trouble:
            _log.error("a page could not be stored", extra={"error": type(trouble).__name__})
            time.sleep(_AGAIN_S)
        finally:
            follower.close()


def _stop(trouble: Exception) -> NoReturn:
    typer.echo(str(trouble), err=True)
    raise typer.Exit(FAILED) from None


def _log_to_stderr() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
