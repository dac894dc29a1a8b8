"""Each character of proof through the whole engine on a virtual clock: every finding equals the truth, look by look."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.story.wide import Watched, open_wide
from unseen.domain.recheck import FindingKind
from unseen.testing.internet.characters_of_proof import CHARACTERS_OF_PROOF

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# What is concluded once the platform has acted, and the outcome after six weeks. Which of its two addresses the
# edgekeeper's name leads to first is the resolver's choice, as on the real web.
EXPECTED = {
    "rememberer": ({FindingKind.CLOAKED}, "refused"),
    "agentpicker": ({FindingKind.STILL_UP}, "refused"),
    "rotator": ({FindingKind.COPY_ALIVE}, "refused"),
    "edgekeeper": ({FindingKind.COPY_ALIVE, FindingKind.MEDIA_ALIVE}, "refused"),
    "refresher": ({FindingKind.MOVED}, "refused"),
    "statusliar": ({FindingKind.MEDIA_ALIVE}, "refused"),
    "reencoder": ({FindingKind.STILL_UP}, "refused"),
    "countrywall": ({FindingKind.LOGIN_WALLED}, "refused"),
    "mover": ({FindingKind.MOVED}, "refused"),
    "nameblocked": ({FindingKind.RESOLVER_BLOCKED}, "blocked_only"),
    "placeholder": ({FindingKind.GONE}, "removed"),
    "honestsoft404": ({FindingKind.GONE}, "removed"),
    "previewstays": ({FindingKind.COPY_ALIVE}, "removed"),
}


@pytest.fixture
def watched(media: Path, tmp_path: Path) -> Iterator[Watched]:
    with open_wide(tmp_path / "world", media) as made:
        yield made


def test_every_finding_of_six_weeks_equals_the_truth(watched: Watched) -> None:
    watched.live(days=42)
    assert watched.lies == []
    assert {*EXPECTED, "dodger"} == {character.key for character in CHARACTERS_OF_PROOF}
    outcomes = {platform: watched.outcome(platform) for platform in EXPECTED}
    assert outcomes == {platform: outcome for platform, (_, outcome) in EXPECTED.items()}
    for platform, (kinds, outcome) in EXPECTED.items():
        found = watched.conclusions[platform]
        assert kinds & set(found), platform
        if outcome != "removed":
            assert FindingKind.GONE not in found, platform
    assert set(watched.kinds["honestsoft404"][-1].values()) == {FindingKind.SOFT_404, FindingKind.NOT_LISTED}
    assert FindingKind.BACK in watched.conclusions["dodger"]
    assert watched.kinds["rememberer"][-1]["reserve"] is FindingKind.STILL_UP
    assert watched.kinds["nameblocked"][-1]["kr-names"] is FindingKind.RESOLVER_BLOCKED
