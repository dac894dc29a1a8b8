"""Lives start cheap here: one warm process with everything loaded, forked for each worker, and a folder copied for each life."""

import errno
import json
import os
import shutil
import sys
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any, NoReturn

from tests.faults.real.kinds import KINDS, NOON, Kind, write_directory
from tests.faults.real.shim import EVER, Fate, Mode
from tests.faults.real.wire import ADDRESS, Doors, OtherSide
from unseen.testing.clock import FileClock

DEATHS_MAX = 20
KILLED = 9
FELL = 70  # exit code of a worker that an error ended


@dataclass(frozen=True)
class Crash:
    """A life in which the worker dies at a point, and its successor perhaps at another one, counted from its own start.

    `tears`: a write is done to its half first.
    """

    kind: str
    points: tuple[int, ...]
    tears: bool = False
    disk: str = (
        ""  # "full": every write fails from the point on, until room is made. "broken": that one fails (EIO)
    )

    def __str__(self) -> str:
        return f"{self.kind}:{','.join(map(str, self.points))}{'t' if self.tears else ''}{self.disk and ':' + self.disk}"

    @property
    def fates(self) -> list[Fate]:
        """One for each worker that is to meet one."""
        if self.disk == "full":
            return [Fate(Mode.FAIL, point, EVER, errno.ENOSPC) for point in self.points]
        if self.disk:
            return [Fate(Mode.FAIL, point, point, errno.EIO) for point in self.points]
        mode = Mode.TEAR if self.tears else Mode.KILL
        return [Fate(mode, point, point) for point in self.points]


class Nursery:
    """Make one in a process of its own: it sets the options of that process."""

    def __init__(self, base: Path) -> None:
        assert ip_address(ADDRESS).is_loopback
        self._base, self._doors = base, Doors()
        self._lives = 0
        self._set_options()
        import django

        django.setup()
        if self._in_child(self._make_templates):
            raise RuntimeError("the folders that every life starts from could not be made")
        self._work = _warm()

    def live(self, crash: Crash) -> "Lived":
        """Live one life to its end."""
        self._lives += 1
        folder = self._base / f"life-{self._lives}"
        shutil.copytree(self._template(crash.kind), folder)
        if crash.disk:
            (folder / "disk").touch()
        other = OtherSide(self._doors, folder, KINDS[crash.kind])
        try:
            deaths, code = self._until_over(crash, folder, other)
        finally:
            other.end()
        end = folder / "end.json"
        lived = Lived(deaths, code, json.loads(end.read_text()) if end.exists() else {})
        shutil.rmtree(folder)
        return lived

    def _until_over(self, crash: Crash, folder: Path, other: OtherSide) -> tuple[int, int]:
        """Replace each worker that was killed, until one comes to the end. How often one died, and the last exit code."""
        fates = crash.fates
        for deaths in range(DEATHS_MAX):
            fate = fates[deaths] if deaths < len(fates) else Fate()
            code = self._in_child(lambda fate=fate: self._work(folder, KINDS[crash.kind], fate))  # type: ignore[misc] # same
            if code != (FELL if crash.disk else -KILLED):
                return deaths, code
            other.settled()
        return DEATHS_MAX, -KILLED

    def _in_child(self, do: Callable[[], object]) -> int:
        """The exit code of a child that does this; negative: the signal that ended it."""
        sys.stdout.flush()
        pid = os.fork()
        if not pid:
            code = FELL
            try:
                do()
                code = 0
            finally:
                with suppress(OSError):  # the words go to a disk that may be full
                    if code:
                        traceback.print_exc()
                os._exit(code)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

    def _template(self, kind: str) -> Path:
        return self._base / f"template-{kind}"

    def _set_options(self) -> None:
        for name in [name for name in os.environ if name.startswith("UNSEEN_") or name == "DATABASE_URL"]:
            del os.environ[name]
        (self._base / "directory").mkdir()
        (self._base / "data").mkdir()
        http = self._doors.port(self._doors.http)
        write_directory(self._base / "directory", http)
        (self._base / "hosts").write_text(f"{ADDRESS} api.test\n")
        os.environ |= {
            "UNSEEN_DATA_DIR": str(self._base / "data"),
            "UNSEEN_SECRET_KEY": "only-for-tests-" * 4,
            "UNSEEN_ORGANISATION": "Support Centre Example",
            "UNSEEN_ORGANISATION_EMAIL": "notices@centre.example",
            "UNSEEN_SIGNATORY": "Head of removal",
            "UNSEEN_SMTP": f"smtp://{ADDRESS}:{self._doors.port(self._doors.smtp)}",
            "UNSEEN_HOSTS_FILE": str(self._base / "hosts"),
            "UNSEEN_FETCH_ALLOW_NETWORKS": "127.0.0.0/8",
            "UNSEEN_FETCH_PORTS": f"80,443,{http}",
            "UNSEEN_DIRECTORY": str(self._base / "directory"),
            "UNSEEN_SHIPPED_DIRECTORY": "false",
            "UNSEEN_LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "unseen.config.settings",
        }

    def _make_templates(self) -> None:
        """The folder of each life before its first instant: tables, one report, one member of staff, and a clock."""
        from django.core.management import call_command
        from django.db import connection

        from tests.faults.real.living import move_in
        from unseen.accounts.models import Staff
        from unseen.domain.fingerprint import Fingerprint
        from unseen.domain.report import AgeBand, MaterialKind, ReportDraft, ReportedMaterial
        from unseen.intake.actions import receive_report

        bare = self._template("")
        for part in (
            "data",
            "inbox/new",
            "inbox/cur",
            "inbox/tmp",
            "archive/new",
            "archive/cur",
            "archive/tmp",
        ):
            (bare / part).mkdir(parents=True)
        FileClock(bare / "clock").set(NOON)
        move_in(bare, KINDS["mail"])
        call_command("migrate", verbosity=0)
        Staff.objects.create(username="desk")
        connection.close()
        picture = ReportedMaterial(MaterialKind.IMAGE, (Fingerprint(bytes(range(32)), 90),))
        for name, kind in KINDS.items():
            shutil.copytree(bare, self._template(name))
            move_in(self._template(name), kind)
            receive_report(ReportDraft(AgeBand.ADULT, (picture,), kind.locations), may_share=True, now=NOON)
            connection.close()


def _warm() -> Callable[[Path, Kind, Fate], NoReturn]:
    """Load once what every worker would load again; what a worker does, for a child to call."""
    import gc

    import numpy as np

    from tests.faults.real import living
    from unseen.takedown import queries

    queries.directory()
    np.unique(np.zeros(2))
    gc.freeze()
    return living.work


@dataclass(frozen=True)
class Lived:
    """How often a worker died, the exit code of the last one, and what it wrote down (`living.World`)."""

    deaths: int
    code: int
    end: Mapping[str, Any]
