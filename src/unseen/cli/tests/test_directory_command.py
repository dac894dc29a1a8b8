from pathlib import Path

from typer.testing import CliRunner

from unseen.cli.directory import app
from unseen.takedown.directory.tests.folder import HOST, PLATFORM, REGULATOR, write

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
        "1. first notice to the platform: Prompt Pictures by api http://prompt.test:8001/notices"
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


def test_show_refuses_what_is_no_location() -> None:
    result = RUN.invoke(app, ["show", ""])
    assert result.exit_code == 2
    assert "give one URL" in result.output
