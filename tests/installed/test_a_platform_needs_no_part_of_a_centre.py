"""`pip install unseen` gives a platform what it needs, and no Django: the wheel, beside exactly what it asks for."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import time
import venv
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.tidy.source import REPOSITORY
from unseen.replica.invitation import Invitation
from unseen.replica.tests.feed_server import FeedServer, LivingFeed
from unseen.replica.tests.replicas import value

PHOTOGRAPH = REPOSITORY / "src" / "unseen" / "testing" / "media" / "photos"
SITE = Path(sysconfig.get_path("purelib"))


def needed(parent: str, extras: set[str], found: set[str]) -> None:
    """This distribution and all that it needs here, by name."""
    for text in distribution(parent).requires or []:
        requirement = Requirement(text)
        marked = requirement.marker is None or any(
            requirement.marker.evaluate({"extra": extra}) for extra in extras or {""}
        )
        name = canonicalize_name(requirement.name)
        if marked and name not in found:
            found.add(name)
            needed(name, set(requirement.extras), found)


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of a virtual environment as a platform's is after `pip install`."""
    base = tmp_path_factory.mktemp("platform")
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(base),
        str(REPOSITORY),
    ]
    subprocess.run(build, check=True)
    (wheel,) = base.glob("*.whl")
    venv.create(base / "venv", with_pip=False)
    python = base / "venv" / "bin" / "python"
    install = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "-q",
        "--no-deps",
        "--no-index",
        str(wheel),
    ]
    subprocess.run(install, check=True)
    found: set[str] = set()
    needed("unseen", set(), found)
    assert "django" not in found
    (site,) = (base / "venv" / "lib").glob("python*/site-packages")
    for name in found:
        for file in distribution(name).files or []:
            if ".." not in file.parts and Path(str(file.locate())).exists():
                (site / file).parent.mkdir(parents=True, exist_ok=True)
                link(Path(str(file.locate())), site / file)
    return base / "venv" / "bin"


def link(source: Path, target: Path) -> None:
    """The same file under another name, or a copy where the disks differ."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def run(program: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [program / "unseen", *words],
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin"},
        check=False,
    )


@pytest.mark.slow
def test_pictures_are_fingerprinted(platform: Path) -> None:
    photograph = next(path for path in sorted(PHOTOGRAPH.rglob("*.jpg")))
    done = run(platform, "fingerprint", photograph, "--json")
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["pdq"]) == 64


@pytest.mark.slow
def test_a_feed_is_followed(platform: Path, tmp_path: Path) -> None:
    feed = LivingFeed(time.time)
    feed.add(value())
    server = FeedServer(feed.page)
    (tmp_path / "invitation").write_text(Invitation(server.address, feed.name, (feed.key,), None).text())
    words = ("replica", "follow", "--once", "--folder", tmp_path / "replica")
    first = run(platform, *words, "--invitation", tmp_path / "invitation")
    assert first.returncode == 0, first.stderr
    feed.add(value())
    assert run(platform, *words).returncode == 0
    said = run(platform, "replica", "status", "--folder", tmp_path / "replica")
    server.close()
    told = json.loads(said.stdout)
    assert (told["standing"], told["may_act"], told["pictures"]) == ("following", True, 2)


@pytest.mark.slow
@pytest.mark.parametrize("command", [("serve",), ("report", "--help"), ("worker",), ("demo", "--help")])
def test_a_command_of_a_centre_names_what_it_needs(platform: Path, command: tuple[str, ...]) -> None:
    done = run(platform, *command)
    if "--help" in command and done.returncode == 0:
        return
    assert done.returncode == 2
    assert "pip install 'unseen[centre]'" in done.stderr
    assert "Traceback" not in done.stderr
