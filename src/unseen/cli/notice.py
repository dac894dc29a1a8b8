"""`unseen notice`: what addressees would see, the packet for a regulator, and a list that they say they loaded."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings

from unseen.casework.actions import Stale
from unseen.casework.models import Item
from unseen.casework.queries import item_named
from unseen.cli.setup_django import migrate
from unseen.clock import now
from unseen.domain.notice import Rung
from unseen.takedown import queries
from unseen.takedown.actions.sending import say_what_was_loaded
from unseen.takedown.actions.writing import envelope_of
from unseen.takedown.channels.headers import Letterhead
from unseen.takedown.channels.packet.data import packet_of
from unseen.takedown.channels.packet.pdf import pdf_of
from unseen.takedown.directory.problems import DirectoryError
from unseen.takedown.preview import RungPreview, previews_of

FAILED, USAGE = 1, 2
LIST_SIZE_BYTES_MAX = 5_000_000  # the longest list that one notice can name, twice over

app = typer.Typer(no_args_is_help=True, help="Notices: see them before they go, and what became of a list.")
ItemName = Annotated[str, typer.Argument(metavar="ITEM", help="The item's number or reference.")]
RungName = Annotated[Rung | None, typer.Option("--rung", help="Only this rung of the ladder.")]


@app.command()
def preview(
    item: ItemName,
    rung: RungName = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a rung.")] = False,
) -> None:
    """Print exactly what each addressee of ITEM sees or would see. Nothing is stored and nothing goes out."""
    found = _item(item)
    try:
        seen = previews_of(found, now(), (rung,) if rung else tuple(Rung))
    except DirectoryError as error:
        typer.echo(f"the directory of platforms is broken, so nothing can be written:\n{error}", err=True)
        raise typer.Exit(FAILED) from None
    if not seen:
        typer.echo(f"item {found.pk}: nobody is known to whom a notice could go", err=True)
        raise typer.Exit(FAILED)
    for one in seen:
        print(json.dumps(asdict(one), ensure_ascii=False) if as_json else _in_words(one))


@app.command()
def packet(
    item: ItemName,
    out: Annotated[Path, typer.Option("--out", help="Folder for the PDF and the JSON; it must exist.")],
    rung: Annotated[Rung, typer.Option("--rung", help="The rung whose notice is printed.")] = Rung.REGULATOR,
) -> None:
    """Write the notice of a rung as PDF and as JSON, for an authority that wants a file."""
    found = _item(item)
    notice = next((one for one in queries.notices_of(found) if one.rung == rung), None)
    if notice is None:
        typer.echo(
            f"item {found.pk} has no {rung.words} yet: see `unseen notice preview {found.pk}`", err=True
        )
        raise typer.Exit(FAILED)
    options, envelope = settings.UNSEEN, envelope_of(notice)
    head = Letterhead(options.smtp_sender, options.organisation, options.organisation_domain)
    try:
        data = packet_of(envelope, head)
        pdf = pdf_of(data, envelope.made_at)
        for ending, content in (
            ("pdf", pdf),
            ("json", json.dumps(data, ensure_ascii=False, indent=1).encode()),
        ):
            (out / f"notice-{envelope.key}.{ending}").write_bytes(content)
    except (ValueError, OSError) as error:
        typer.echo(f"the packet of item {found.pk} was not written: {error}", err=True)
        raise typer.Exit(FAILED) from None
    print(f"{out / f'notice-{envelope.key}.pdf'}\n{out / f'notice-{envelope.key}.json'}")


@app.command()
def loaded(
    item: ItemName,
    rung: Annotated[Rung, typer.Option("--rung", help="The rung whose addressee sent the list.")],
    file: Annotated[Path, typer.Option("--list", help="Their list: one location a line.")],
) -> None:
    """Compare the list that an addressee says it loaded with what was sent; what is missing goes out again."""
    found = _item(item)
    notice = next((one for one in queries.notices_of(found) if one.rung == rung), None)
    if notice is None:
        typer.echo(f"item {found.pk} has no {rung.words} to compare a list with", err=True)
        raise typer.Exit(USAGE)
    try:
        locations = _list_in(file)
        missing = say_what_was_loaded(notice, locations, now())
    except (OSError, ValueError, Stale) as error:
        typer.echo(f"{file}: nothing was compared: {error}", err=True)
        raise typer.Exit(FAILED) from None
    for one in missing:
        print(f"item {one.item_id}: not loaded, goes out again")
    print(f"{len(locations)} locations on their list, {len(missing)} items missing")


def _list_in(file: Path) -> list[str]:
    with file.open("rb") as lines:
        text = lines.read(LIST_SIZE_BYTES_MAX + 1)
    if len(text) > LIST_SIZE_BYTES_MAX:
        raise ValueError(f"it has more than {LIST_SIZE_BYTES_MAX} bytes: is it the right file?")
    return [line.strip() for line in text.decode("utf-8").splitlines() if line.strip()]


def _item(name: str) -> Item:
    migrate()
    found = item_named(name)
    if found is None:
        typer.echo(f"there is no item '{name}': give its number or reference, as the desk shows it", err=True)
        raise typer.Exit(USAGE)
    return found


def _in_words(one: RungPreview) -> str:
    state = one.state or "not written yet"
    lines = [f"=== {one.rung.words}: {one.addressee} by {one.channel} to {one.to} ({state})"]
    lines += [f"under {law}" for law in one.laws]
    lines += [one.trouble] if one.trouble else []
    for part in one.parts:
        lines += ["", f"--- {part.name}", part.content]
    return "\n".join([*lines, ""])
