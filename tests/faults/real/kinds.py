"""The lives that real workers live and die in: one for each channel, and those in which a death hurts most."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from unseen.takedown.tests.parties import party_text

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

_LAW = '"us-tida"'


@dataclass(frozen=True)
class Kind:
    """One life: what was reported, who removes what arrives, who answers what, and what the centre lacks."""

    locations: tuple[str, ...]
    removes: frozenset[str] = frozenset()  # domains that remove what they were told of, after `REMOVED_AFTER`
    refuses: frozenset[str] = frozenset()  # domains that answer with a plain no
    bounces: frozenset[str] = frozenset()
    has_archive: bool = True
    withdraws_after: timedelta | None = None
    outcomes: frozenset[str] = field(default_factory=lambda: frozenset({"removed"}))


REMOVED_AFTER = 3 * HOUR


def _place(domain: str, number: int = 1) -> str:
    return f"http://{domain}/p/{number}"


def _both(*domains: str) -> frozenset[str]:
    return frozenset(domains)


KINDS: Mapping[str, Kind] = {
    "mail": Kind((_place("mail.test"),), _both("mail.test")),
    "api": Kind((_place("api.test"),), _both("api.test")),
    "report": Kind((_place("report.test"),), _both("report.test")),
    "packet": Kind((_place("packet.test"),), _both("packet.test")),
    "form": Kind((_place("form.test"),), _both("form.test")),
    "batch": Kind(tuple(_place("many.test", number) for number in range(1, 5)), _both("many.test")),
    "mixed": Kind(
        tuple(map(_place, ("mail.test", "api.test", "report.test", "form.test"))),
        _both("mail.test", "api.test", "report.test", "form.test"),
    ),
    "refused": Kind((_place("mail.test"),), _both("hosting.test"), refuses=_both("mail.test")),
    "bounced": Kind((_place("mail.test"),), _both("hosting.test"), bounces=_both("mail.test")),
    "blind": Kind((_place("mail.test"),), _both("mail.test"), has_archive=False),
    "withdrawn": Kind(
        (_place("mail.test"), _place("api.test")),
        withdraws_after=HOUR / 2,
        outcomes=frozenset({"withdrawn"}),
    ),
}


def write_directory(folder: Path, api_port: int) -> None:
    """The addressees of all lives, as a centre's own directory."""
    host = 'host = "hosting"'
    form = '{kind = "form", location = "https://form.test/report"}'
    api = f'{{kind = "api", endpoint = "http://api.test:{api_port}/notices"}}'
    rows = {
        "mail": ("platform", _LAW, _by("email", "mail"), host),
        "report": ("platform", _LAW, _by("report", "report"), host),
        "packet": ("platform", _LAW, _by("packet", "packet"), host),
        "form": ("platform", _LAW, form, host),
        "api": ("platform", _LAW, api, host),
        "many": ("platform", _LAW, _by("email", "many"), "limits = {locations_per_notice_max = 6}"),
        "hosting": ("host", "", _by("report", "hosting"), ""),
        "regulator": ("regulator", '"kr-tba-22-5"', _by("packet", "regulator"), 'regulates = ["KR"]'),
    }
    for key, (kind, laws, channel, more) in rows.items():
        text = party_text(key, kind, laws=laws, channels=channel, more=more)
        (folder / f"{key}.toml").write_text(text)


def _by(kind: str, key: str) -> str:
    return f'{{kind = "{kind}", address = "abuse@{key}.test"}}'
