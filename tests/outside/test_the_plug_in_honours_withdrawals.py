"""The real client with our plug-in: what is withdrawn or suspended stops matching, and nothing forged gets in."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.outside.client import Client
from tests.outside.small_centre import SmallCentre, served
from unseen.feed.lines import Level, LineAction, LineOperation
from unseen.feed.signing import Signer
from unseen.feed.tests.feeds import line
from unseen.fingerprint import fingerprint_image
from unseen.testing.media import FOLDER

pytestmark = pytest.mark.slow
BOAT, DOOR, BARN = (FOLDER / "photos" / f"{name}.jpg" for name in ("fishing-boat", "red-door", "red-barn"))


@pytest.fixture
def centre() -> Iterator[SmallCentre]:
    with served() as made:
        yield made


def value(photo: Path) -> bytes:
    return bytes.fromhex(fingerprint_image(photo).pdq)


def follow(client: Client, centre: SmallCentre, folder: Path) -> None:
    client.ok("config", "extensions", "add", "unseen_threatexchange")
    client.ok(
        "config", "collab", "edit", "unseen", "--create", "Ours", "--invitation", centre.invitation(folder)
    )


def test_what_is_withdrawn_stops_matching_at_the_next_fetch(
    client: Client, centre: SmallCentre, tmp_path: Path
) -> None:
    boat, _, barn = (centre.feed.add(value(photo)) for photo in (BOAT, DOOR, BARN))
    follow(client, centre, tmp_path)
    client.ok("fetch")
    assert "pdq 0 (Ours) INVESTIGATION_SEED" in client.ok("match", "photo", BOAT)
    assert f"entry={boat.hex()}" in client.ok("match", "photo", BOAT)
    centre.feed.say(LineOperation.WITHDRAW, boat)
    centre.feed.say(LineOperation.SUSPEND, barn)
    client.ok("fetch")
    assert client.ok("match", "photo", BOAT) == ""
    assert client.ok("match", "photo", BARN) == ""
    assert "(Ours)" in client.ok(
        "match", "photo", DOOR
    )  # the only one left, which the client alone would lose

    # A suspension may end; a withdrawal never does, whatever a later line says.
    for entry, photo in ((boat, BOAT), (barn, BARN)):
        centre.feed.lines.append(line(len(centre.feed.lines), LineOperation.ADD, entry, value(photo)))
    client.ok("fetch")
    assert client.ok("match", "photo", BOAT) == ""
    assert "(Ours)" in client.ok("match", "photo", BARN)


def test_what_does_not_follow_is_refused_and_the_next_right_page_is_taken(
    client: Client, centre: SmallCentre, tmp_path: Path
) -> None:
    for photo in (BOAT, DOOR):
        centre.feed.add(value(photo))
    follow(client, centre, tmp_path)
    client.ok("fetch")
    boat_line, signer = centre.feed.lines[0], centre.feed.signer
    centre.feed.add(value(BARN))
    for spoil in (forged, forked, rolled_back, longer):
        spoil(centre)
        refused = client.run("fetch")
        assert refused.returncode == 3, spoil.__name__
        assert "failed to fetch" in refused.stderr
        assert "(Ours)" in client.ok("match", "photo", BOAT), "what was accepted before stays"
        assert client.ok("match", "photo", BARN) == ""
        centre.feed.signer, centre.feed.lines[0], centre.now, centre.damage = signer, boat_line, None, b""
    client.ok("fetch")
    assert "(Ours)" in client.ok("match", "photo", BARN)


def forged(centre: SmallCentre) -> None:
    centre.feed.signer = Signer.new()


def forked(centre: SmallCentre) -> None:
    centre.feed.lines[0] = line(0, LineOperation.ADD, b"x" * 16, value(DOOR))


def rolled_back(centre: SmallCentre) -> None:
    centre.now = int(time.time()) - 600


def longer(centre: SmallCentre) -> None:
    centre.damage = b"x"


def test_feedback_names_the_entry_and_what_became_of_it(
    client: Client, centre: SmallCentre, tmp_path: Path
) -> None:
    entry = centre.feed.add(value(BOAT)).hex()
    follow(client, centre, tmp_path)
    client.ok("fetch")
    told = tmp_path / "pdq.txt"
    told.write_text(value(BOAT).hex())
    client.ok("label", "-l", f"entry={entry},not_ncii", "-H", "pdq", "Ours", "photo", told)
    client.ok("label", "-l", entry, "-H", "pdq", "Ours", "photo", told)
    assert [said["verdict"] for said in centre.feedback] == ["not_ncii", "blocked"]
    assert {(said["at"], said["entry"]) for said in centre.feedback} == {("/exchange/v1/feedback", entry)}
    assert client.run("label", "-l", "blocked", "-H", "pdq", "Ours", "photo", told).returncode != 0
    assert len(centre.feedback) == 2


def test_after_the_lease_every_match_is_for_review(
    client: Client, centre: SmallCentre, tmp_path: Path
) -> None:
    centre.feed.add(value(BOAT))
    sure = bytearray(centre.feed.lines[0])
    sure[27], sure[28] = Level.ORGANISATION, LineAction.BLOCK
    centre.feed.lines[0] = bytes(sure)
    follow(client, centre, tmp_path)
    client.ok("fetch")
    assert "POSITIVE_CLASS" in client.ok("match", "photo", BOAT)
    later = "import time; real = time.time; time.time = lambda: real() + 86_401\n"
    later += "import sys; from threatexchange.cli.main import main; sys.argv[1:] = sys.argv[1:]; main()"
    assert "INVESTIGATION_SEED" in client.python(later, "match", "photo", str(BOAT))
