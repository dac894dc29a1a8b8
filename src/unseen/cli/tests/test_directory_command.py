import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from unseen.cli.directory import app
from unseen.takedown.directory.tests.folder import HOST, PLATFORM, REGULATOR, write
from unseen.testing.internet import SmallRegistry

pytestmark = pytest.mark.thorough

RUN = CliRunner()


def test_check_says_that_the_shipped_files_are_right() -> None:
    result = RUN.invoke(app, ["check"])
    assert result.exit_code == 0
    assert "every file is right" in result.output


def test_check_names_the_file_the_field_and_the_cure(tmp_path: Path) -> None:
    write(tmp_path, prompt=PLATFORM)
    result = RUN.invoke(app, ["check", "--folder", str(tmp_path)])
    assert result.exit_code == 1
    assert "prompt.toml: host: there is no host 'prompt-hosting'. Cure:" in result.output


def test_show_tells_the_whole_ladder_and_whose_hours_they_are(tmp_path: Path) -> None:
    folder = write(tmp_path, prompt=PLATFORM, host=HOST, regulator=REGULATOR)
    result = RUN.invoke(app, ["show", "http://prompt.test/p/1", "--country", "KR", "--folder", str(folder)])
    assert result.exit_code == 0
    assert (
        "1. first notice to the platform: Prompt Pictures, by their notice service http://prompt.test:8001/notices, in "
        in result.output
    )
    assert "48 hours by law" in result.output
    assert "48 hours, our own target (the law sets no hours)" in result.output
    assert "3. notice to the hosting company: Prompt Hosting" in result.output
    assert "our own target (binds nobody by law)" in result.output


def test_show_is_honest_about_an_unknown_site() -> None:
    result = RUN.invoke(app, ["show", "https://who.example/p", "--country", "ZZ"])
    assert result.exit_code == 0
    assert "no file describes it" in result.output
    assert "Nobody can be asked yet" in result.output


def test_show_says_why_and_on_which_conditions() -> None:
    result = RUN.invoke(app, ["show", "https://t.me/somechannel/15"])
    for words in (
        "This location: one post (channel somechannel, message 15)",
        "why: who publishes it can end it at once",
        "only if the notice before it was not refused",
        "24 hours, our own target for this rung",
        "IT Rules 2021 (India), Rule 3(2)(b) (only persons in IN can invoke it)",
        "under the same laws as number 1",
        "Left out, because nobody is known: notice to the hosting company, notice to the delivery network",
        "No route is measured yet: the order is that of the rules.",
        "Only if a person chooses it: DMCA (USA), 17 U.S.C. § 512(c)(3): Last, and with a warning",
    ):
        assert words in result.output


def test_show_as_json_has_the_same_facts() -> None:
    result = RUN.invoke(app, ["show", "https://t.me/somechannel", "--json", "--country", "IN"])
    shown = json.loads(result.output)
    assert (shown["party_key"], shown["identifies"]) == ("telegram", "account")
    first = shown["rungs"][0]
    assert (first["rung"], first["by_a_person"], first["answer_hours"]) == ("platform", True, 2)
    assert [law["id"] for law in first["laws"]][:2] == ["in-it-3-2-b", "us-tida"]


@pytest.mark.django_db
def test_show_can_use_what_the_tables_measured() -> None:
    result = RUN.invoke(app, ["show", "https://t.me/somechannel/15", "--measured"])
    assert result.exit_code == 0
    assert "No route is measured yet" in result.output


def test_check_warns_of_entries_that_nobody_checked_for_long() -> None:
    result = RUN.invoke(app, ["check", "--stale-days", "1"])
    assert result.exit_code == 0
    assert "RDAP bootstrap files" in result.output


@pytest.fixture
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallRegistry]:
    """A registry on loopback, and options that know of nothing else."""
    with SmallRegistry() as registry:
        registry.serves("127.1.0.9", network="QUIET-NET", holder="Quiet Ltd", abuse="abuse@quiet.test")
        registry.holds("hidden.test", registrar="Names Inc", abuse="abuse@names.test")
        (tmp_path / "hosts").write_text("127.0.0.1 rdap.test\n127.1.0.9 hidden.test\n", "utf-8")
        for name, value in {
            "UNSEEN_DATA_DIR": tmp_path / "data",
            "UNSEEN_HOSTS_FILE": tmp_path / "hosts",
            "UNSEEN_RDAP_BOOTSTRAP": registry.write_bootstrap(tmp_path / "bootstrap"),
            "UNSEEN_FETCH_ALLOW_NETWORKS": "127.0.0.0/8",
            "UNSEEN_FETCH_PORTS": registry.port,
        }.items():
            monkeypatch.setenv(name, str(value))
        yield registry


def test_an_unknown_site_is_resolved_once_a_month_and_shown(outside: SmallRegistry) -> None:
    first = RUN.invoke(app, ["resolve", "http://hidden.test/p/1"])
    assert first.exit_code == 0, first.output
    assert "network: QUIET-NET (NL), held by Quiet Ltd; complaints to abuse@quiet.test" in first.output
    assert "registrar: Names Inc; complaints to abuse@names.test" in first.output
    asked = list(outside.asked)
    again = RUN.invoke(app, ["resolve", "http://hidden.test/q", "--json"])
    assert json.loads(again.output)["network_abuse"]["emails"] == ["abuse@quiet.test"]
    assert "QUIET-NET" in RUN.invoke(app, ["show", "http://hidden.test/p/1"]).output
    assert outside.asked == asked
    RUN.invoke(app, ["resolve", "http://hidden.test/q", "--fresh"])
    assert len(outside.asked) == 2 * len(asked)


def test_bootstrap_files_that_cannot_be_read_are_named(
    outside: SmallRegistry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNSEEN_RDAP_BOOTSTRAP", str(tmp_path / "nowhere"))
    result = RUN.invoke(app, ["resolve", "http://hidden.test/p/1"])
    assert result.exit_code == 1
    assert "take the file from IANA" in result.output


def test_a_resolved_site_is_saved_as_drafts_and_nothing_is_overwritten(
    outside: SmallRegistry, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    saved = RUN.invoke(app, ["resolve", "http://hidden.test/p/1", "--save", str(own)])
    assert saved.exit_code == 0, saved.output
    files = {file.name: file.read_text("utf-8") for file in (own / "platforms").iterdir()}
    assert set(files) == {"host-quiet-net.toml", "registrar-names-inc.toml", "hidden-test.toml"}
    assert RUN.invoke(app, ["check", "--folder", str(own)]).exit_code == 0
    shown = RUN.invoke(app, ["show", "http://hidden.test/p/1", "--folder", str(own)])
    assert "an address is known and not confirmed, so no machine writes to it" in shown.output
    RUN.invoke(app, ["resolve", "http://hidden.test/p/1", "--save", str(own)])
    assert files == {file.name: file.read_text("utf-8") for file in (own / "platforms").iterdir()}


def test_show_refuses_what_is_no_location() -> None:
    result = RUN.invoke(app, ["show", ""])
    assert result.exit_code == 2
    assert "give one URL" in result.output
