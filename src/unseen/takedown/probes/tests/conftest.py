"""Eyes on the small internet: look at a copy from every vantage, as a recheck does."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.story.centre import Centre, open_centre, small_photos
from unseen.discovery.looker import looker, place
from unseen.discovery.recognise import recogniser
from unseen.domain.recheck import Conclusion, FindingKind, Look, conclude
from unseen.intake.models import ReportedMaterial
from unseen.takedown.probes.look import Prober, Sought
from unseen.testing.internet.tests.hand import Hand
from unseen.testing.internet.truth import Copy

ADDRESSES = {
    "office": "127.9.0.1",
    "home-line": "127.9.0.2",
    "berlin": "127.9.0.3",
    "dallas": "127.9.0.4",
}


@dataclass
class Eyes:
    """A centre that holds the fingerprints of all four photographs, and a hand that notifies platforms."""

    centre: Centre
    hand: Hand

    def sought(self, copy: Copy, *, media_known: bool = True, may_fetch_media: bool = True) -> Sought:
        everything = frozenset(str(key) for key in ReportedMaterial.objects.values_list("pk", flat=True))
        media = place(copy.media_url) if media_known else None
        return Sought(place(copy.page_url), media, everything, may_fetch_media)

    def looks(self, sought: Sought) -> list[Look]:
        """Raises TooSoon."""
        prober = Prober(looker(), recogniser())
        return [prober.look(sought, vantage, self.centre.now) for vantage in looker().vantages]

    def conclusion(self, copy: Copy, *, was_removed: bool = False, media_known: bool = True) -> Conclusion:
        looks = self.looks(self.sought(copy, media_known=media_known))
        return conclude(looks, was_removed=was_removed)

    def findings(self, copy: Copy, *, was_removed: bool = False) -> dict[str, FindingKind]:
        conclusion = self.conclusion(copy, was_removed=was_removed)
        return {finding.vantage: finding.kind for finding in conclusion.findings}

    def truth(self, copy: Copy) -> dict[str, bool]:
        """Vantage -> whether it would truly get the picture now."""
        truth = self.centre.internet.truth
        return {name: truth.served(copy, address) for name, address in ADDRESSES.items()}


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_photos(tmp_path_factory.mktemp("probes"))


@pytest.fixture
def eyes(db: None, tmp_path: Path, media: Path) -> Iterator[Eyes]:
    with open_centre(tmp_path / "world", media) as centre:
        centre.report(*(centre.photo(f"photo-{number}") for number in (1, 2, 3, 4)))
        centre.tick()
        yield Eyes(centre, Hand(centre.internet, centre.clock))
