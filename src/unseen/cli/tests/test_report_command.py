import json
import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from unseen.cli.report import report
from unseen.cli.withdraw import withdraw
from unseen.intake.models import Report, ReportedFingerprint
from unseen.intake.queries import report_of
from unseen.intake.tests.reports import PAGE, file_report, row_counts
from unseen.testing.media import FOLDER

PHOTO = FOLDER / "photos" / "red-barn.jpg"
VIDEO = FOLDER / "videos" / "stream-of-water.mp4"
pytestmark = [pytest.mark.django_db, pytest.mark.thorough]


def run(command: Callable[..., None], *arguments: str | Path) -> Result:
    app = typer.Typer()
    app.command()(command)
    return CliRunner().invoke(app, [str(each) for each in arguments])


def test_files_and_locations_are_filed_and_the_receipt_is_printed() -> None:
    result = run(report, PHOTO, VIDEO, "--location", PAGE, "--age-band", "adult", "--may-share")
    assert result.exit_code == 0, result.output
    filed = report_of(json.loads(result.stdout)["receipt"])
    assert filed is not None
    assert [material.kind for material in filed.materials.order_by("number")] == ["image", "video"]
    assert (filed.age_band, filed.may_share) == ("adult", True)
    assert ReportedFingerprint.objects.filter(variant="mirror", at_s__isnull=False).exists()
    assert (
        ReportedFingerprint.objects.filter(variant__startswith="mirror+crop:", at_s__isnull=True).count() > 10
    )
    assert "red-barn" not in str(list(ReportedFingerprint.objects.values())) + result.output


def damaged(folder: Path, name: str) -> Path:
    path = folder / name
    if name == "letter.txt":
        path.write_text("Dear all")
    elif name == "half.jpg":
        path.write_bytes(PHOTO.read_bytes()[:2_000])
    elif name == "empty.jpg":
        path.touch()
    return path


@pytest.mark.parametrize("name", ["none.jpg", "letter.txt", "half.jpg", "empty.jpg"])
def test_a_file_that_cannot_be_read_is_named_and_nothing_is_filed(name: str, tmp_path: Path) -> None:
    path = damaged(tmp_path, name)
    before = row_counts()
    result = run(report, PHOTO, path, "--location", PAGE)
    assert result.exit_code == 1
    assert str(path) in result.stderr
    assert result.stdout == ""
    assert row_counts() == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "the report is empty: give at least one fingerprint or one location"),
        (
            ["--location", "that forum"],
            "'that forum' is not a full web address; start it with http:// or https://",
        ),
        (
            ["--location", PAGE] + [f"--location={PAGE}{number}" for number in range(200)],
            "201 locations are more than",
        ),
    ],
)
def test_a_report_that_cannot_be_taken_says_what_to_do(arguments: list[str], words: str) -> None:
    result = run(report, *arguments)
    assert result.exit_code == 1
    assert words in result.stderr
    assert not Report.objects.exists()


def test_an_unknown_age_band_is_wrong_usage() -> None:
    result = run(report, "--location", PAGE, "--age-band", "young")
    assert result.exit_code == 2
    assert "--age-band" in result.stderr
    assert not Report.objects.exists()


def test_a_centre_that_cannot_be_reached_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    for address in (f"http://127.0.0.1:{port}", "centre.example", "ftp://centre.example", "http://[::"):
        result = run(report, "--location", PAGE, "--to", address)
        assert result.exit_code == 1, result.output
        assert f"{address}: the report was not taken" in result.stderr
        assert "check the address of the centre, or try again later" in result.stderr
    assert not Report.objects.exists()


class Answers(BaseHTTPRequestHandler):
    """A server that is no centre's intake."""

    words = b""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(201)
        self.send_header("Content-Length", str(len(self.words)))
        self.end_headers()
        self.wfile.write(self.words)

    def log_message(self, *arguments: object) -> None:
        """Keep quiet."""


@pytest.mark.parametrize("words", [b"<html>", b"[]", b"{}", b'"receipt"', b"null"])
def test_an_address_that_is_no_centre_is_named(words: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Answers, "words", words)
    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        address = f"http://127.0.0.1:{server.server_port}"
        asked = threading.Thread(target=server.handle_request)
        asked.start()
        result = run(report, "--location", PAGE, "--to", address)
        asked.join()
    assert result.exit_code == 1
    assert f"{address}: the report was not taken" in result.stderr


@pytest.mark.parametrize("receipt", ["", "0123-4567-89AB-CDEF-GH1J-KMNP"])
def test_a_receipt_that_opens_nothing_withdraws_nothing(receipt: str) -> None:
    file_report()
    result = run(withdraw, receipt)
    assert result.exit_code == 1
    assert "no report belongs to this receipt: check the letters and digits" in result.stderr
    assert not Report.objects.filter(withdrawn_at__isnull=False).exists()


def test_withdrawing_says_whether_it_was_the_first_time() -> None:
    receipt = file_report()[1].text
    first, second = run(withdraw, receipt), run(withdraw, receipt.lower())
    assert (first.exit_code, first.stdout) == (0, "Withdrawn. Nothing more will be sent.\n")
    assert (second.exit_code, second.stdout) == (0, "It was withdrawn before.\n")
    assert Report.objects.get().withdrawn_at is not None
