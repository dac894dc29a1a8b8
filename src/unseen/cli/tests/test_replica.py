"""`unseen replica`: followed once over HTTP, seen, checked, and every trouble named with its cure."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from unseen.cli.replica import app
from unseen.replica.invitation import Invitation
from unseen.replica.tests.feed_server import FeedServer, LivingFeed
from unseen.replica.tests.replicas import value

pytestmark = pytest.mark.thorough


class Centre:
    """A feed that is served, and the words that follow it into a folder."""

    def __init__(self, base: Path) -> None:
        self.feed = LivingFeed(time.time)
        self.feed.add(value())
        self.server = FeedServer(self.feed.page)
        self.folder = str(base / "replica")
        self.invitation = base / "invitation.json"
        told = Invitation(self.server.address, self.feed.name, (self.feed.key,), "key-of-ours")
        self.invitation.write_text(told.text())

    def run(self, command: str, *words: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, [command, "--folder", self.folder, *words])
        return done.exit_code, done.output

    def begin(self) -> tuple[int, str]:
        return self.run("follow", "--once", "--invitation", str(self.invitation))


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    made = Centre(tmp_path)
    yield made
    made.server.close()


def test_it_is_followed_seen_and_checked(centre: Centre) -> None:
    assert centre.begin()[0] == 0
    centre.feed.add(value())
    assert centre.run("follow", "--once")[0] == 0
    told = json.loads(centre.run("status")[1])
    assert (told["standing"], told["may_act"], told["lines"], told["pictures"]) == ("following", True, 2, 2)
    assert "2 lines lead to the root" in centre.run("verify")[1]


def test_a_feed_that_gives_nothing_is_an_error_and_what_was_stored_stands(centre: Centre) -> None:
    centre.begin()
    centre.server.cut_off.add("key-of-ours")
    code, said = centre.run("follow", "--once")
    assert code == 1
    assert "what was stored before stands" in said
    assert json.loads(centre.run("status")[1])["standing"] == "unreachable"


def test_a_folder_that_is_in_use_or_empty_is_named(centre: Centre) -> None:
    code, said = centre.run("follow", "--once")
    assert (code, "begin with --invitation" in said) == (1, True)
    assert centre.run("status")[0] == 1
    centre.begin()
    code, said = centre.begin()
    assert (code, "is not empty" in said) == (1, True)


def test_an_invitation_that_is_none_is_named(centre: Centre) -> None:
    centre.invitation.write_text("{}")
    code, said = centre.begin()
    assert (code, "ask the centre for a new one" in said) == (1, True)
    assert not Path(centre.folder).exists()
