"""`unseen match-server`: the matcher beside a platform's upload door, with HMA's routes."""

import time
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from unseen.cli import media_output as output
from unseen.cli.media import check_there_is_a_bank
from unseen.config.log_lines import logging_settings
from unseen.match_server.serve import serve
from unseen.match_server.service import Service
from unseen.match_server.source import PlainBank
from unseen.matching import Bank, BankError


def match_server(
    bank: Annotated[
        Path, typer.Option("--bank", metavar="DIR", help="A bank's folder; all that matches is for review.")
    ],
    host: Annotated[
        str, typer.Option(help="Where to listen. Nobody is asked who they are: keep it inside.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65_535)] = 8377,
) -> None:
    """Tell over HTTP what uploads match. Uploads and their fingerprints stay on this machine. Stop it with Ctrl-C."""
    check_there_is_a_bank(bank)
    load = partial(_service_of_bank, bank)
    try:
        load()
    except BankError as trouble:
        output.failure("bank", str(trouble))
        raise typer.Exit(1) from None
    typer.echo(f"The match server listens at http://{host}:{port}")
    serve(load, host, port, logging_settings("WARNING"))


def _service_of_bank(folder: Path) -> Service:
    bank = Bank.open(folder)
    bank.warm()
    return Service(PlainBank(bank), time.time)
