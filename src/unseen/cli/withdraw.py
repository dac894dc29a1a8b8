"""`unseen withdraw`: stop everything about a report, by its receipt."""

from typing import Annotated

import typer

from unseen.cli.setup_django import migrate
from unseen.clock import now
from unseen.intake.actions import withdraw_report
from unseen.intake.queries import report_of

FAILED = 1


def withdraw(
    receipt: Annotated[str, typer.Argument(help="The receipt that the reporter was given.")],
) -> None:
    """Stop: nothing more is sent, nothing is searched for, and peers are told."""
    migrate()
    report = report_of(receipt)
    if report is None:
        typer.echo("no report belongs to this receipt: check the letters and digits", err=True)
        raise typer.Exit(FAILED)
    first = withdraw_report(report, now())
    print("Withdrawn. Nothing more will be sent." if first else "It was withdrawn before.")
