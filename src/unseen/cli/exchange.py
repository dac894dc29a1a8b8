"""`unseen exchange`: take in what other organisations share, search in it, and give a peer its list in a form that it reads."""

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, NoReturn

import typer
from django.conf import settings

from unseen.cli.reach import vantage_of
from unseen.cli.setup_django import FAILED, USAGE, migrate
from unseen.clock import now
from unseen.discovery.fetching import fetcher_of
from unseen.domain.limits import PEER_FILE_BYTES_MAX
from unseen.exchange.models import Peer
from unseen.exchange.peers import due, exports, queries
from unseen.exchange.peers.actions import Taken, take_in
from unseen.exchange.peers.hma.adapter import push
from unseen.exchange.peers.hma.client import HmaClient
from unseen.exchange.peers.lists import csv_lists, json_lines
from unseen.exchange.peers.local_file import lines
from unseen.exchange.peers.models import PeerSource, Quarantined
from unseen.exchange.peers.ncmec import entries
from unseen.exchange.peers.ncmec.adapter import next_batch
from unseen.exchange.peers.ncmec.client import NcmecClient
from unseen.exchange.peers.record import Batch, PeerRecord, PeerTrouble
from unseen.exchange.peers.service import Service, basic
from unseen.exchange.peers.stopncii import records
from unseen.fingerprint import FingerprintError, fingerprint_all
from unseen.matching.labelled import forms_of

app = typer.Typer(help="Lists of other organisations: in, out, and what they match.", no_args_is_help=True)


class Format(StrEnum):
    """How a list is written."""

    CSV = "csv"
    JSON_LINES = "json-lines"
    LOCAL_FILE = "local-file"
    NCMEC = "ncmec"
    STOPNCII = "stopncii"
    HMA = "hma"


READERS: Mapping[Format, Callable[[bytes], Batch]] = MappingProxyType(
    {
        Format.CSV: csv_lists.read,
        Format.JSON_LINES: json_lines.read,
        Format.LOCAL_FILE: lines.read,
        Format.NCMEC: entries.read,
        Format.STOPNCII: records.read_submitted,
    }
)
WRITERS: Mapping[Format, Callable[[Iterable[PeerRecord]], Iterator[bytes]]] = MappingProxyType(
    {
        Format.CSV: csv_lists.write,
        Format.JSON_LINES: json_lines.write,
        Format.LOCAL_FILE: lines.write,
    }
)

Name = Annotated[str, typer.Option("--peer", help="Whose list it is.")]
Address = Annotated[str | None, typer.Option(help="Where the peer's service is, without a slash at the end.")]


@app.command("import")
def import_list(
    form: Annotated[Format, typer.Option("--from", help="How the list is written.")],
    peer: Name,
    path: Annotated[Path | None, typer.Argument(help="The file; with --address none.")] = None,
    address: Address = None,
    credentials: Annotated[
        Path | None, typer.Option(help="A file with NAME:PASSWORD for the service.")
    ] = None,
) -> None:
    """Take in a peer's list from a file, or from NCMEC's service. It is searched apart and never shared with anybody."""
    migrate()
    if (path is None) == (address is None):
        _stop("give either a file or --address")
    with _named_trouble(peer):
        if path is not None:
            if form not in READERS:
                _stop(f"a list in a file is one of {', '.join(READERS)}")
            # Where a file says that more is to come, that is no place from which a service would be read on.
            _tell(peer, take_in(peer, replace(READERS[form](_read(path)), cursor=""), now()))
        elif form is Format.NCMEC and credentials is not None:
            headers = basic(_read(credentials).decode("utf-8", "replace").strip())
            with _service(address or "", headers) as service:
                _read_service(peer, NcmecClient(service))
        else:
            _stop("a service is read with --from ncmec and --credentials FILE")
    while due.follow_folder():
        pass


@app.command("export")
def export_list(
    form: Annotated[Format, typer.Option("--to", help="How the list is written.")],
    peer: Name,
    path: Annotated[Path | None, typer.Argument(help="The file to write; with --address none.")] = None,
    address: Address = None,
    bank: Annotated[str, typer.Option(help="The bank in the peer's HMA.")] = "UNSEEN",
    member: Annotated[int, typer.Option(help="Our member number, for ncmec.", min=0)] = 0,
) -> None:
    """Give a peer the living entries of its own list, with its own marks: as a file, or into a bank of its HMA."""
    migrate()
    row = Peer.objects.filter(name=peer, revoked_at__isnull=True).first()
    if row is None:
        typer.echo(f"{peer!a} reads nothing: see `unseen peer list`", err=True)
        raise typer.Exit(FAILED)
    if form is Format.HMA and address is not None:
        with _named_trouble(peer), _service(address, {}) as service:
            client = HmaClient(service, bank)
            client.make_bank()
            done = push(client, row, now())
        print(f"{peer}: {done.added} added, {done.disabled} switched off, {done.waiting} wait for its index.")
    elif path is not None and form not in {Format.HMA, Format.STOPNCII}:
        at = now()
        living = exports.live(row, at)
        told = entries.write(living, member, at) if form is Format.NCMEC else WRITERS[form](living)
        _write(path, told)
        print(
            f"{path}: the list of {peer} as of {at:%Y-%m-%d %H:%M} UTC. Give it a new one after every withdrawal."
        )
    else:
        _stop("give a file for csv, json-lines, local-file or ncmec; or --to hma --address")


@app.command("match")
def match_files(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Pictures and videos.")],
) -> None:
    """Search files among what peers gave us: one JSON line a file. Nothing leaves this machine."""
    migrate()
    failed = False
    for path, answer in zip(paths, fingerprint_all(paths), strict=True):
        if isinstance(answer, FingerprintError):
            failed = True
            print(json.dumps({"path": path, "error": answer.facts()}))
            continue
        found = queries.search([bytes.fromhex(form.pdq) for form in forms_of(answer)])
        told = {(one.source, one.theirs): one.distance_bits for one in reversed(found)}
        matches = [{"peer": key[0], "entry": key[1], "distance_bits": bits} for key, bits in told.items()]
        print(json.dumps({"path": path, "matches": sorted(matches, key=lambda one: one["distance_bits"])}))
    raise typer.Exit(FAILED if failed else 0)


@app.command("list")
def list_sources() -> None:
    """Every peer that gave us a list: how much lives, what was put aside and why, and whether its cursor waits."""
    migrate()
    for state in queries.states():
        aside = (
            ", ".join(f"{count} {reason}" for reason, count in sorted(state.quarantined.items())) or "nothing"
        )
        print(
            f"{state.name}: {state.live} live, {state.withdrawn} withdrawn, {state.passed_over} of other kinds; put aside: {aside}"
        )
        if state.held_back:
            print(
                f"  its cursor waits: {state.held_back} times in a row it sent a record without a name that can be read. "
                "Ask the peer to mend it."
            )


@app.command("quarantined")
def list_quarantined(peer: Name) -> None:
    """What of a peer's list was put aside: its own name for it, why, how often, and the digest of what it sent last."""
    migrate()
    for row in Quarantined.objects.filter(source__name=peer).order_by("-last_at"):
        print(json.dumps({
            "entry": row.theirs, "reason": row.reason, "count": row.count, "digest": row.digest,
            "last_at": row.last_at.isoformat(),
        }))  # fmt: skip


def _read_service(peer: str, client: NcmecClient) -> None:
    """Page after page, each stored before the next one is asked for: it may be cut off anywhere."""
    while True:
        cursor = PeerSource.objects.filter(name=peer).values_list("cursor", flat=True).first() or ""
        batch = next_batch(client, cursor, now())
        taken = take_in(peer, batch, now())
        _tell(peer, taken)
        if not batch.more or not taken.cursor_moved:
            return


def _tell(peer: str, taken: Taken) -> None:
    print(
        f"{peer}: {taken.added} added, {taken.changed} changed, {taken.withdrawn} withdrawn, {taken.same} known, "
        f"{taken.passed_over} of other kinds, {taken.quarantined} put aside."
    )
    if not taken.cursor_moved:
        typer.echo(f"{peer}: a record has no name that can be read, so it will be asked for again", err=True)


@contextmanager
def _service(address: str, headers: Mapping[str, str]) -> Iterator[Service]:
    options = settings.UNSEEN
    with fetcher_of(options) as fetcher:
        yield Service(fetcher, vantage_of(options), address.rstrip("/"), headers)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(PEER_FILE_BYTES_MAX + 1)
    except OSError as error:
        _stop(f"{path} cannot be read: {error.strerror}")
    if len(raw) > PEER_FILE_BYTES_MAX:
        _stop(f"{path} has more than {PEER_FILE_BYTES_MAX} bytes: split it")
    return raw


def _write(path: Path, told: Iterator[bytes]) -> None:
    """For the one who may read it only, and never over a file that is there."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.writelines(told)
    except FileExistsError:
        _stop(f"{path} is there already: name another file")


@contextmanager
def _named_trouble(peer: str) -> Iterator[None]:
    try:
        yield
    except PeerTrouble as trouble:
        typer.echo(f"{peer}: {trouble}", err=True)
        raise typer.Exit(FAILED) from None


def _stop(words: str) -> NoReturn:
    print(words, file=sys.stderr)
    raise typer.Exit(USAGE)
