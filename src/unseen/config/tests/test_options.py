import dataclasses
import json
from pathlib import Path

import pytest

from unseen.config.option_table import OPTIONS, Option
from unseen.config.options import OptionError, Options, load
from unseen.config.values import PostgresDatabase, SqliteDatabase

ORDINARY = {"UNSEEN_DATA_DIR": "/srv/unseen"}


def test_an_empty_environment_gives_the_defaults() -> None:
    options = load({})
    assert options.data_dir == Path.cwd() / "var"
    assert options.database == SqliteDatabase(Path.cwd() / "var" / "unseen.sqlite3")
    assert options.fetch_allow_networks == ()
    assert options.fetch_ports == (80, 443)
    assert options.may_fetch_media
    assert not options.debug


def test_every_field_has_one_row_in_the_same_order() -> None:
    assert [option.field for option in OPTIONS] == [field.name for field in dataclasses.fields(Options)]


@pytest.mark.parametrize("option", [option for option in OPTIONS if not option.example.startswith("(")])
def test_every_example_can_be_read(option: Option) -> None:
    option.parse(option.example)


def test_an_empty_variable_counts_as_unset() -> None:
    assert load({"UNSEEN_COUNTRY": "", "UNSEEN_SMTP": " "}) == load({})


def test_what_can_be_derived_is_derived() -> None:
    options = load({"UNSEEN_ORGANISATION_EMAIL": "notices@centre.example"})
    assert options.organisation_domain == "centre.example"
    assert options.smtp_sender == "notices@centre.example"


@pytest.mark.parametrize(
    ("variable", "value", "problem"),
    [
        ("UNSEEN_DEBUG", "maybe", "neither true nor false"),
        ("UNSEEN_BIND", "8000", "not address:port"),
        ("UNSEEN_BIND", "localhost:8000", "not an IP address"),
        ("UNSEEN_BIND", "127.0.0.1:99999", "not a port"),
        ("UNSEEN_COUNTRY", "kr", "two capital letters"),
        ("UNSEEN_ORGANISATION", "Centre\r\nBcc: x@y.example", "line break"),
        ("UNSEEN_ORGANISATION_EMAIL", "a b@centre.example", "not a mail address"),
        ("UNSEEN_ORGANISATION_EMAIL", "a@", "nothing after"),
        ("UNSEEN_SMTP", "http://mail.example", "starts with 'http:'"),
        ("UNSEEN_DKIM_KEY", "/nowhere/dkim.pem", "there is no file"),
        ("UNSEEN_DKIM_SELECTOR", "a b", "not a DNS name"),
        ("UNSEEN_DKIM_SELECTOR", "Unseen; h=x", "not a DNS name"),
        ("UNSEEN_PUBLIC_ADDRESS", "http://unseen.centre.example", "does not begin with https"),
        ("UNSEEN_PUBLIC_ADDRESS", "https://unseen.centre.example/desk", "more than"),
        ("UNSEEN_PUBLIC_ADDRESS", "https://me:x@unseen.centre.example", "more than"),
        ("UNSEEN_SMTP", "smtps://me:secret@mail.example", "contains a password"),
        ("UNSEEN_SMTP", "smtp://me@mail.example", "in the clear"),
        ("UNSEEN_FETCH_ALLOW_NETWORKS", "127.0.0.1/8", "not a network address"),
        ("UNSEEN_FETCH_PORTS", "80;443", "not a port"),
        ("UNSEEN_FETCH_PORTS", ",", "names no port"),
        ("UNSEEN_CLOCK", "file:relative", "neither 'system' nor"),
        ("UNSEEN_SCAN_EVERY_HOURS", "0", "whole number of hours"),
        ("UNSEEN_LOG_LEVEL", "LOUD", "not DEBUG"),
        ("UNSEEN_VANTAGES", "{", "not JSON"),
        ("UNSEEN_VANTAGES", "{}", "not a JSON list"),
        ("UNSEEN_VANTAGES", '[{"name": "office"}]', "no usable 'country'"),
        ("UNSEEN_SECRET_KEY", "short", "least that cannot be guessed"),
        ("DATABASE_URL", "mysql://x/y", "only sqlite: and postgresql:"),
        ("DATABASE_URL", "sqlite:relative", "sqlite:///"),
        ("DATABASE_URL", "postgresql://host", "name of one database"),
        ("DATABASE_URL", "postgresql://host:x/y", "port is not a number"),
        ("DATABASE_URL", "postgresql://host/y?ssl=1", "'ssl' after the '?'"),
        ("DATABASE_URL", "postgresql://me:pass#word@host/y", "name of one database"),
        ("UNSEEN_ORGANIZATION", "Centre", "did you mean UNSEEN_ORGANISATION?"),
        ("UNSEEN_SMTP", "smtp://[::1", "not well formed"),
    ],
)
def test_a_wrong_value_is_named_with_its_cure(variable: str, value: str, problem: str) -> None:
    with pytest.raises(OptionError) as caught:
        load({**ORDINARY, variable: value})
    message = str(caught.value)
    assert message.startswith(f"{variable}: ")
    assert problem in message
    assert "Cure: " in message


@pytest.mark.parametrize(
    ("variable", "value"),
    [("UNSEEN_SECRET_KEY", "too-short-Xyzzy"), ("DATABASE_URL", "postgresql://me:Xyzzy@host:nine/y")],
)
def test_a_wrong_secret_is_not_repeated_in_the_error(variable: str, value: str) -> None:
    with pytest.raises(OptionError) as caught:
        load({variable: value})
    assert "Xyzzy" not in str(caught.value)


def test_nothing_that_prints_the_options_prints_a_secret() -> None:
    environ = {
        "UNSEEN_SECRET_KEY": "Xyzzy" * 10,
        "DATABASE_URL": "postgresql://me:Xyzzy@host/y",
        "UNSEEN_SMTP": "smtps://me@mail.example",
        "UNSEEN_SMTP_PASSWORD": "Xyzzy",
    }
    options = load(environ)
    assert options.smtp_password.reveal() == "Xyzzy"
    shown = repr(options) + str(options) + "".join(str(getattr(options, row.field)) for row in OPTIONS)
    assert "Xyzzy" not in shown
    assert "***" in shown


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("Xyzzy\n")
    options = load({"UNSEEN_SMTP": "smtps://me@mail.example", "UNSEEN_SMTP_PASSWORD_FILE": str(file)})
    assert options.smtp_password.reveal() == "Xyzzy"


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe", b"x" * 5000])
def test_a_secret_file_that_cannot_be_used_is_named(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "password"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(OptionError, match="UNSEEN_SMTP_PASSWORD_FILE: the file"):
        load({"UNSEEN_SMTP_PASSWORD_FILE": str(file)})


def test_a_secret_is_not_given_twice(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="set together"):
        load({"UNSEEN_SMTP_PASSWORD": "a", "UNSEEN_SMTP_PASSWORD_FILE": str(tmp_path)})


def test_a_database_address_is_read_part_by_part() -> None:
    url = "postgresql://un%40seen:p%23w@db.centre.example:6432/unseen?sslmode=verify-full"
    database = load({"DATABASE_URL": url}).database
    assert isinstance(database, PostgresDatabase)
    assert (database.role, database.password.reveal()) == ("un@seen", "p#w")
    assert (database.host, database.port, database.name) == ("db.centre.example", 6432, "unseen")
    assert database.sslmode == "verify-full"


def test_a_database_address_may_name_a_socket_folder() -> None:
    database = load({"DATABASE_URL": "postgresql://unseen@/unseen?host=/run/postgresql"}).database
    assert database == PostgresDatabase(name="unseen", host="/run/postgresql", role="unseen")


def test_two_vantages_cannot_have_one_name() -> None:
    vantage = {"name": "office", "address": "127.9.0.1", "country": "KR", "user_agent": "Mozilla/5.0"}
    with pytest.raises(OptionError, match="named 'office'"):
        load({"UNSEEN_VANTAGES": json.dumps([vantage, vantage])})
