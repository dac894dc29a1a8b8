"""`unseen scan` names what matches and what cannot be read, and nothing else."""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from PIL import Image
from typer.testing import CliRunner, Result

from unseen.cli.reach import Pacer, vantage_of
from unseen.cli.scan import scan
from unseen.config.options import load
from unseen.fetch.tests.site import Site, running_site
from unseen.fingerprint import Ask, Forms, fingerprint
from unseen.matching.labelled import LabelledBank

pytestmark = pytest.mark.thorough

APP = typer.Typer()
APP.command()(scan)
VANTAGES = [
    {
        "name": "office",
        "address": "127.9.0.1",
        "country": "KR",
        "user_agent": "Unseen/0.1",
        "own_address": True,
    },
    {"name": "berlin", "address": "127.9.0.3", "country": "DE", "user_agent": "Mozilla/5.0"},
]


def picture(path: Path, turned: int = 0) -> Path:
    """A picture with enough in it to be told from others."""
    made = Image.effect_noise((64, 64), 90).resize((256, 256), Image.Resampling.BICUBIC)
    made.rotate(turned).save(path, quality=90)
    return path


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "unseen"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    held = tmp_path / "held"
    held.mkdir()
    picture(held / "a.jpg")
    picture(held / "b.png")
    return held


@pytest.fixture
def bank(tmp_path: Path, folder: Path) -> Path:
    kept = LabelledBank.open(tmp_path / "bank")
    kept.add([("wanted", fingerprint(str(folder / "a.jpg"), Ask(forms=Forms.BANK)))])
    return tmp_path / "bank"


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Site]:
    with running_site() as running:
        (tmp_path / "hosts").write_text("127.1.0.7 site.test\n")
        monkeypatch.setenv("UNSEEN_HOSTS_FILE", str(tmp_path / "hosts"))
        monkeypatch.setenv("UNSEEN_FETCH_ALLOW_NETWORKS", "127.0.0.0/8")
        monkeypatch.setenv("UNSEEN_FETCH_PORTS", f"80,443,{running.port}")
        monkeypatch.setenv("UNSEEN_VANTAGES", json.dumps(VANTAGES))
        yield running


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(APP, [str(argument) for argument in arguments])


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_only_what_matches_is_printed(folder: Path, bank: Path) -> None:
    result = run(folder, "--bank", bank, "--json")
    (line,) = lines(result)
    assert line["path"] == str(folder / "a.jpg")
    assert line["matches"] == [{"label": "wanted", "distance_bits": 0, "how": "full", "at_s": []}]
    assert (result.exit_code, result.stderr) == (0, "")


def test_what_cannot_be_read_is_named_and_stops_nothing(folder: Path, bank: Path) -> None:
    (folder / "0.jpg").write_bytes(b"")
    (folder / "notes.md").write_text("not media")
    result = run("/nowhere", folder, "--bank", bank, "--json")
    found = {line["path"]: line for line in lines(result)}
    assert found["/nowhere"]["error"]["code"] == "not_found"
    assert found[str(folder / "0.jpg")]["error"]["code"] == "empty"
    assert found[str(folder / "notes.md")]["error"]["code"] == "unsupported"
    assert found[str(folder / "a.jpg")]["matches"]
    assert result.exit_code == 1


def test_a_source_whose_name_is_too_long_is_named_once(folder: Path, bank: Path) -> None:
    result = run("x" * 300, folder, "--bank", bank)
    assert result.exit_code == 1
    assert result.stderr.count("x" * 300) == 1
    assert "File name too long" in result.stderr


def test_a_copy_on_a_page_is_found_with_its_page(folder: Path, bank: Path, site: Site) -> None:
    html = b'<a href="/p/1">1</a><img src="/m/b.png">'
    site.answers["/"] = lambda h: h.answer(200, html, Content_Type="text/html")
    site.answers["/p/1"] = lambda h: h.answer(200, b'<img src="/m/x">', Content_Type="text/html")
    site.answers["/m/x"] = lambda h: h.answer(200, (folder / "a.jpg").read_bytes(), Content_Type="image/jpeg")
    site.answers["/m/b.png"] = lambda h: h.answer(
        200, (folder / "b.png").read_bytes(), Content_Type="image/png"
    )
    result = run(site.at("/").text, "--bank", bank, "--json")
    (line,) = lines(result)
    assert (line["location"], line["page"]) == (site.at("/m/x").text, site.at("/p/1").text)
    assert result.exit_code == 0
    assert {request[2] for request in site.requests} == {"127.9.0.3"}


def test_without_json_a_table_shows_matches_and_failures_go_to_the_error_stream(
    folder: Path, bank: Path
) -> None:
    (folder / "0.jpg").write_bytes(b"")
    result = run(folder, "--bank", bank)
    assert "wanted" in result.stdout
    assert "0.jpg" not in result.stdout
    assert "0.jpg" in result.stderr
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--bank", "/nowhere"], "unseen bank add"),
        ([], "--bank"),
    ],
)
def test_wrong_usage_is_named_with_its_cure(tmp_path: Path, arguments: list[str], words: str) -> None:
    result = run(tmp_path, *arguments)
    assert result.exit_code == 2
    assert words in result.output


def test_without_ray_its_engine_is_wrong_usage_with_the_cure(
    folder: Path, bank: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    result = run(folder, "--bank", bank, "--engine", "ray")
    assert result.exit_code == 2
    assert "unseen[ray]" in result.output


def test_the_level_deep_needs_a_bank_with_local_features(folder: Path, bank: Path) -> None:
    result = run(folder, "--bank", bank, "--level", "deep")
    assert result.exit_code == 1
    assert "--deep" in result.output


def test_level_compatible_tries_no_part_of_a_picture(folder: Path, bank: Path) -> None:
    with Image.open(folder / "a.jpg") as image:
        page = Image.new("RGB", (3 * image.width, 4 * image.height), "white")
        page.paste(image, (image.width, image.height // 2))
        page.save(folder / "c.png")
    everything = {line["path"] for line in lines(run(folder, "--bank", bank, "--json"))}
    plain = {line["path"] for line in lines(run(folder, "--bank", bank, "--json", "--level", "compatible"))}
    assert everything - plain == {str(folder / "c.png")}


def test_a_scan_that_ends_leaves_no_record(folder: Path, bank: Path, state: Path) -> None:
    (folder / "0.jpg").write_bytes(b"")
    run(folder, "--bank", bank)
    assert list(state.iterdir()) == []


def test_a_scan_whose_record_cannot_be_kept_says_so_and_goes_on(folder: Path, bank: Path) -> None:
    letter = folder.parent / "letter"
    letter.write_text("Dear all")
    result = run(folder, "--bank", bank, "--json", "--resume", letter, "--anew")
    assert "could not be resumed" in result.stderr
    assert len(lines(result)) == 1
    assert result.exit_code == 0
    assert letter.read_text() == "Dear all"


def test_a_wrong_option_in_the_environment_is_named(
    bank: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNSEEN_FETCH_PORTS", "many")
    result = run(folder, "--bank", bank)
    assert result.exit_code == 2
    assert "UNSEEN_FETCH_PORTS" in result.output


def test_a_scan_without_vantages_looks_like_a_browser() -> None:
    vantage = vantage_of(load({}))
    assert vantage.user_agent.startswith("Mozilla/5.0")
    assert vantage.source_address is None


def test_a_host_is_not_asked_faster_than_its_pace() -> None:
    at = [datetime(2026, 12, 1, tzinfo=UTC)]
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        at[0] += timedelta(seconds=seconds)

    pacer = Pacer(lambda: at[0], sleep)
    for _ in range(70):
        pacer.wait("site.test")
    assert sum(slept) == pytest.approx(2.0, abs=0.01)
