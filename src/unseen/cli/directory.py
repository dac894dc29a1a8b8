"""`unseen directory`: check the data files of platforms and laws, and show who would be asked about a location."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from unseen.config.parsing import Unreadable
from unseen.config.parsing import country as country_code
from unseen.domain.notice import Law, NoUsableLaw, Rung, choose_laws, usable_alone
from unseen.takedown.directory import Directory, DirectoryError, LocationNotUnderstood, Party, load_directory

app = typer.Typer(
    help="Platforms, hosts, regulators and laws: check the files, see who would be asked.",
    no_args_is_help=True,
)

Folders = Annotated[
    list[Path] | None,
    typer.Option(
        "--folder", envvar="UNSEEN_DIRECTORY", help="A folder with your own files; may be repeated."
    ),
]


def _country(raw: str) -> str:
    try:
        return country_code(raw)
    except Unreadable as trouble:
        raise typer.BadParameter(str(trouble)) from None


Country = Annotated[
    str,
    typer.Option(
        "--country",
        envvar="UNSEEN_COUNTRY",
        help="The affected person's country, as a code: KR.",
        callback=_country,
    ),
]


@app.command()
def check(folder: Folders = None) -> None:
    """Check every file; exit code 1 names what is wrong and how to cure it."""
    directory = _load(folder)
    for warning in directory.warnings:
        print(f"warning: {warning}")
    unsure = sorted(party.key for party in directory.parties.values() if not party.channels)
    if unsure:
        print(f"no channel known yet, so nothing can be sent to: {', '.join(unsure)}")
    print(f"{len(directory.parties)} parties and {len(directory.laws)} laws: every file is right.")


@app.command()
def show(location: str, country: Country = "KR", folder: Folders = None) -> None:
    """Say who would be asked to remove what is at LOCATION, in which order, under which laws, and why."""
    directory = _load(folder)
    try:
        party = directory.party_for(location)
    except LocationNotUnderstood as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    for line in describe(directory, party, country):
        print(line)


def describe(directory: Directory, party: Party, country: str) -> list[str]:
    """The ladder of a party in plain words, one line each."""
    lines = [f"{party.name} ({party.kind}), {_how_sure(party)}"]
    if party.known_behaviour:
        lines.append(f"  What is known: {party.known_behaviour}")
    rungs = directory.ladder(party, country)
    for number, rung in enumerate(rungs, start=1):
        lines += _rung_lines(directory, party, rung, country, number)
    missing = [rung.words for rung in Rung if rung not in rungs]
    if missing:
        lines.append(f"Not possible, because no address is known: {'; '.join(missing)}.")
    if not rungs:
        lines.append(
            "Nobody can be asked yet: add a file for this site, its host or the country's regulator."
        )
    return lines


def _rung_lines(directory: Directory, party: Party, rung: Rung, country: str, number: int) -> list[str]:
    addressee = directory.addressee(party, rung, country)
    if addressee is None:
        return []
    by_hand = " (a person fills it in)" if addressee.channel_kind == "form" else ""
    to = f"{addressee.channel_kind} {addressee.address_or_endpoint}{by_hand}"
    lines = [f"{number}. {rung.words}: {addressee.name} by {to}, in {addressee.language}"]
    today = datetime.now(UTC).date()
    try:
        laws = choose_laws([directory.law(law_id) for law_id in addressee.laws], today)
    except NoUsableLaw as error:
        return [*lines, f"   {error}"]
    lines.append(f"   under {laws.primary.citation}: {_clock(laws.primary)}")
    for law in laws.also:
        alone = (
            ""
            if usable_alone(law, today)
            else f"; not enough alone (status {law.status}, confidence {law.confidence})"
        )
        lines.append(f"   also {law.citation}: {_clock(law)}{alone}")
    return lines


def _clock(law: Law) -> str:
    """Whose hours these are: the statute's, a statute's not yet in force, or only ours."""
    if law.statutory:
        return f"{law.hours} hours by law"
    if law.answer_within_hours is not None:
        return f"{law.hours} hours, but not known to be in force"
    bound = "the law sets no hours" if law.binding else "binds nobody by law"
    return f"{law.hours} hours, our own target ({bound})"


def _how_sure(party: Party) -> str:
    if party.checked_on is None:
        return "an unknown site: no file describes it"
    return f"checked on {party.checked_on}, confidence {party.confidence}"


def _load(folders: list[Path] | None) -> Directory:
    try:
        return load_directory(folders or (), today=datetime.now(UTC).date())
    except DirectoryError as error:
        typer.echo(
            f"{len(error.problems)} problems in the directory; nothing was changed:\n{error}", err=True
        )
        raise typer.Exit(1) from None
