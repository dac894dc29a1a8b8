"""Read the shipped data files and a centre's own, check them against each other, and build the directory."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from unseen.domain.notice import Law, LawUse
from unseen.takedown.directory.directory import BLOCKING_LAW, FALLBACKS, Directory, is_public_suffix
from unseen.takedown.directory.fields import Fields, read_toml
from unseen.takedown.directory.parse import parse_law
from unseen.takedown.directory.parse_ladder import read_ladder
from unseen.takedown.directory.parse_party import parse_party
from unseen.takedown.directory.party import MAY_BE, SPOKEN_TO, Party
from unseen.takedown.directory.problems import DirectoryError, Problem

SHIPPED = Path(__file__).parent
LADDER = "ladder.toml"
STALE_AFTER_DAYS = 400  # a yearly check with some grace; older facts about forms and laws are often wrong

Found = list[tuple[Path, Law]]
FoundParties = list[tuple[Path, Party]]


def load_directory(
    folders: Sequence[Path] = (),
    *,
    today: date | None = None,
    shipped_parties: bool = True,
    stale_after_days: int = STALE_AFTER_DAYS,
) -> Directory:
    """Read the shipped folder and then each extra folder: `laws/*.toml`, parties in `platforms/*.toml` or directly, and
    `ladder.toml`.

    An extra folder's regulator of a country takes the place of a shipped one, and so does its ladder. With `today`, dates
    in the future are problems, and `Directory.warnings` names entries that are too old and laws that are dead.
    `shipped_parties=False` keeps the shipped laws only, so that no real party can be addressed (demo, tests). Raises
    `DirectoryError` with every problem found.
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
    _check_parties(parties, {law.id: law for _, law in laws}, problems)
    ladders = [folder / LADDER for folder in (SHIPPED, *folders) if (folder / LADDER).is_file()]
    rules = read_ladder(ladders[-1], problems) if ladders else ()
    dated = [
        *((file, law.checked_on) for file, law in laws),
        *((file, party.checked_on) for file, party in parties),
    ]
    warnings = _check_dates(dated, today, stale_after_days, problems)
    if today is not None:
        warnings += tuple(_dead_laws(laws, parties, today, all_parties=shipped_parties))
    if problems:
        raise DirectoryError(tuple(problems))
    return Directory([law for _, law in laws], [party for _, party in parties], warnings, rules)


def _dead_laws(laws: Found, parties: FoundParties, today: date, *, all_parties: bool) -> Iterator[Problem]:
    """A law that has ended and is still named, and, where all parties are known, one for notices that nobody names."""
    for file, law in laws:
        named_by = [party.key for _, party in parties if law.id in party.laws]
        if law.ended(today) and named_by:
            what = f"ended on {law.in_force_until} and is named by {', '.join(named_by)}"
            yield Problem(file, "in_force_until", what, "take it out of their files")
        unused = all_parties and not named_by and law.id not in (*FALLBACKS.values(), BLOCKING_LAW)
        if unused and law.use is LawUse.NOTICE:
            cure = "name it in the file of a party that it binds, or say use = reference"
            yield Problem(file, "id", f"no party names {law.id!r}, so no notice can", cure)


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
        if file.name == LADDER:
            continue
        table = read_toml(file, problems)
        if table is not None:
            found.append((file, parse_party(Fields(file, table, problems))))
    return found


def _check_laws(laws: Found, problems: list[Problem]) -> None:
    _each_once(((file, "id", law.id) for file, law in laws), problems)
    known = {law.id: law for _, law in laws}
    for kind, law_id in FALLBACKS.items():
        if law_id not in known or not known[law_id].applies_to & SPOKEN_TO[kind]:
            cure = f"restore laws/{law_id}.toml with what speaks to a {kind}"
            problems.append(
                Problem(SHIPPED / "laws", "id", f"the fallback law {law_id!r} is not there", cure)
            )


def _check_parties(parties: FoundParties, laws: Mapping[str, Law], problems: list[Problem]) -> None:
    _each_once(((file, "key", party.key) for file, party in parties), problems)
    _each_once(((file, "domains", domain) for file, party in parties for domain in party.domains), problems)
    countries = [(file, f"{file.parent}: {one}") for file, party in parties for one in party.regulates]
    _each_once(((file, "regulates", country) for file, country in countries), problems)
    blocked = [(file, f"{file.parent}: {one}") for file, party in parties for one in party.blocks]
    _each_once(((file, "blocks", country) for file, country in blocked), problems)
    kinds = {party.key: party.kind for _, party in parties}
    for file, party in parties:
        for law_id in party.laws:
            if law_id not in laws:
                cure = f"use one of {', '.join(sorted(laws))}, or add the law's file"
                problems.append(Problem(file, "laws", f"there is no law {law_id!r}", cure))
        for role, keys in party.behind:
            for key in keys:
                if kinds.get(key) not in MAY_BE[role]:
                    cure = (
                        f"write the key of a party of kind {' or '.join(MAY_BE[role])}, or delete the field"
                    )
                    problems.append(Problem(file, role, f"there is no {role} {key!r}", cure))
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
    dated: Iterable[tuple[Path, date | None]],
    today: date | None,
    stale_after_days: int,
    problems: list[Problem],
) -> tuple[Problem, ...]:
    warnings = []
    for file, checked_on in dated:
        if today is None or checked_on is None:
            continue
        if checked_on > today:
            problems.append(
                Problem(file, "checked_on", f"{checked_on} is in the future", "write the day of the check")
            )
        elif (today - checked_on).days > stale_after_days:
            cure = "read its source again and write today's date"
            warnings.append(
                Problem(file, "checked_on", f"was checked {(today - checked_on).days} days ago", cure)
            )
    return tuple(warnings)
