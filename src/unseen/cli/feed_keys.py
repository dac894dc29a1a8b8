"""`unseen feed-keys`: the keys that sign our feed."""

from typing import Annotated

import typer

from unseen.cli.setup_django import migrate
from unseen.clock import now
from unseen.exchange.actions import signing
from unseen.exchange.pages import announced
from unseen.feed.signing import FeedKey

app = typer.Typer(help="The keys that sign our feed.", no_args_is_help=True)


@app.command("list")
def list_keys() -> None:
    """The keys that followers are told of, the newest first."""
    migrate()
    at = now()
    for key in announced(at):
        name = FeedKey(bytes.fromhex(key.public), 0).name
        state = "signs" if key.signs_from <= at else f"signs from {key.signs_from:%Y-%m-%d}"
        print(f"{name}: {state}, trusted until {key.until:%Y-%m-%d}")


@app.command()
def rotate(
    at_once: Annotated[
        bool, typer.Option("--at-once", help="Somebody may have the old keys: end them now.")
    ] = False,
) -> None:
    """Make a new key. It is announced for 30 days before its turn; the worker does this by itself before a key ends."""
    migrate()
    key = signing.rotate(now(), at_once=at_once)
    print(f"The new key signs from {key.signs_from:%Y-%m-%d} on.")
    if at_once:
        print("The old keys ended: every peer must be invited anew, for no replica trusts the new one.")
