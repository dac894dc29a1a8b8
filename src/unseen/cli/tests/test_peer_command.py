import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings
from typer.testing import CliRunner, Result

from unseen.cli import feed_keys, peer
from unseen.cli.feed_keys import app as keys_app
from unseen.cli.peer import app
from unseen.domain.fingerprint import Fingerprint
from unseen.exchange import views
from unseen.exchange.models import Peer
from unseen.exchange.tests.peer import PeerReader, work
from unseen.feed.signing import Signer
from unseen.intake.tests.reports import NOON, a_report, picture

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]


@pytest.fixture(autouse=True)
def centre(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (views, peer, feed_keys):
        monkeypatch.setattr(module, "now", lambda: NOON)
    settings.UNSEEN = replace(
        settings.UNSEEN, data_dir=tmp_path, public_address="https://unseen.centre.example"
    )


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def test_an_invitation_holds_all_that_a_replica_begins_with(tmp_path: Path) -> None:
    file = tmp_path / "platform.json"
    result = run("add", "Platform Example", "--invitation", file)
    assert result.exit_code == 0, result.output
    assert "stock `threatexchange`" in result.stderr
    told = json.loads(file.read_text())
    assert set(told) == {"unseen_invitation", "address", "feed", "keys", "api_key"}
    assert told["feed"] == Peer.objects.get().feed
    assert told["api_key"].startswith("unseen_")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert told["api_key"] not in str(Peer.objects.values().get())
    assert run("add", "Platform Example", "--invitation", tmp_path / "again.json").exit_code == 1
    assert not (tmp_path / "again.json").exists()
    assert "from V1 on, 0 lines" in run("list").output


def test_a_peer_that_signs_gets_no_key(tmp_path: Path) -> None:
    public = tmp_path / "public.txt"
    public.write_text(Signer.new().key(0).public.hex())
    file = tmp_path / "platform.json"
    assert run("add", "P", "--public-key", public, "--level-min", "V2", "--invitation", file).exit_code == 0
    assert json.loads(file.read_text())["api_key"] is None
    assert "signs its requests, from V2 on" in run("list").output


@pytest.mark.parametrize(
    "words", [("--level-min", "V4"), ("--scopes", "all"), ("--public-key", "nowhere.txt")]
)
def test_what_makes_no_sense_is_named_and_nothing_is_kept(words: tuple[str, str], tmp_path: Path) -> None:
    result = run("add", "P", "--invitation", tmp_path / "p.json", *words)
    assert result.exit_code == 2
    assert words[1].removesuffix(".txt") in result.stderr
    assert not Peer.objects.exists()


def test_a_revoked_peer_is_named_so() -> None:
    PeerReader("Platform Example")
    assert run("revoke", "Platform Example").exit_code == 0
    assert "revoked" in run("list").output
    assert run("revoke", "Platform Example").exit_code == 1
    assert run("revoke", "Nobody").exit_code == 1


def test_a_leaked_list_names_the_peer_and_no_other(tmp_path: Path) -> None:
    one, other = PeerReader("One Example"), PeerReader("Other Example")
    drawn = [Fingerprint(Signer.new().private, 90) for _ in range(5)]
    a_report(picture(*drawn), share=True)
    work()
    leaked = tmp_path / "leaked.csv"
    leaked.write_text("".join(f"x,{bytes(line['value']).hex().upper()}\n" for line in other.all()[:5]))
    one.all()
    told = run("trace", leaked).output
    assert "Other Example: " in told
    assert "One Example" not in told
    assert "once in 10^" in told
    leaked.write_text("\n".join(each.pdq.hex() for each in drawn))
    assert "None of 5" in run("trace", leaked).output
    leaked.write_text("nothing")
    assert run("trace", leaked).exit_code == 2


def test_keys_are_announced_before_they_sign() -> None:
    PeerReader("Platform Example")
    runner = CliRunner()
    assert runner.invoke(keys_app, ["list"]).output.count("signs,") == 1
    assert runner.invoke(keys_app, ["rotate"]).exit_code == 0
    told = runner.invoke(keys_app, ["list"]).output
    assert told.count("trusted until") == 2
    assert told.count("signs from") == 1
    assert "invited anew" in runner.invoke(keys_app, ["rotate", "--at-once"]).output
    assert runner.invoke(keys_app, ["list"]).output.count("trusted until") == 1
