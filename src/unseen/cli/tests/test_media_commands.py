"""The media commands print exactly the JSON of the design, name every failed input, and end with the right code."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from PIL import Image, ImageOps
from typer.testing import CliRunner, Result

from unseen.cli import media
from unseen.testing.media import FOLDER

pytestmark = pytest.mark.thorough

PHOTO = str(FOLDER / "photos" / "red-barn.jpg")
OTHER = str(FOLDER / "photos" / "caps.jpg")
VIDEO = str(FOLDER / "videos" / "stream-of-water.mp4")


def run(*arguments: str | Path) -> Result:
    app = typer.Typer()
    app.command("fingerprint")(media.fingerprint)
    app.command("match")(media.match)
    app.add_typer(media.bank, name="bank")
    return CliRunner().invoke(app, [str(each) for each in arguments])


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_fingerprint_prints_one_line_a_file_in_order(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear all")
    result = run("fingerprint", "--json", PHOTO, tmp_path / "letter.txt", VIDEO, tmp_path / "none.jpg")
    image, letter, video, none = lines(result)
    assert result.exit_code == 1
    assert list(image) == ["path", "kind", "width", "height", "sha256", "pdq", "quality", "variants"]
    assert (image["path"], image["kind"], image["width"], image["height"]) == (PHOTO, "image", 768, 512)
    assert image["variants"] == []
    assert list(letter) == ["path", "error"]
    assert (letter["error"]["code"], none["error"]["code"]) == ("unsupported", "not_found")
    assert list(video) == ["path", "kind", "duration_s", "sha256", "frames"]
    assert [list(frame) for frame in video["frames"]] == [["at_s", "pdq", "quality"]] * 3


def test_fingerprint_of_good_files_ends_with_zero_and_expands_folders() -> None:
    result = run("fingerprint", "--json", "--variants", FOLDER / "photos")
    assert result.exit_code == 0
    found = lines(result)
    assert [Path(each["path"]).name for each in found] == sorted(
        path.name for path in (FOLDER / "photos").iterdir()
    )
    assert all(len(each["variants"]) > 50 for each in found)
    assert list(found[0]["variants"][0]) == ["name", "pdq", "quality"]


def test_a_path_that_nothing_can_be_read_from_is_named(tmp_path: Path) -> None:
    for path in ("", "x" * 300, f"{tmp_path}/{'x' * 300}/a.jpg"):
        result = run("fingerprint", "--json", path)
        assert result.exit_code == 1
        assert [(each["path"], each["error"]["code"]) for each in lines(result)] == [(path, "not_found")]


def test_a_folder_that_may_not_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locked = tmp_path / "locked"
    locked.mkdir()
    (tmp_path / "photo.jpg").write_bytes(Path(PHOTO).read_bytes())
    scandir = os.scandir

    def refused(path: str) -> object:
        if str(path) == str(locked):
            raise PermissionError(13, "Permission denied", str(locked))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refused)  # the tests may run as root, whom nothing is locked to
    result = run("fingerprint", "--json", tmp_path)
    assert result.exit_code == 1
    assert [(Path(each["path"]).name, "error" in each) for each in lines(result)] == [
        ("locked", True),
        ("photo.jpg", False),
    ]


def test_a_table_for_people_shows_no_control_characters(tmp_path: Path) -> None:
    evil = tmp_path / "evil\x1b[2J[red].jpg"
    evil.write_bytes(Path(PHOTO).read_bytes())
    result = run("fingerprint", evil)
    assert result.exit_code == 0
    assert "\x1b" not in result.stdout
    assert "image" in result.stdout


def test_add_match_list_remove_verify(tmp_path: Path) -> None:
    bank, copy = tmp_path / "bank", tmp_path / "copy.jpg"
    assert run("bank", "add", "--bank", bank, "--label", "barn", PHOTO).exit_code == 0
    assert run("bank", "add", "--bank", bank, VIDEO).exit_code == 0
    with Image.open(PHOTO) as image:
        ImageOps.mirror(image.crop((50, 33, 718, 479))).save(copy, quality=60)
    result = run("match", "--json", "--bank", bank, copy, OTHER, VIDEO)
    edited, unrelated, film = lines(result)
    assert result.exit_code == 0
    assert list(edited) == ["path", "matches"]
    assert list(edited["matches"][0]) == ["label", "distance_bits", "how", "at_s"]
    assert edited["matches"][0]["label"] == "barn"
    assert edited["matches"][0]["how"].startswith(("mirror+crop:", "region"))
    assert unrelated["matches"] == []
    (shown,) = film["matches"]
    assert list(shown) == ["label", "distance_bits", "how", "at_s", "segments"]
    assert (shown["label"], shown["distance_bits"], shown["how"]) == (VIDEO, 0, "frame")
    assert shown["at_s"] == pytest.approx([0, 1, 2], abs=0.1)
    (segment,) = shown["segments"]
    assert list(segment) == ["from_s", "to_s", "bank_from_s", "bank_to_s", "speed"]
    assert list(segment.values()) == pytest.approx([0, 3, 0, 3, 1], abs=0.1)
    with Image.open(PHOTO) as image:
        image.crop((round(image.width * 0.08), 0, image.width, image.height)).save(copy, quality=60)
    (plain,) = lines(run("match", "--json", "--bank", bank, "--level", "compatible", copy))
    found = [(each["label"], each["how"]) for each in plain["matches"]]
    assert found == [("barn", "crop:8-0-0-0")], "one plain fingerprint against all forms"
    assert [each["label"] for each in lines(run("bank", "list", "--json", "--bank", bank))] == ["barn", VIDEO]
    assert run("bank", "verify", "--bank", bank).exit_code == 0
    assert run("bank", "remove", "--bank", bank, "barn").exit_code == 0
    assert lines(run("match", "--json", "--bank", bank, copy))[0]["matches"] == []


def test_the_level_deep_finds_what_was_turned_and_cut(tmp_path: Path) -> None:
    bank, copy = tmp_path / "bank", tmp_path / "copy.jpg"
    assert run("bank", "add", "--bank", bank, "--label", "barn", PHOTO).exit_code == 0
    refused = run("match", "--bank", bank, "--level", "deep", PHOTO)
    assert refused.exit_code == 1
    assert "unseen bank add --deep" in refused.stderr
    assert run("bank", "add", "--deep", "--bank", bank, "--label", "barn", PHOTO, VIDEO).exit_code == 0
    with Image.open(PHOTO) as image:
        ImageOps.mirror(image.rotate(12).crop((200, 120, 700, 460))).save(copy, quality=60)
    assert lines(run("match", "--json", "--bank", bank, copy))[0]["matches"] == []
    result = run("match", "--json", "--level", "deep", "--bank", bank, copy, PHOTO, OTHER, VIDEO, "none.jpg")
    turned, same, unrelated, film, none = lines(result)
    assert result.exit_code == 1
    assert [(each["label"], each["how"], each["at_s"]) for each in turned["matches"]] == [
        ("barn", "deep", [])
    ]
    assert [(each["how"], each["distance_bits"]) for each in same["matches"]] == [("full", 0)]
    assert unrelated["matches"] == []
    assert [each["label"] for each in film["matches"]] == ["barn"]
    assert none["error"]["code"] == "not_found"
    assert run("bank", "verify", "--bank", bank).exit_code == 0
    assert run("bank", "remove", "--bank", bank, "barn").exit_code == 0
    assert lines(run("match", "--json", "--level", "deep", "--bank", bank, copy))[0]["matches"] == []


def test_damaged_local_features_are_named(tmp_path: Path) -> None:
    run("bank", "add", "--deep", "--bank", tmp_path / "bank", PHOTO)
    for part in [
        *(tmp_path / "bank" / "deep").glob("*.bank"),
        tmp_path / "bank" / "deep" / "originals.jsonl",
    ]:
        whole = part.read_bytes()
        part.write_bytes(whole[:200] + bytes([whole[200] ^ 1]) + whole[201:])
        for command in (["bank", "verify"], ["match", "--level", "deep", PHOTO]):
            result = run(*command, "--bank", tmp_path / "bank")
            assert result.exit_code == 1
            assert part.name in result.stderr
        part.write_bytes(whole)


def test_adding_names_failed_inputs_and_keeps_the_good_ones(tmp_path: Path) -> None:
    flat = tmp_path / "flat.png"
    Image.new("RGB", (200, 200), (90, 90, 90)).save(flat)
    result = run("bank", "add", "--bank", tmp_path / "bank", flat, tmp_path / "none.jpg", PHOTO)
    assert result.exit_code == 1
    assert f"{flat}: too flat" in result.stderr
    assert f"{tmp_path / 'none.jpg'}: there is no such file" in result.stderr
    assert len(lines(run("bank", "list", "--json", "--bank", tmp_path / "bank"))) == 1


def test_a_damaged_bank_is_named_and_ends_with_one(tmp_path: Path) -> None:
    run("bank", "add", "--bank", tmp_path / "bank", PHOTO)
    part = next((tmp_path / "bank").glob("*.wal"))
    part.write_bytes(part.read_bytes()[:-1] + b"\0\0")
    for command in (["verify"], ["list"], ["remove", "x"]):
        result = run("bank", command[0], "--bank", tmp_path / "bank", *command[1:])
        assert result.exit_code == 1
        assert part.name in result.stderr
        assert "restore" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["fingerprint"],
        ["match", PHOTO],
        ["match", "--bank", "{}", "--level", "deep", PHOTO],
        ["match", "--bank", "{}/no", PHOTO],
        ["match", "--bank", "{}", PHOTO],
        ["bank", "list", "--bank", "{}/" + "x" * 300],
        ["bank", "add", "--bank", "{}/new", "--label", "", PHOTO],
    ],
)
def test_wrong_usage_ends_with_two(arguments: list[str], tmp_path: Path) -> None:
    assert run(*(each.format(tmp_path) for each in arguments)).exit_code == 2


def test_the_media_commands_import_no_django() -> None:
    script = "import sys, unseen.cli.media; sys.exit(any(name.startswith('django') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
