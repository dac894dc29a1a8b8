"""Read the shipped data files and a centre's own, check them against each other, and build the directory."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from unseen.domain.notice import Law
from unseen.takedown.directory.directory import FALLBACKS, Directory, is_public_suffix
from unseen.takedown.directory.fields import Fields, read_toml
from unseen.takedown.directory.parse import parse_law, parse_party
from unseen.takedown.directory.party import Party, PartyKind
from unseen.takedown.directory.problems import DirectoryError, Problem

SHIPPED = Path(__file__).parent
STALE_AFTER_DAYS = 400  # a yearly check with some grace; older facts about forms and laws are often wrong

Found = list[tuple[Path, Law]]
FoundParties = list[tuple[Path, Party]]


def load_directory(
    folders: Sequence[Path] = (), *, today: date | None = None, shipped_parties: bool = True
) -> Directory:
    """Read the shipped folder and then each extra folder: `laws/*.toml`, and parties in `platforms/*.toml` or directly.

    An extra folder's regulator of a country takes the place of a shipped one. With `today`, dates in the future are
    problems and entries older than 400 days become `Directory.warnings`. `shipped_parties=False` keeps the shipped laws
    only, so that no real party can be addressed (demo, tests). Raises `DirectoryError` with every problem found.
    """
    problems: list[Problem] = []
    laws: Found = []
    parties: FoundParties = []
    for number, folder in enumerate((SHIPPED, *folders)):
        if not folder.is_dir():
            problems.append(
                Problem(folder, "folder", "there is no such folder", "create it or correct the setting")
            )
        laws += _read_laws(folder, problems)
        if number > 0 or shipped_parties:
            parties += _read_parties(folder, problems)
    _check_laws(laws, problems)
    _check_parties(parties, {law.id for _, law in laws}, problems)
    dated = [
        *((file, law.checked_on) for file, law in laws),
        *((file, party.checked_on) for file, party in parties),
    ]
    warnings = _check_dates(dated, today, problems)
    if problems:
        raise DirectoryError(tuple(problems))
    return Directory([law for _, law in laws], [party for _, party in parties], warnings)


def _read_laws(folder: Path, problems: list[Problem]) -> Found:
    found = []
    for file in sorted((folder / "laws").glob("*.toml")):
        table = read_toml(file, problems)
        law = None if table is None else parse_law(Fields(file, table, problems))
        if law is not None:
            found.append((file, law))
    return found


def _read_parties(folder: Path, problems: list[Problem]) -> FoundParties:
    found = []
    for file in sorted([*folder.glob("*.toml"), *(folder / "platforms").glob("*.toml")]):
        table = read_toml(file, problems)
        if table is not None:
            found.append((file, parse_party(Fields(file, table, problems))))
    return found


def _check_laws(laws: Found, problems: list[Problem]) -> None:
    _each_once(((file, "id", law.id) for file, law in laws), problems)
    known = {law.id: law for _, law in laws}
    for applies_to, law_id in FALLBACKS.items():
        if law_id not in known or applies_to not in known[law_id].applies_to:
            cure = f"restore laws/{law_id}.toml with applies_to {applies_to}"
            problems.append(
                Problem(SHIPPED / "laws", "id", f"the fallback law {law_id!r} is not there", cure)
            )


def _check_parties(parties: FoundParties, law_ids: set[str], problems: list[Problem]) -> None:
    _each_once(((file, "key", party.key) for file, party in parties), problems)
    _each_once(((file, "domains", domain) for file, party in parties for domain in party.domains), problems)
    countries = [(file, f"{file.parent}: {one}") for file, party in parties for one in party.regulates]
    _each_once(((file, "regulates", country) for file, country in countries), problems)
    hosts = {party.key for _, party in parties if party.kind is PartyKind.HOST}
    for file, party in parties:
        for law_id in party.laws:
            if law_id not in law_ids:
                cure = f"use one of {', '.join(sorted(law_ids))}, or add the law's file"
                problems.append(Problem(file, "laws", f"there is no law {law_id!r}", cure))
        if party.host is not None and party.host not in hosts:
            cure = "write the key of a party of kind host, or delete the field"
            problems.append(Problem(file, "host", f"there is no host {party.host!r}", cure))
        for domain in party.domains:
            if is_public_suffix(domain):
                cure = "name the site's own domain"
                problems.append(Problem(file, "domains", f"{domain!r} belongs to everybody", cure))


def _each_once(named: Iterable[tuple[Path, str, str]], problems: list[Problem]) -> None:
    first: dict[str, Path] = {}
    for file, field, value in named:
        if value in first:
            problems.append(
                Problem(file, field, f"{value!r} is already in {first[value]}", "keep one of the two")
            )
        first.setdefault(value, file)


def _check_dates(
    dated: Iterable[tuple[Path, date | None]], today: date | None, problems: list[Problem]
) -> tuple[Problem, ...]:
    warnings = []
    for file, checked_on in dated:
        if today is None or checked_on is None:
            continue
        if checked_on > today:
            problems.append(
                Problem(file, "checked_on", f"{checked_on} is in the future", "write the day of the check")
            )
        elif (today - checked_on).days > STALE_AFTER_DAYS:
            cure = "read its source again and write today's date"
            warnings.append(
                Problem(file, "checked_on", f"was checked {(today - checked_on).days} days ago", cure)
            )
    return tuple(warnings)
