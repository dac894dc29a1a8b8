import base64
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import authenticate

from unseen.accounts import codes
from unseen.accounts.actions import add_passkey, add_staff, note_use
from unseen.accounts.models import Passkey, Role, Staff
from unseen.domain.limits import LOG_IN_FAILURES_MAX, LOG_IN_WAIT_MAX
from unseen.journal.models import Entry

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
STEP = timedelta(seconds=codes.STEP_S)
PASSWORD = "a long and boring sentence"
pytestmark = [pytest.mark.django_db, pytest.mark.thorough]


@pytest.fixture
def haneul(db: None) -> Staff:
    return add_staff("haneul", PASSWORD, NOON, Role.CASEWORKER)


def _let_in(at: datetime, *, code: str, password: str = PASSWORD) -> bool:
    return authenticate(None, username="haneul", password=password, code=code, now=at) is not None


@pytest.mark.parametrize(
    ("at_s", "code"),
    [(59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"), (2_000_000_000, "279037")],
)  # fmt: skip
def test_codes_are_those_of_the_standard(at_s: int, code: str) -> None:
    """RFC 6238, appendix B: its eight digits end in our six."""
    at = datetime.fromtimestamp(at_s, UTC)
    assert codes.code_at(b"12345678901234567890", codes.step_of(at)) == code


def test_the_key_is_shown_as_apps_read_it(haneul: Staff) -> None:
    shown = codes.key_words(haneul.code_seed).replace(" ", "")
    assert base64.b32decode(shown) == codes.key_of(haneul.code_seed)
    assert haneul.code_seed not in codes.key_uri("haneul", haneul.code_seed)
    assert f"secret={shown}" in codes.key_uri("haneul", haneul.code_seed)


def test_the_database_alone_makes_no_code(haneul: Staff, settings: object) -> None:
    before = codes.code_now(haneul.code_seed, NOON)
    settings.SECRET_KEY = "another centre"  # type: ignore[attr-defined] # pytest-django's fixture
    assert codes.code_now(haneul.code_seed, NOON) != before


def test_two_people_have_different_keys(haneul: Staff) -> None:
    other = add_staff("bo", PASSWORD, NOON)
    assert codes.key_of(haneul.code_seed) != codes.key_of(other.code_seed)


@pytest.mark.parametrize(("off", "opens"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_off(haneul: Staff, off: int, *, opens: bool) -> None:
    assert _let_in(NOON, code=codes.code_now(haneul.code_seed, NOON + off * STEP)) is opens


def test_a_code_works_once_and_no_earlier_one_after_it(haneul: Staff) -> None:
    now, before = (codes.code_now(haneul.code_seed, at) for at in (NOON, NOON - STEP))
    assert _let_in(NOON, code=now)
    assert not _let_in(NOON, code=now)
    assert not _let_in(NOON, code=before)


def test_a_wrong_password_uses_up_no_code(haneul: Staff) -> None:
    code = codes.code_now(haneul.code_seed, NOON)
    assert not _let_in(NOON, code=code, password="wrong")
    assert _let_in(NOON, code=code)


def test_neither_factor_is_enough_alone(haneul: Staff) -> None:
    code = codes.code_now(haneul.code_seed, NOON)
    assert authenticate(None, username="haneul", password=PASSWORD) is None
    assert authenticate(None, username="haneul", password=PASSWORD, now=NOON) is None
    assert authenticate(None, username="haneul", code=code, now=NOON) is None
    assert authenticate(None, username="nobody", password=PASSWORD, code=code, now=NOON) is None


def test_failures_wait_ever_longer_and_never_for_good(haneul: Staff) -> None:
    for _ in range(LOG_IN_FAILURES_MAX):
        assert not _let_in(NOON, code="000000")
    assert not _let_in(NOON, code=codes.code_now(haneul.code_seed, NOON))
    later = NOON + LOG_IN_WAIT_MAX
    for _ in range(40):
        _let_in(later, code="000000")
        later += LOG_IN_WAIT_MAX
    assert _let_in(later, code=codes.code_now(haneul.code_seed, later))


def test_each_log_in_is_in_the_journal(haneul: Staff) -> None:
    assert _let_in(NOON, code=codes.code_now(haneul.code_seed, NOON))
    entry = Entry.objects.order_by("-pk")[0]
    assert (entry.tag, entry.subject_id, entry.data) == (
        "staff:desk:entered",
        str(haneul.pk),
        '{"by":"code"}',
    )


def test_somebody_who_left_is_let_in_by_nothing(haneul: Staff) -> None:
    key = add_passkey(haneul, b"id", b"public", NOON)
    Staff.objects.update(is_active=False)
    assert not _let_in(NOON, code=codes.code_now(haneul.code_seed, NOON))
    key = Passkey.objects.select_related("staff").get(pk=key.pk)
    assert authenticate(None, passkey=key, uses=1, now=NOON) is None


def test_a_key_that_was_copied_is_found_by_its_counter(haneul: Staff) -> None:
    key = add_passkey(haneul, b"id", b"public", NOON)
    assert [note_use(key, uses) for uses in (0, 5)] == [True, True]
    key.refresh_from_db()
    assert [note_use(key, uses) for uses in (5, 4, 0, 6)] == [False, False, False, True]
