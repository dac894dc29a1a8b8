"""The demonstration's world: one folder, one simulated clock, the small internet, and the processes of a centre."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import unseen
from unseen.testing.clock import FileClock
from unseen.testing.internet import SmallInternet

# A Monday morning on which every law of the directory that is in force binds.
STARTS_AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
MEDIA = Path(unseen.__file__).parent / "testing" / "media"
WORKER = "demo"
SERVER_UP_WITHIN_S = 30.0

VANTAGES = (
    ("office", "127.9.0.1", "KR", "Unseen/1 (deletion team of a support centre)", True),
    (
        "home-line",
        "127.9.0.2",
        "KR",
        "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Mobile Safari/537.36",
        False,
    ),
    (
        "berlin",
        "127.9.0.3",
        "DE",
        "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        False,
    ),
    (
        "dallas",
        "127.9.0.4",
        "US",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15",
        False,
    ),
)


class DemoFailed(RuntimeError):
    """The demonstration could not be carried to its end; says at what, and where to look."""


class World:
    """Everything that a demonstration needs, started in order and stopped in reverse."""

    def __init__(self, folder: Path, *, liars: Collection[str]) -> None:
        self.folder = folder
        self.clock = FileClock(folder / "clock")
        self.clock.set(STARTS_AT)
        mail = folder / "internet"
        mail.mkdir()
        self.internet = SmallInternet(self.clock, mail, MEDIA, liars=liars)
        self.environment = self._environment()

    def now(self) -> datetime:
        """The simulated instant."""
        return self.clock.now()

    def hours(self, at: datetime) -> float:
        """Simulated hours since the start."""
        return (at - STARTS_AT) / timedelta(hours=1)

    def move_to(self, at: datetime) -> None:
        """Let the small internet do all that happens until then, and only then move the clock."""
        self.internet.advance(at)
        self.clock.set(at)

    def run(self, *words: str) -> str:
        """Run an `unseen` command to its end, and give what it printed."""
        done = subprocess.run(
            self._command(*words), env=self.environment, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise DemoFailed(
                f"`unseen {words[0]}` ended with {done.returncode}: {done.stderr.strip()[-2_000:]}"
            )
        return done.stdout

    def start(self, *words: str) -> "subprocess.Popen[bytes]":
        """Start an `unseen` process; its log goes to the folder."""
        with (self.folder / f"{words[0]}.log").open("ab") as log:
            return subprocess.Popen(
                self._command(*words), env=self.environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )

    def wait_for_server(self, process: "subprocess.Popen[bytes]") -> None:
        """Until the web server takes connections. Raises DemoFailed when it ends or never does."""
        until = time.monotonic() + SERVER_UP_WITHIN_S
        host, _, port = self.environment["UNSEEN_BIND"].partition(":")
        while time.monotonic() < until and process.poll() is None:
            try:
                socket.create_connection((host, int(port)), timeout=0.2).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise DemoFailed(f"the web server did not start: see {self.folder / 'serve.log'}")

    def _command(self, *words: str) -> list[str]:
        return [sys.executable, "-c", "from unseen.cli import main; main()", *words]

    def _environment(self) -> Mapping[str, str]:
        """What the centre's processes are told. Nothing of the caller's own options reaches them."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("UNSEEN_") and name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
        }
        relay_host, relay_port = self.internet.relay_address
        parties = self.folder / "parties"
        parties.mkdir()
        for name, text in self.internet.directory_files().items():
            (parties / name).write_text(text, encoding="utf-8")
        pages = self.folder / "start-pages.txt"
        pages.write_text("\n".join(self.internet.start_pages()) + "\n", encoding="utf-8")
        bind = f"127.0.0.1:{_free_port()}"
        return kept | {
            "UNSEEN_DATA_DIR": str(self.folder / "data"),
            "UNSEEN_SECRET_KEY": secrets.token_hex(32),
            "UNSEEN_BIND": bind,
            "UNSEEN_PUBLIC_ADDRESS": f"http://{bind}",
            "UNSEEN_ORGANISATION": "Demonstration Support Centre",
            "UNSEEN_ORGANISATION_EMAIL": "notices@centre.test",
            "UNSEEN_SIGNATORY": "Head of the deletion team",
            "UNSEEN_COUNTRY": "KR",
            "UNSEEN_SMTP": f"smtp://{relay_host}:{relay_port}",
            "UNSEEN_INBOX": str(self.internet.inbox),
            "UNSEEN_SENT_ARCHIVE": str(self.internet.sent_archive),
            "UNSEEN_HOSTS_FILE": str(self.internet.hosts_file),
            "UNSEEN_FETCH_ALLOW_NETWORKS": "127.0.0.0/8",
            "UNSEEN_FETCH_PORTS": str(self.internet.port),
            "UNSEEN_VANTAGES": json.dumps([_vantage(*row) for row in VANTAGES]),
            "UNSEEN_DIRECTORY": str(parties),
            "UNSEEN_SHIPPED_DIRECTORY": "false",
            "UNSEEN_CLOCK": f"file:{self.folder / 'clock'}",
            "UNSEEN_START_PAGES": str(pages),
            "UNSEEN_SCAN_EVERY_HOURS": "24",
            "UNSEEN_WORKER_NAME": WORKER,
        }


def stop(process: "subprocess.Popen[bytes]") -> None:
    """End a process politely, then firmly."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _vantage(name: str, address: str, country: str, agent: str, own: bool) -> dict[str, object]:
    return {"name": name, "address": address, "country": country, "user_agent": agent, "own_address": own}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
