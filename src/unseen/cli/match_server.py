"""`unseen match-server`: the matcher beside a platform's upload door, with HMA's routes."""

import socket
import time
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from unseen.cli.media import check_there_is_a_bank
from unseen.config.log_lines import logging_settings
from unseen.domain.limits import RADIUS_BITS
from unseen.match_server.followed import FollowedFeed
from unseen.match_server.serve import serve
from unseen.match_server.service import Service
from unseen.match_server.source import UNREADABLE, PlainBank
from unseen.matching import Bank
from unseen.replica import Replica
from unseen.replica.match import MATCH_RADIUS_BITS


def match_server(
    folder: Annotated[
        Path | None,
        typer.Option("--folder", metavar="DIR", help="A replica that `unseen replica follow` keeps."),
    ] = None,
    bank: Annotated[
        Path | None,
        typer.Option("--bank", metavar="DIR", help="Or a plain bank; all that matches is for review."),
    ] = None,
    host: Annotated[
        str, typer.Option(help="Where to listen. Nobody is asked who they are: keep it inside.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65_535)] = 8377,
    radius_bits: Annotated[
        int,
        typer.Option(
            min=0,
            max=MATCH_RADIUS_BITS,
            help="31 is HMA's. A feed's fingerprints have up to 4 bits flipped to mark them; 35 finds what that hides, "
            "and a look-up takes twice as long.",
        ),
    ] = RADIUS_BITS,
) -> None:
    """Tell over HTTP what uploads match. Uploads and their fingerprints stay on this machine. Stop it with Ctrl-C."""
    if (folder is None) == (bank is None):
        raise typer.BadParameter("give one of the two", param_hint="--folder or --bank")
    if bank is not None:
        check_there_is_a_bank(bank)
        load = partial(_over_bank, bank, radius_bits)
    elif folder is not None:
        load = partial(_over_replica, folder, radius_bits)
    try:
        load()
    except UNREADABLE as trouble:
        typer.echo(str(trouble), err=True)
        raise typer.Exit(1) from None
    _check_free(host, port)
    typer.echo(f"The match server listens at http://{host}:{port}")
    serve(load, host, port, logging_settings("WARNING"))


def _check_free(host: str, port: int) -> None:
    """Granian would share a port with whoever has it, and callers would get answers from two lists in turn."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as trouble:
        why = str(trouble.strerror).partition(" (")[0]  # Python adds the address, which is named already
        typer.echo(f"cannot listen at {host}, port {port} ({why}): choose another --host or --port", err=True)
        raise typer.Exit(1) from None


def _over_bank(folder: Path, radius_bits: int) -> Service:
    bank = Bank.open(folder)
    bank.warm()
    return Service(PlainBank(bank, radius_bits), time.time)


def _over_replica(folder: Path, radius_bits: int) -> Service:
    replica = Replica.open(folder)
    replica.warm()
    return Service(FollowedFeed(replica, radius_bits), time.time)
