import json
from pathlib import Path

import pytest
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from unseen.config.checks import SQLITE_EXPECTED, database_problems, options_problems
from unseen.config.options import load

VANTAGES: list[dict[str, object]] = [
    {
        "name": "office",
        "address": "127.9.0.1",
        "country": "KR",
        "user_agent": "Mozilla/5.0",
        "own_address": True,
    },
    {"name": "berlin", "address": "127.9.0.3", "country": "DE", "user_agent": "Mozilla/5.0"},
]


def ready(data_dir: Path, **changes: str) -> dict[str, str]:
    data_dir.chmod(0o700)
    return {
        "UNSEEN_DATA_DIR": str(data_dir),
        "UNSEEN_ORGANISATION": "Support Centre Example",
        "UNSEEN_SIGNATORY": "Head of the centre",
        "UNSEEN_ORGANISATION_EMAIL": "notices@centre.example",
        "UNSEEN_SMTP": "smtp://127.1.0.1:2525",
        "UNSEEN_INBOX": "/srv/in",
        "UNSEEN_SENT_ARCHIVE": "/srv/sent",
        "UNSEEN_VANTAGES": json.dumps(VANTAGES),
        "UNSEEN_FETCH_ALLOW_NETWORKS": "127.1.0.0/16",
        "UNSEEN_CLOCK": "file:/srv/clock",
        **changes,
    }


def ids(environ: dict[str, str]) -> list[str | None]:
    return [message.id for message in options_problems(load(environ))]


def vantages(**changes: str) -> str:
    return json.dumps([VANTAGES[0], {**VANTAGES[1], **changes}])


def test_a_centre_with_everything_set_has_no_problem(tmp_path: Path) -> None:
    assert ids(ready(tmp_path)) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"UNSEEN_ORGANISATION": ""}, ["unseen.W010"]),
        ({"UNSEEN_ORGANISATION_EMAIL": ""}, ["unseen.W010"]),
        ({"UNSEEN_SMTP": ""}, ["unseen.W011"]),
        ({"UNSEEN_SENT_ARCHIVE": ""}, ["unseen.W012"]),
        ({"UNSEEN_VANTAGES": ""}, ["unseen.W020"]),
        ({"UNSEEN_VANTAGES": vantages(country="KR")}, ["unseen.W020"]),
        ({"UNSEEN_VANTAGES": vantages(address="127.9.0.1", user_agent="M")}, ["unseen.W020", "unseen.E021"]),
        ({"UNSEEN_VANTAGES": json.dumps([*VANTAGES, {**VANTAGES[1], "name": "twin"}])}, ["unseen.E022"]),
        (
            {
                "UNSEEN_VANTAGES": json.dumps(
                    [*VANTAGES, {**VANTAGES[1], "name": "mobile", "user_agent": "M"}]
                )
            },
            [],
        ),
        ({"UNSEEN_VANTAGES": vantages(resolver="192.0.2.53")}, ["unseen.E031", "unseen.E032"]),
        ({"UNSEEN_VANTAGES": vantages(proxy="socks5://proxy.test:1080")}, ["unseen.E031", "unseen.E032"]),
        ({"UNSEEN_FETCH_ALLOW_NETWORKS": "10.0.0.0/8"}, ["unseen.E030"]),
        ({"UNSEEN_FETCH_ALLOW_NETWORKS": ""}, ["unseen.E032"]),
        ({"UNSEEN_VANTAGES": vantages(address="192.0.2.1")}, ["unseen.E031", "unseen.E032"]),
        ({"UNSEEN_VANTAGES": vantages(address="192.0.2.1"), "UNSEEN_CLOCK": ""}, ["unseen.E031"]),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, changes: dict[str, str], expected: list[str]) -> None:
    assert ids(ready(tmp_path, **changes)) == expected


def test_a_data_folder_that_cannot_be_written_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert ids(ready(tmp_path, UNSEEN_DATA_DIR=str(tmp_path / "file"))) == ["unseen.E001"]


def test_a_data_folder_that_all_may_read_is_named(tmp_path: Path) -> None:
    environ = ready(tmp_path)
    tmp_path.chmod(0o755)
    assert ids(environ) == ["unseen.W002"]


def test_every_problem_has_a_cure() -> None:
    messages = options_problems(
        load({"UNSEEN_DATA_DIR": "/proc/none", "UNSEEN_FETCH_ALLOW_NETWORKS": "10.0.0.0/8"})
    )
    assert len(messages) > 3
    assert all(message.hint and message.msg.endswith(".") for message in messages)


@pytest.mark.django_db
def test_the_database_in_force_keeps_what_it_was_told() -> None:
    assert database_problems(connection) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connections["default"].vendor != "sqlite", reason="pragmas are SQLite's")
def test_a_pragma_that_is_not_in_force_is_named(tmp_path: Path) -> None:
    other = weakened(tmp_path / "weak.sqlite3")
    try:
        assert [problem.id for problem in database_problems(other)] == ["unseen.E041"] * len(SQLITE_EXPECTED)
    finally:
        other.close()


def weakened(path: Path) -> BaseDatabaseWrapper:
    """A connection whose pragmas somebody dropped from the settings."""
    other = connection.copy("weak")
    other.settings_dict = {**connection.settings_dict, "NAME": str(path)}
    other.settings_dict["OPTIONS"] = {
        "init_command": "PRAGMA journal_mode=DELETE; PRAGMA synchronous=OFF; PRAGMA foreign_keys=OFF;"
    }
    other.connect()
    other.cursor().execute("PRAGMA foreign_keys=OFF")
    return other
