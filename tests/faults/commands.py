"""Run `unseen` as a process whose writes fail from a point on."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.faults.real.shim import EVER, library


def environment(data_dir: Path) -> dict[str, str]:
    """The options of a centre in this folder, and nothing of ours."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("UNSEEN_")}
    bare.pop("DATABASE_URL", None)
    return bare | {
        "UNSEEN_DATA_DIR": str(data_dir),
        "UNSEEN_SECRET_KEY": "only-for-tests-" * 4,
        "UNSEEN_ORGANISATION": "Support Centre Example",
        "UNSEEN_ORGANISATION_EMAIL": "notices@centre.example",
        "UNSEEN_LOG_LEVEL": "ERROR",
    }


def unseen(
    words: Sequence[str], data_dir: Path, point: int = 0, error: int = 0
) -> "subprocess.CompletedProcess[str]":
    """Run a command. From its write number `point` on the disk answers with `error`; 0: it is well."""
    its = environment(data_dir)
    if point:
        its |= {"LD_PRELOAD": str(library()), "POINTS": f"{point} {EVER} {error}"}
    command = [str(Path(sys.executable).with_name("unseen")), *words]
    return subprocess.run(command, env=its, capture_output=True, text=True, check=False)


def set_up_django() -> None:
    """In a process that was started with `environment`."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "unseen.config.settings"
    import django

    django.setup()
