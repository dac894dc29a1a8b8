"""`unseen peer`: organisations that read our feed. Each gets an invitation, and a list that bears its own marks."""

import json
import os
import re
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from django.conf import settings
from django.db import IntegrityError

from unseen.cli.setup_django import FAILED, USAGE, migrate
from unseen.clock import now
from unseen.domain.feed import Level, Scope
from unseen.exchange.actions.peers import add_peer, revoke_peer
from unseen.exchange.models import Peer
from unseen.exchange.pages import keys_told
from unseen.exchange.trace import trace

app = typer.Typer(help="Platforms that read our feed, and who leaked a list.", no_args_is_help=True)
_CAUTION = (
    "caution: a stock `threatexchange` StopNCII client keeps withdrawn entries for ever. Let this peer use `unseen replica` or our "
    "plug-in, or let it pass `unseen conformance` first (docs/exchange.md)."
)
_PDQ = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What staff call it.")],
    invitation: Annotated[Path, typer.Option(help="Where to write the file that the peer begins with.")],
    level_min: Annotated[str, typer.Option(help="Entries from this level on: V0, V1, V2 or V3.")] = "V1",
    scopes: Annotated[str, typer.Option(help="What its key is for.")] = "feed,feedback",
    public_key: Annotated[
        Path | None, typer.Option(help="Its Ed25519 public key (64 hex digits), if it signs its requests.")
    ] = None,
) -> None:
    """Invite a peer. Its key stands in the invitation and nowhere else: hand the file over safely."""
    migrate()
    level, wanted, signing = _level(level_min), _scopes(scopes), _public(public_key)
    address = settings.UNSEEN.public_address
    if not address:
        _stop("set UNSEEN_PUBLIC_ADDRESS first: the invitation names the address under which peers reach us")
    at = now()
    try:
        handle = os.open(invitation, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        _stop(f"{invitation} is there already: name another file")
    with os.fdopen(handle, "w", encoding="ascii") as file:
        try:
            key = add_peer(name, at, level_min=level, scopes=wanted, public_key=signing)
        except IntegrityError:
            invitation.unlink()
            typer.echo(f"{name!a} was not added: another peer has this name or this key", err=True)
            raise typer.Exit(FAILED) from None
        told = [{"public": one.public.hex(), "until": one.until} for one in keys_told(at)]
        feed = Peer.objects.get(name=name).feed
        body = {
            "unseen_invitation": 1,
            "address": address,
            "feed": feed,
            "keys": told,
            "api_key": key or None,
        }
        file.write(json.dumps(body, indent=1) + "\n")
    typer.echo(_CAUTION, err=True)
    print(f"{name} is invited: {invitation} holds what it begins with.")


@app.command("list")
def list_peers() -> None:
    """Everybody who was invited, and how far its list reaches."""
    migrate()
    for peer in Peer.objects.order_by("name"):
        last = peer.batches.order_by("-end").first()
        state = f"revoked {peer.revoked_at:%Y-%m-%d}" if peer.revoked_at else "reads"
        how = "signs its requests" if peer.public_key else "has a key"
        print(f"{peer.name}: {state}, {how}, from V{peer.level_min} on, {last.end if last else 0} lines")


@app.command()
def revoke(name: Annotated[str, typer.Argument(help="What staff call it.")]) -> None:
    """Take a peer's key back: from the next request on it opens nothing. Its replica stops acting when its lease ends."""
    migrate()
    peer = Peer.objects.filter(name=name).first()
    if peer is None or not revoke_peer(peer, now()):
        typer.echo(f"{name!a} reads nothing: see `unseen peer list`", err=True)
        raise typer.Exit(FAILED)
    print(f"{name} reads nothing more.")


@app.command("trace")
def trace_file(
    file: Annotated[Path, typer.Argument(help="A text file with fingerprints of 64 hex digits in it.")],
) -> None:
    """Name the peer whose list a leaked file comes from, and the odds."""
    migrate()
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        _stop(f"{file} cannot be read: {error.strerror}")
    values = [bytes.fromhex(one) for one in _PDQ.findall(text.lower())]
    if not values:
        _stop(f"{file} holds no fingerprint: 64 hex digits each are looked for")
    trails = trace(values)
    for trail in trails:
        print(
            f"{trail.peer.name}: {trail.marks} of {len(values)} fingerprints bear its mark, {trail.canaries} canaries; "
            f"by chance once in 10^{trail.odds_digits}"
        )
    if not trails:
        print(f"None of {len(values)} fingerprints bears a peer's mark.")


def _level(text: str) -> Level:
    if not re.fullmatch(r"[Vv][0-3]", text):
        _stop(f"'{text}' is no level: V0, V1, V2 or V3")
    return Level(int(text[1]))


def _scopes(text: str) -> tuple[Scope, ...]:
    try:
        return tuple(Scope(one.strip()) for one in text.split(","))
    except ValueError:
        _stop(f"'{text}' names no scopes: some of {', '.join(Scope)} with commas between")


def _public(path: Path | None) -> bytes | None:
    if path is None:
        return None
    try:
        text = path.read_text(encoding="ascii").strip().lower()
    except (OSError, UnicodeError):
        text = ""
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        _stop(f"{path} holds no Ed25519 public key: 64 hex digits are looked for")
    return bytes.fromhex(text)


def _stop(words: str) -> NoReturn:
    typer.echo(words, err=True)
    raise typer.Exit(USAGE)
