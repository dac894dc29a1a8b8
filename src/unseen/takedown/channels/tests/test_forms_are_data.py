"""A form is a file: every shipped one is right, a wrong one is named, and a filling drops and cuts nothing."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from unseen.domain.batch import Limits
from unseen.takedown.channels.form.channel import FormChannel
from unseen.takedown.channels.form.forms import FOLDER, GENERIC, Form, FormField, FormFileWrong, form_for
from unseen.takedown.channels.form.task import task_of
from unseen.takedown.channels.tests.doors import an_envelope, options
from unseen.takedown.directory import load_directory
from unseen.takedown.directory.party import ChannelKind

MANY = tuple(f"http://forum.test/p/{number}" for number in range(7))
OWN = """
party = "forum"
source = "read on the page"
checked_on = 2026-11-01
confidence = "high"
[[fields]]
label = "Links"
value = "{locations}"
"""


def _form(*fields: FormField) -> Form:
    return Form("forum", fields, "made up", date(2026, 11, 1), "high")


def test_every_shipped_form_belongs_to_a_party_that_has_one() -> None:
    parties = load_directory().parties
    names = {file.stem for file in FOLDER.glob("*.toml")}
    assert {GENERIC, "cloudflare", "telegram"} <= names
    for name in names - {GENERIC}:
        assert form_for(name).party == name
        assert any(one.kind is ChannelKind.FORM for one in parties[name].channels), name
        assert form_for(name).source


def test_a_form_that_nobody_described_gets_every_part_of_the_notice() -> None:
    envelope = an_envelope("https://forum.test/report")
    shown = "\n".join(part.content for part in FormChannel(options()).preview(envelope).parts)
    for part in (envelope.body, envelope.reference, "Support Centre", *envelope.locations):
        assert part in shown


def test_a_centres_own_form_takes_the_place_of_ours(tmp_path: Path) -> None:
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms" / "forum.toml").write_text(OWN)
    (tmp_path / "forms" / "telegram.toml").write_text(OWN.replace('"forum"', '"telegram"'))
    assert [field.label for field in form_for("forum", tmp_path).fields] == ["Links"]
    assert [field.label for field in form_for("telegram", tmp_path).fields] == ["Links"]
    assert form_for("nobody", tmp_path).party == GENERIC


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("{locations}", "{location}", "no part location"),
        ("{locations}", "no place", "no field takes the locations"),
        ("{locations}", "{locations", "Links"),
        ('value = "{locations}"', 'value = "{locations}"\ncharacters_max = 0', "below 1"),
        ('value = "{locations}"', 'value = "{locations}"\nsize = 3', "size"),
        ('party = "forum"', "", "party"),
        ("[[fields]]", "[[field]]", "fields"),
        ('party = "forum"', "party = ", "Invalid value"),
        ("{locations}", "{locations.__class__}", "no part"),
    ],
)
def test_a_wrong_file_is_named_with_its_fault(tmp_path: Path, old: str, new: str, words: str) -> None:
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms" / "forum.toml").write_text(OWN.replace(old, new))
    with pytest.raises(FormFileWrong, match=words) as wrong:
        form_for("forum", tmp_path)
    assert "forum.toml" in str(wrong.value)


@pytest.mark.parametrize(
    ("limits", "room", "sizes"),
    [
        (Limits(), None, [7]),
        (Limits(3), None, [3, 3, 1]),
        (Limits(1), None, [1] * 7),
        (Limits(100), 50, [2, 2, 2, 1]),
        (Limits(100, None, 50), 10_000, [2, 2, 2, 1]),
        (Limits(100), 5, [1] * 7),
    ],
)
def test_a_form_is_filled_in_as_often_as_its_room_asks(
    limits: Limits, room: int | None, sizes: list[int]
) -> None:
    envelope = replace(an_envelope("https://forum.test/report"), locations=MANY, limits=limits)
    task = task_of(envelope, _form(FormField("Places", "{locations}", room)), options())
    assert [filling[0].value.count("\n") + 1 for filling in task.fillings] == sizes
    assert [place for filling in task.fillings for place in filling[0].value.split("\n")] == list(MANY)


def test_a_text_too_long_for_its_field_is_named_and_never_cut() -> None:
    envelope = replace(an_envelope("https://forum.test/report"), body="x" * 900)
    task = task_of(envelope, _form(FormField("Text", "{text}", 500)), options())
    (field,) = task.fillings[0]
    assert field.value == "x" * 900
    assert field.too_long_by == 400


def test_hostile_text_in_a_notice_is_no_template() -> None:
    envelope = replace(an_envelope("https://forum.test/report"), body="{organisation} {0} {locations.x}")
    task = task_of(envelope, _form(FormField("Text", "{text}")), options())
    assert task.fillings[0][0].value == "{organisation} {0} {locations.x}"
