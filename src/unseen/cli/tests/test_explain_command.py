import pytest
import typer
from typer.testing import CliRunner, Result

from unseen.cli.explain import explain
from unseen.takedown import queries
from unseen.takedown.tests.lives import LOCATION, removed_copy, small_directory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def made_up_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    directory = small_directory()
    monkeypatch.setattr(queries, "directory", lambda: directory)


def run(*words: str) -> Result:
    app = typer.Typer()
    app.command()(explain)
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, list(words))


def test_the_life_of_an_item_is_printed_with_what_is_next() -> None:
    item = removed_copy(LOCATION)
    told = run(str(item.pk))
    assert told.exit_code == 0
    for words in (
        LOCATION,
        "Prompt Pictures",
        "Closed, outcome: removed.",
        "Why: Every vantage found it gone, at least 2 vantages in at least 2 countries prove it",
        "Next, at ",
    ):
        assert words in told.output
    assert run(item.reference).output == told.output


def test_the_place_in_the_code_is_told_only_when_asked_for() -> None:
    item = removed_copy(LOCATION)
    assert ".py" not in run(str(item.pk)).output
    assert "[domain/schedule.py: gone]" in run(str(item.pk), "--where").output


@pytest.mark.parametrize("item", ["999999", "NOBODY", "[bold]x", "9" * 50])
def test_an_unknown_item_is_wrong_usage(item: str) -> None:
    told = run(item)
    assert told.exit_code == 2
    assert f"there is no item '{item}'" in told.output
