"""A whole centre in one process: its stages, its options, a clock that can be moved, and the small internet."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_network
from pathlib import Path

from django.conf import settings
from PIL import Image

from unseen import worker
from unseen.config.values import SmtpServer
from unseen.discovery.looker import looker
from unseen.domain.fingerprint import Fingerprint
from unseen.domain.report import AgeBand, MaterialKind, ReportDraft, ReportedMaterial
from unseen.fetch.vantage import Vantage
from unseen.fingerprint import Ask, Forms, ImageFingerprint, fingerprint
from unseen.intake.actions import receive_report
from unseen.takedown import queries
from unseen.takedown.channels.open import open_channel
from unseen.testing.clock import FileClock
from unseen.testing.internet import SmallInternet
from unseen.testing.internet.truth import Copy
from unseen.testing.media import FOLDER

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
WORKER = "story"
VANTAGES = (
    Vantage("office", "KR", "127.9.0.1", None, "Unseen/1 (support centre)", own_address=True),
    Vantage("home-line", "KR", "127.9.0.2", None, "Mozilla/5.0 (Linux; Android 14)"),
    Vantage("berlin", "DE", "127.9.0.3", None, "Mozilla/5.0 (X11; Linux x86_64)"),
    Vantage("dallas", "US", "127.9.0.4", None, "Mozilla/5.0 (Macintosh)"),
)
STEP_MIN = timedelta(seconds=1)


def small_photos(folder: Path) -> Path:
    """The shipped photographs, small enough that a test costs milliseconds; a video that only has to be served."""
    (folder / "photos").mkdir(parents=True)
    (folder / "videos").mkdir()
    for number, path in enumerate(sorted((FOLDER / "photos").iterdir())[:8]):
        with Image.open(path) as photo:
            photo.thumbnail((360, 360))
            photo.convert("RGB").save(folder / "photos" / f"{number}.jpg", quality=85)
    (folder / "videos" / "clip.mp4").write_bytes(b"only served, never played")
    return folder


@dataclass
class Centre:
    """Runs the stages at the simulated instant. The only thing it knows of the outside is the small internet."""

    internet: SmallInternet
    clock: FileClock

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def report(self, *photos: Path, locations: tuple[str, ...] = ()) -> str:
        """File a report; the receipt. Only fingerprints and locations are handed over."""
        materials = tuple(_material(path) for path in photos)
        draft = ReportDraft(AgeBand.ADULT, materials, locations)
        return receive_report(draft, may_share=True, now=self.now).text

    def tick(self) -> None:
        """Let every stage do what is due at this instant, until none has anything left."""
        while sum(stage.do_due(self.now, WORKER) for stage in worker.STAGES):
            pass

    def pass_time(self, **time: float) -> None:
        """Let this much time pass: whatever is due or happens in it is done at its own instant."""
        ends_at = self.now + timedelta(**time)
        while self.now < ends_at:
            times = (worker.next_due_at(), self.internet.next_event_at(), ends_at)
            at = max(min(one for one in times if one is not None), self.now + STEP_MIN)
            self.internet.advance(at)
            self.clock.set(at)
            self.tick()

    def copies(self, platform: str, material: str | None = None) -> list[Copy]:
        """What a platform truly holds, oldest first."""
        held = [copy for copy in self.internet.truth.copies() if copy.platform == platform]
        return [copy for copy in held if material in (None, copy.material)]

    def photo(self, material: str) -> Path:
        """The file of a material, on the reporter's device."""
        return self.internet.material[material].path


@contextmanager
def open_centre(
    folder: Path, media: Path, kind: type[SmallInternet] = SmallInternet, **internet: object
) -> Iterator[Centre]:
    """A running small internet and a centre that knows it, under options of its own."""
    folder.mkdir(exist_ok=True)
    clock = FileClock(folder / "clock")
    clock.set(MONDAY)
    before = settings.UNSEEN
    with kind(clock, folder, media, **internet) as running:  # type: ignore[arg-type] # its own options
        settings.UNSEEN = _options(folder, running)
        forget()
        try:
            yield Centre(running, clock)
        finally:
            looker().fetcher.close()
            settings.UNSEEN = before
            forget()


def _options(folder: Path, internet: SmallInternet) -> object:
    parties = folder / "parties"
    parties.mkdir()
    for name, text in internet.directory_files().items():
        (parties / name).write_text(text, encoding="utf-8")
    (folder / "data").mkdir()
    return replace(
        settings.UNSEEN,
        data_dir=folder / "data",
        organisation="Support Centre",
        organisation_email="notices@centre.test",
        organisation_domain="centre.test",
        signatory="Head of removal",
        country="KR",
        smtp=SmtpServer(*internet.relay_address),
        smtp_sender="notices@centre.test",
        inbox=internet.inbox,
        sent_archive=internet.sent_archive,
        hosts_file=internet.hosts_file,
        fetch_allow_networks=(ip_network("127.0.0.0/8"),),
        fetch_ports=(internet.port,),
        vantages=VANTAGES,
        directory=parties,
        shipped_directory=False,
        scan_every_hours=24,
    )


def forget() -> None:
    """What a process keeps for its life belongs to the options that it was made with."""
    for kept in (looker, queries.directory, open_channel):
        kept.cache_clear()


@cache
def _material(path: Path) -> ReportedMaterial:
    made = fingerprint(path, Ask(forms=Forms.BANK))
    assert isinstance(made, ImageFingerprint)
    whole = Fingerprint(bytes.fromhex(made.pdq), made.quality)
    variants = (Fingerprint(bytes.fromhex(one.pdq), one.quality, one.name) for one in made.variants)
    return ReportedMaterial(MaterialKind.IMAGE, (whole, *variants))
