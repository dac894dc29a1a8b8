import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from django.conf import settings
from typer.testing import CliRunner, Result

from unseen.cli.notice import app
from unseen.domain.item import NoticeState
from unseen.takedown import queries
from unseen.takedown.channels.packet.pdf import FOLDER
from unseen.takedown.models import Notice
from unseen.takedown.tests.lives import LOCATION, NOON, a_case, deliver, found_copy, small_directory, step

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]


@pytest.fixture(autouse=True)
def made_up_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    directory = small_directory()
    monkeypatch.setattr(queries, "directory", lambda: directory)
    monkeypatch.setattr(settings, "UNSEEN", replace(settings.UNSEEN, signatory="Desk 4"))


def run(*words: object) -> Result:
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, [str(word) for word in words])


def test_a_preview_is_printed_and_nothing_is_stored() -> None:
    item = step(found_copy(a_case(), LOCATION), NOON)
    told = run("preview", item.reference)
    assert told.exit_code == 0
    for words in ("first notice to the platform: Prompt Pictures", LOCATION, "Subject: [Notice", "223a"):
        assert words in told.output
    assert not Notice.objects.exists()


def test_a_preview_for_machines_is_one_object_a_rung() -> None:
    item = step(found_copy(a_case(), LOCATION), NOON)
    (line,) = run("preview", item.pk, "--rung", "platform", "--json").output.splitlines()
    seen = json.loads(line)
    assert (seen["rung"], seen["channel"], seen["to"]) == ("platform", "email", "abuse@prompt.test")
    assert LOCATION in seen["parts"][1]["content"]


def test_a_packet_is_written_for_an_authority(tmp_path: Path) -> None:
    item = step(step(found_copy(a_case(), LOCATION), NOON), NOON)
    told = run("packet", item.pk, "--out", tmp_path, "--rung", "platform")
    assert told.exit_code == 0
    pdf, data = (Path(line) for line in told.output.splitlines())
    assert pdf.read_bytes().startswith(b"%PDF-")
    packet = json.loads(data.read_text("utf-8"))
    jsonschema.validate(packet, json.loads((FOLDER / "packet.schema.json").read_text("utf-8")))
    assert LOCATION in packet["locations"]
    assert packet["laws"][0]["hours"] == 48


def test_a_list_with_a_gap_sends_the_item_again(tmp_path: Path) -> None:
    item = step(step(found_copy(a_case(), LOCATION), NOON), NOON)
    notice = deliver(item, NOON)
    their_list = tmp_path / "list.txt"
    their_list.write_text(f"{LOCATION}\n\n{LOCATION}.jpg\n")
    assert "0 items missing" in run("loaded", item.pk, "--rung", "platform", "--list", their_list).output
    their_list.write_text(f"{LOCATION}\n")
    told = run("loaded", item.pk, "--rung", "platform", "--list", their_list)
    assert f"item {item.pk}: not loaded" in told.output
    notice.refresh_from_db()
    assert (notice.state, notice.edition) == (NoticeState.READY, 1)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("preview", "NOBODY"), 2),
        (("packet", "NOBODY", "--out", "."), 2),
        (("packet", "{item}", "--out", "."), 1),
        (("loaded", "{item}", "--rung", "host", "--list", "x"), 2),
        (("loaded", "{item}", "--rung", "platform", "--list", "/nowhere/list"), 1),
    ],
)
def test_what_cannot_be_done_is_said(words: tuple[str, ...], code: int) -> None:
    item = step(step(found_copy(a_case(), LOCATION), NOON), NOON)
    told = run(*(word.format(item=item.pk) for word in words))
    assert told.exit_code == code
    assert told.output.strip()
