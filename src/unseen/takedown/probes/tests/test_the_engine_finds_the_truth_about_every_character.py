"""Each character of proof through the whole engine on a virtual clock: every finding equals the truth, look by look."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from unseen.domain.recheck import FindingKind
from unseen.takedown.probes.tests.wide import Watched, open_wide
from unseen.testing.internet.characters_of_proof import CHARACTERS_OF_PROOF

pytestmark = pytest.mark.django_db

# What the conclusion is once the platform has acted, and how the item stands after six weeks.
EXPECTED = {
    "rememberer": (FindingKind.CLOAKED, "unreachable"),
    "agentpicker": (FindingKind.STILL_UP, "unreachable"),
    "rotator": (FindingKind.COPY_ALIVE, "unreachable"),
    "edgekeeper": (FindingKind.COPY_ALIVE, "unreachable"),
    "refresher": (FindingKind.MOVED, "unreachable"),
    "statusliar": (FindingKind.MEDIA_ALIVE, "unreachable"),
    "reencoder": (FindingKind.STILL_UP, "unreachable"),
    "countrywall": (FindingKind.LOGIN_WALLED, "unreachable"),
    "mover": (FindingKind.MOVED, "unreachable"),
    "nameblocked": (FindingKind.RESOLVER_BLOCKED, "blocked_only"),
    "placeholder": (FindingKind.GONE, "removed"),
    "honestsoft404": (FindingKind.GONE, "removed"),
    "previewstays": (FindingKind.COPY_ALIVE, "removed"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("wide")


@pytest.fixture
def watched(media: Path, tmp_path: Path) -> Iterator[Watched]:
    with open_wide(tmp_path / "world", media) as made:
        yield made


@pytest.mark.slow
def test_every_finding_of_six_weeks_equals_the_truth(watched: Watched) -> None:
    watched.live(days=42)
    for name in [c.key for c in CHARACTERS_OF_PROOF]:
        print(
            name,
            watched.outcome(name),
            [str(k) for k in watched.conclusions[name]][:14],
            watched.kinds[name][-1],
        )
    assert watched.lies == []
    ends = {platform: (watched.conclusions[platform], watched.outcome(platform)) for platform in EXPECTED}
    for platform, (kind, outcome) in EXPECTED.items():
        assert kind in ends[platform][0], platform
        assert ends[platform][1] == outcome, platform
    assert FindingKind.BACK in watched.conclusions["dodger"]
