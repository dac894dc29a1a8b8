import pytest
from typer.testing import CliRunner, Result

from unseen.accounts.codes import key_words
from unseen.accounts.models import Staff
from unseen.cli.staff import app

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
GOOD = "a long and boring sentence"


def add(name: str, password: str) -> Result:
    return CliRunner().invoke(app, ["add", name, "--role", "caseworker"], input=f"{password}\n")


def test_a_person_is_added_with_the_password_from_the_pipe() -> None:
    result = add("haneul", GOOD)
    assert result.exit_code == 0
    assert result.stdout.endswith("haneul can log in now.\n")
    person = Staff.objects.get()
    assert person.check_password(GOOD)
    assert person.role == "caseworker"
    assert key_words(person.code_seed) in result.stdout


def test_a_lost_phone_gets_a_new_key_and_the_old_one_opens_nothing() -> None:
    add("haneul", GOOD)
    before = Staff.objects.get().code_seed
    result = CliRunner().invoke(app, ["renew", "haneul"])
    after = Staff.objects.get().code_seed
    assert before != after
    assert key_words(after) in result.stdout
    assert CliRunner().invoke(app, ["renew", "nobody"]).exit_code == 1


@pytest.mark.parametrize(
    ("name", "password"), [("haneul", "short"), ("haneul", ""), ("", GOOD), ("two words", GOOD)]
)
def test_a_weak_password_or_a_wrong_name_is_refused_with_the_reason(name: str, password: str) -> None:
    result = add(name, password)
    assert result.exit_code == 1
    assert len(result.stderr) > 20
    assert result.stdout == ""
    assert not Staff.objects.exists()


def test_a_name_is_given_once() -> None:
    add("haneul", GOOD)
    result = add("haneul", "another boring sentence")
    assert result.exit_code == 1
    assert "'haneul' can log in already: choose another name" in result.stderr
    assert Staff.objects.get().check_password(GOOD)


def test_a_password_that_is_no_text_is_refused() -> None:
    result = CliRunner().invoke(
        app, ["add", "haneul", "--role", "caseworker"], input=b"a long and \xff\xfe sentence\n"
    )
    assert result.exit_code == 1
    assert "'haneul' was not added: the name or the password is not UTF-8 text" in result.stderr
    assert not Staff.objects.exists()


def test_a_name_must_be_given() -> None:
    assert CliRunner().invoke(app, ["add"]).exit_code == 2


def test_an_account_is_closed_at_once() -> None:
    add("haneul", GOOD)
    result = CliRunner().invoke(app, ["close", "haneul"])
    assert (result.exit_code, Staff.objects.get().is_active) == (0, False)
    assert CliRunner().invoke(app, ["close", "nobody"]).exit_code == 1
