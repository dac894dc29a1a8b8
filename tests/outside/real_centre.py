"""Our own server on this machine, with a database of its own, and a person who reports ordinary photographs."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings

from tests.own_database import own_database
from unseen.clock import now
from unseen.domain.fingerprint import Fingerprint
from unseen.exchange.actions.peers import add_peer
from unseen.exchange.models import Peer
from unseen.exchange.pages import keys_told
from unseen.exchange.tests.peer import work
from unseen.fingerprint import fingerprint_image
from unseen.intake.actions import withdraw_report
from unseen.intake.models import Report
from unseen.intake.tests.reports import a_report, picture


@dataclass
class RealCentre:
    address: str

    def report(self, photo: Path) -> Report:
        """Filed, banked and told to every peer."""
        found = fingerprint_image(photo)
        report = a_report(picture(Fingerprint(bytes.fromhex(found.pdq), found.quality)), share=True, at=now())
        work(now())
        return report

    def withdraw(self, report: Report) -> None:
        withdraw_report(report, now())
        work(now())

    def invite(self, name: str) -> str:
        return add_peer(name, now())

    def invitation(self, name: str, folder: Path) -> Path:
        """The file that `unseen peer add` writes."""
        key = self.invite(name)
        keys = [{"public": one.public.hex(), "until": one.until} for one in keys_told(now())]
        told = {"unseen_invitation": 1, "address": self.address, "feed": Peer.objects.get(name=name).feed}
        path = folder / "invitation.json"
        path.write_text(json.dumps({**told, "keys": keys, "api_key": key}))
        return path


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Tests print nothing."""


@contextmanager
def real_centre(folder: Path, settings: Settings, blocker: DjangoDbBlocker) -> Iterator[RealCentre]:
    settings.UNSEEN = replace(settings.UNSEEN, data_dir=folder)
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    with own_database(folder / "centre.sqlite3", blocker):
        server = ThreadedWSGIServer(("127.0.0.1", 0), _Quiet)
        server.set_app(get_wsgi_application())
        serving = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        serving.start()
        try:
            yield RealCentre(f"http://127.0.0.1:{server.server_address[1]}")
        finally:
            server.shutdown()
            server.server_close()
            serving.join()
