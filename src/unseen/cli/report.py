"""`unseen report`: fingerprint files on this device and file a report. The files stay where they are."""

import json
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import httpx2
import typer

from unseen.cli.setup_django import migrate, setup_django
from unseen.domain.limits import FINGERPRINTS_PER_MATERIAL_MAX
from unseen.domain.report import AgeBand as Band
from unseen.fingerprint import (
    Ask,
    FingerprintError,
    Forms,
    Frame,
    Frames,
    ImageFingerprint,
    VideoFingerprint,
    fingerprint,
)

FAILED = 1
ANSWER_WITHIN_S = 30.0

Files = Annotated[
    list[Path] | None, typer.Argument(help="Pictures and videos. Only their fingerprints leave this device.")
]
Locations = Annotated[
    list[str] | None, typer.Option("--location", help="Where it was seen; may be repeated.")
]
Server = Annotated[
    str, typer.Option("--to", help="Address of a centre. Without it: this centre's own database.")
]
AgeBand = Annotated[Band, typer.Option("--age-band", help="Unknown is treated as a minor.")]
Share = Annotated[bool, typer.Option("--may-share", help="Platforms may be told the fingerprints.")]


def report(
    files: Files = None,
    location: Locations = None,
    to: Server = "",
    age_band: AgeBand = Band.UNKNOWN,
    may_share: Share = False,
) -> None:
    """File a report and print its receipt."""
    body = {
        "age_band": age_band,
        "may_share": may_share,
        "materials": [_material(path) for path in files or []],
        "locations": location or [],
    }
    receipt = _post(to, body) if to else _store(body)
    print(json.dumps({"receipt": receipt}))


def _material(path: Path) -> dict[str, Any]:
    """What a report says about one file: its fingerprints, without name, size or digest."""
    try:
        made = fingerprint(path, Ask(forms=Forms.BANK, frames=Frames.DENSE))
    except FingerprintError as error:
        typer.echo(f"{path}: {error.message}", err=True)
        raise typer.Exit(FAILED) from None
    if isinstance(made, ImageFingerprint):
        forms = [variant.facts() for variant in made.variants]
        return {"kind": "image", "pdq": made.pdq, "quality": made.quality, "variants": forms}
    return {"kind": "video", "frames": frames_sent(made)}


def frames_sent(film: VideoFingerprint, most: int = FINGERPRINTS_PER_MATERIAL_MAX) -> list[dict[str, Any]]:
    """What a report says of a film, `most` fingerprints at most.

    Of a short film everything that a bank keeps; of a longer one its dense frames with mirrors but without crops; of a long
    one a frame a second, and if need be one of two, four ... seconds.
    """
    whole = film.frames
    if sum(1 + len(frame.variants) for frame in whole) <= most:
        return [
            each for frame in whole for each in _frame_facts(frame, {form.name for form in frame.variants})
        ]
    if sum(1 + any(form.name == "mirror" for form in frame.variants) for frame in whole) <= most:
        return [each for frame in whole for each in _frame_facts(frame, {"mirror"})]
    step_s = 1
    while 2 * len(seconds := _one_in(whole, step_s)) > most:
        step_s *= 2
    return [each for frame in seconds for each in _frame_facts(frame, {"mirror"})]


def _one_in(frames: Sequence[Frame], step_s: int) -> list[Frame]:
    """The first frame of each `step_s` seconds that has edited forms; a film of blank frames has none."""
    first: dict[int, Frame] = {}
    for frame in frames:
        if frame.variants:
            first.setdefault(int(frame.at_s) // step_s, frame)
    return list(first.values())


def _frame_facts(frame: Frame, names: Collection[str]) -> Iterator[dict[str, Any]]:
    yield frame.facts()
    yield from (
        {**variant.facts(), "at_s": frame.at_s} for variant in frame.variants if variant.name in names
    )


def _post(server: str, body: dict[str, Any]) -> str:
    try:
        answer = httpx2.post(
            f"{server.rstrip('/')}/api/intake/reports", json=body, timeout=ANSWER_WITHIN_S, trust_env=False
        )
        data = answer.json()
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
        typer.echo(
            f"{server}: the report was not taken ({type(error).__name__}); "
            "check the address of the centre, or try again later",
            err=True,
        )
        raise typer.Exit(FAILED) from None
    told = data if isinstance(data, dict) else {}
    if answer.status_code != 201 or "receipt" not in told:
        problem = told.get("problem", "this is not a centre's intake; check its address")
        typer.echo(f"{server}: the report was not taken: {problem}", err=True)
        raise typer.Exit(FAILED)
    return str(told["receipt"])


def _store(body: dict[str, Any]) -> str:
    setup_django()
    # Only a centre's own machine has a database; a reporter's device must not make one.
    from django.conf import settings

    from unseen.clock import now
    from unseen.domain.report import BadReport
    from unseen.intake.actions import receive_report
    from unseen.intake.parsing import read_report

    try:
        draft, may_share = read_report(json.dumps(body).encode(), frozenset(settings.UNSEEN.fetch_ports))
    except BadReport as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(FAILED) from None
    migrate()
    return receive_report(draft, may_share=may_share, now=now()).text
