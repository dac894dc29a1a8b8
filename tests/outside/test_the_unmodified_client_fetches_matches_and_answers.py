"""`threatexchange` from the package index, pointed at our real server by its own setting."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings

from tests.outside.client import Client
from tests.outside.real_centre import RealCentre, real_centre
from unseen.exchange.models import Feedback
from unseen.exchange.peers.models import PeerEntry
from unseen.fingerprint import fingerprint_image
from unseen.testing.media import FOLDER

pytestmark = pytest.mark.slow
BOAT, DOOR, BARN = (FOLDER / "photos" / f"{name}.jpg" for name in ("fishing-boat", "red-door", "red-barn"))
SAY = """
import sys
from threatexchange.exchanges.clients.stopncii.api import *
address, key, boat, barn = sys.argv[1:]
also = {StopNCIIEndpoint.SubmitFeedback: key, StopNCIIEndpoint.SubmitHashes: key}
client = StopNCIIAPI(key, key, also, base_url_override=address)
kept = {record.hashValue for page in client.fetch_hashes_iter() for record in page.hashRecords}
near = min(kept, key=lambda value: bin(int(value, 16) ^ int(boat, 16)).count("1"))
client.submit_feedback(StopNCIISignalType.ImagePDQ, near, StopNCIICSPFeedbackValue.Blocked)
client.submit_hash(StopNCIISignalType.ImagePDQ, barn)
"""


@pytest.fixture
def centre(tmp_path: Path, settings: Settings, django_db_blocker: DjangoDbBlocker) -> Iterator[RealCentre]:
    with real_centre(tmp_path, settings, django_db_blocker) as made:
        yield made


def test_it_fetches_matches_a_picture_and_sends_feedback(client: Client, centre: RealCentre) -> None:
    centre.report(DOOR)
    boat = centre.report(BOAT)
    key = centre.invite("Platform Example")
    centre.report(BARN)
    client.keys = {"TX_STOPNCII_KEYS": f"{key},{key},{centre.address}/v1"}
    client.ok("config", "collab", "edit", "stop_ncii", "--create", "Ours")
    client.ok("fetch")
    assert "pdq 4 (Ours) INVESTIGATION_SEED" in client.ok("match", "photo", BOAT), (
        "4 bits are the peer's marks"
    )
    assert client.ok("match", "photo", FOLDER / "photos" / "macaws.jpg") == ""

    value = fingerprint_image(BOAT).pdq
    client.python(SAY, f"{centre.address}/v1", key, value, "ab" * 32)
    said = Feedback.objects.select_related("feed_entry__material__report").get()
    assert (said.verdict, said.feed_entry.material.report) == ("blocked", boat)
    assert PeerEntry.objects.get().value == bytes.fromhex("ab" * 32)

    client.ok("fetch")
    centre.withdraw(boat)
    refused = client.run("fetch")
    assert refused.returncode == 3
    assert "failed to fetch" in refused.stderr
    assert "(Ours)" in client.ok("match", "photo", BOAT), (
        "until its operator does as docs/running/peers.md says"
    )
    client.ok("fetch", "--clear")
    client.ok("fetch")
    assert client.ok("match", "photo", BOAT) == ""
    assert "(Ours)" in client.ok("match", "photo", DOOR)


def test_it_keeps_what_a_server_calls_withdrawn(client: Client) -> None:
    """Why we do not tell it so: its comparison reads hashValue where hashStatus is meant (version 1.2.17)."""
    values = [fingerprint_image(photo).pdq for photo in (BOAT, DOOR)]
    with telling(values) as (address, status):
        client.keys = {"TX_STOPNCII_KEYS": f"k,k,{address}"}
        client.ok("config", "collab", "edit", "stop_ncii", "--create", "Theirs")
        client.ok("fetch")
        status["says"] = "Withdrawn"
        client.ok("fetch")
    assert "(Theirs)" in client.ok("match", "photo", BOAT)


def test_our_plug_in_follows_the_real_centre(client: Client, centre: RealCentre, tmp_path: Path) -> None:
    centre.report(DOOR)
    boat = centre.report(BOAT)
    client.ok("config", "extensions", "add", "unseen_threatexchange")
    invitation = centre.invitation("Platform Example", tmp_path)
    centre.report(BARN)
    client.ok("config", "collab", "edit", "unseen", "--create", "Ours", "--invitation", invitation)
    client.ok("fetch")
    matched = client.ok("match", "photo", BOAT)
    assert "pdq 4 (Ours) INVESTIGATION_SEED level=0 action=review" in matched
    told = tmp_path / "pdq.txt"
    told.write_text(fingerprint_image(BOAT).pdq)
    entry = matched.strip().rpartition("entry=")[2]
    client.ok("label", "-l", f"{entry},blocked", "-H", "pdq", "Ours", "photo", told)
    assert Feedback.objects.get().feed_entry.material.report == boat
    centre.withdraw(boat)
    client.ok("fetch")
    assert client.ok("match", "photo", BOAT) == ""
    assert "(Ours)" in client.ok("match", "photo", DOOR)


class telling:  # noqa: N801 - a context manager
    """A server in StopNCII's words that says the same status about all its values."""

    def __init__(self, values: list[str]) -> None:
        status = {"says": "Active"}

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                told = [
                    {
                        "lastModtimestamp": 5,
                        "signalType": "ImagePDQ",
                        "hashValue": value,
                        "hashStatus": status["says"],
                        "caseNumbers": {},
                    }
                    for value in values
                ]
                page = {
                    "count": 2,
                    "nextPageToken": "",
                    "nextSetTimestamp": 100,
                    "hasMoreRecords": False,
                    "hashRecords": told,
                }
                self.send_response(200)
                self.end_headers()
                self.wfile.write(json.dumps(page).encode())

            def log_message(self, *_: object) -> None:
                """Tests print nothing."""

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self._status = status
        self._serving = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> tuple[str, dict[str, str]]:
        self._serving.start()
        return f"http://127.0.0.1:{self._server.server_address[1]}", self._status

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._serving.join()
