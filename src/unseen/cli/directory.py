"""`unseen directory`: check the data files, show who would be asked about a location, find out who serves an unknown site."""

import json
import os
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from unseen.cli.directory_words import resolved_sentences, sentences
from unseen.cli.reach import vantage_of
from unseen.cli.setup_django import named_database_trouble, setup_django
from unseen.config.options import OptionError, Options, load
from unseen.config.parsing import Unreadable
from unseen.config.parsing import country as country_code
from unseen.discovery.fetching import fetcher_of, names_of
from unseen.takedown.directory import Directory, DirectoryError, LocationNotUnderstood, load_directory
from unseen.takedown.directory.directory import host_of, site_of
from unseen.takedown.directory.load import STALE_AFTER_DAYS
from unseen.takedown.directory.shown import Measured, Shown, show
from unseen.takedown.rdap.bootstrap import SHIPPED, BadBootstrap, Bootstrap, load_bootstrap
from unseen.takedown.rdap.cache import Cache
from unseen.takedown.rdap.drafts import drafts
from unseen.takedown.rdap.resolve import Resolved, Resolver

app = typer.Typer(
    help="Platforms, hosts, regulators and laws: check the files, see who would be asked.",
    no_args_is_help=True,
)

FAILED, USAGE = 1, 2
CACHE = "resolved"  # below the data folder

Folders = Annotated[
    list[Path] | None,
    typer.Option(
        "--folder", envvar="UNSEEN_DIRECTORY", help="A folder with your own files; may be repeated."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object instead of sentences.")]


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
def check(
    folder: Folders = None,
    stale_days: Annotated[
        int, typer.Option(min=1, help="Warn of entries that nobody checked for so many days.")
    ] = STALE_AFTER_DAYS,
) -> None:
    """Check every file; exit code 1 names what is wrong and how to cure it. Warnings leave it 0."""
    directory = _load(folder, stale_days)
    for warning in directory.warnings:
        print(f"warning: {warning}")
    bootstrap = _bootstrap(SHIPPED)
    age_days = (_today() - bootstrap.published_on).days
    if age_days > stale_days:
        print(
            f"warning: {SHIPPED}: the RDAP bootstrap files are {age_days} days old. Cure: take new ones from IANA."
        )
    unsure = sorted(party.key for party in directory.parties.values() if not party.channels)
    if unsure:
        print(f"no channel known yet, so nothing can be sent to: {', '.join(unsure)}")
    forms = [form for party in directory.parties.values() for form in party.url_forms]
    examples = sum(len(form.examples) for form in forms)
    print(
        f"{len(directory.parties)} parties, {len(directory.laws)} laws, {len(directory.rules)} rungs, "
        f"{len(forms)} URL forms with {examples} examples: every file is right."
    )


@app.command("show")
def show_command(
    location: str,
    country: Country = "KR",
    folder: Folders = None,
    as_json: AsJson = False,
    measured: Annotated[
        bool, typer.Option("--measured", help="Order routes by what this centre's own tables measured.")
    ] = False,
) -> None:
    """Say who would be asked to remove what is at LOCATION, in which order, under which laws, and why."""
    directory = _load(folder)
    try:
        shown = (
            _measured_show(directory, location, country)
            if measured
            else show(directory, location, country, _today())
        )
    except LocationNotUnderstood as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(USAGE) from None
    resolved = None if shown.known else _cached(location)
    if as_json:
        found = _facts(resolved) if resolved is not None else None
        print(json.dumps({**asdict(shown), "resolved": found}, ensure_ascii=False))
        return
    for line in sentences(shown):
        print(line)
    for line in resolved_sentences(resolved) if resolved is not None else ():
        print(line)


@app.command()
def resolve(
    location: str,
    country: Country = "KR",
    folder: Folders = None,
    as_json: AsJson = False,
    save: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Write draft files for the site here, to be checked."),
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Ask again, also within a month.")] = False,
) -> None:
    """Find out by DNS and RDAP who serves the site of LOCATION, and where they take complaints. Nothing is sent to them."""
    directory = _load(folder)
    try:
        resolved = _resolved(location, fresh=fresh)
    except LocationNotUnderstood as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(USAGE) from None
    if as_json:
        print(json.dumps(_facts(resolved), ensure_ascii=False))
    else:
        for line in resolved_sentences(resolved):
            print(line)
    if save is not None:
        _save(resolved, directory, country, save)


def _measured_show(directory: Directory, location: str, country: str) -> Shown:
    setup_django()
    from unseen.takedown import routes  # needs the tables, which the other commands here do without

    reading = routes.Reading()
    with named_database_trouble():
        measured = Measured(
            channels=lambda party: tuple(reading.ranked_channels(party)),
            channel=reading.channel_record,
            law=lambda key, law: reading.law_records(key)(law),
        )
        return show(directory, location, country, _today(), measured)


def _options() -> Options:
    try:
        return load(os.environ)
    except OptionError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(USAGE) from None


def _cached(location: str) -> Resolved | None:
    """What was resolved before; `show` itself asks nobody outside."""
    return Cache(_options().data_dir / CACHE).latest(site_of(host_of(location)))


def _resolved(location: str, *, fresh: bool) -> Resolved:
    options, today = _options(), _today()
    cache = Cache(options.data_dir / CACHE)
    site = site_of(host_of(location))
    known = None if fresh else cache.get(site, today)
    if known is not None:
        return known
    bootstrap = _bootstrap(options.rdap_bootstrap or SHIPPED)
    with fetcher_of(options) as fetcher:
        found = Resolver(fetcher, names_of(options), vantage_of(options), bootstrap).resolve(location, today)
    try:
        cache.put(found)
    except OSError as error:
        typer.echo(f"{cache.folder}: the answer could not be kept there ({error.strerror})", err=True)
    return found


def _bootstrap(folder: Path) -> Bootstrap:
    try:
        return load_bootstrap(folder)
    except BadBootstrap as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(FAILED) from None


def _save(resolved: Resolved, directory: Directory, country: str, folder: Path) -> None:
    place = folder / "platforms"
    place.mkdir(parents=True, exist_ok=True)
    for draft in drafts(resolved, directory, country):
        file = place / f"{draft.key}.toml"
        if file.exists() or draft.key in directory.parties:
            typer.echo(f"{file}: it is there already, and was left as it is", err=True)
            continue
        file.write_text(draft.text, "utf-8")
        typer.echo(f"{file}: written. Check it and raise its confidence: before that nothing is sent there.")


def _facts(resolved: Resolved) -> dict[str, object]:
    return {**asdict(resolved), "resolved_on": resolved.resolved_on.isoformat()}


def _today() -> date:
    return datetime.now(UTC).date()


def _load(folders: list[Path] | None, stale_days: int = STALE_AFTER_DAYS) -> Directory:
    try:
        return load_directory(folders or (), today=_today(), stale_after_days=stale_days)
    except DirectoryError as error:
        typer.echo(
            f"{len(error.problems)} problems in the directory; nothing was changed:\n{error}", err=True
        )
        raise typer.Exit(FAILED) from None
