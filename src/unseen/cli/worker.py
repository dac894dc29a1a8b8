"""`unseen worker`: the background work of a centre."""

import typer
from django.conf import settings

from unseen.cli.setup_django import named_database_trouble
from unseen.cli.start import start
from unseen.worker import NameTaken, Worker

USAGE = 2


def worker() -> None:
    """Do the background work: notices, deadlines, rechecks, sweeps. Stop it with Ctrl-C."""
    start()
    try:
        with named_database_trouble():
            Worker(settings.UNSEEN.worker_name, settings.UNSEEN.data_dir).run()
    except NameTaken as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(USAGE) from None
