import hashlib
from datetime import UTC, datetime
from typing import cast

import pytest
from django.db import DatabaseError, connection, transaction

from unseen.evidence.actions import CONTENT_CHARACTERS_MAX, keep
from unseen.evidence.models import Exhibit
from unseen.evidence.queries import first_altered_exhibit
from unseen.keys.centre import NOBODY, own_key

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def test_the_digest_is_that_of_the_stored_words() -> None:
    exhibit = Exhibit.objects.get(pk=keep("reply", "삭제했습니다\r\nok", NOBODY, NOON).pk)
    assert exhibit.content == "삭제했습니다\r\nok"
    stored = cast("bytes", Exhibit.objects.values_list("content", flat=True).get())
    assert exhibit.digest == hashlib.sha256(stored).hexdigest()
    assert "삭제".encode() not in stored
    assert first_altered_exhibit() is None


@pytest.mark.parametrize("hostile", ["a\x00b", "a\ud800b", "\x00", ""])
def test_hostile_words_are_kept_in_a_form_that_both_databases_hold(hostile: str) -> None:
    exhibit = Exhibit.objects.get(pk=keep("reply", hostile, NOBODY, NOON).pk)
    assert "\x00" not in exhibit.content
    assert len(exhibit.content) == len(hostile)
    assert first_altered_exhibit() is None


def test_what_is_too_long_is_cut_and_says_so() -> None:
    whole = keep("reply", "x" * CONTENT_CHARACTERS_MAX, NOBODY, NOON)
    cut = keep("reply", "x" * (CONTENT_CHARACTERS_MAX + 1), NOBODY, NOON)
    assert len(whole.content) == CONTENT_CHARACTERS_MAX
    assert cut.content == "x" * CONTENT_CHARACTERS_MAX + f"\n[cut: {CONTENT_CHARACTERS_MAX + 1} characters]"
    assert first_altered_exhibit() is None


@pytest.mark.parametrize("sql", ["UPDATE {} SET at = at", "DELETE FROM {}", "UPDATE {} SET content = ''"])
def test_the_database_refuses_to_change_or_remove_an_exhibit(sql: str) -> None:
    exhibit = keep("reply", "Thank you", NOBODY, NOON)
    with (
        pytest.raises(DatabaseError, match="evidence_exhibit only grows"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql.format("evidence_exhibit"))
    assert Exhibit.objects.get() == exhibit


def test_an_altered_exhibit_is_named() -> None:
    keep("reply", "one", NOBODY, NOON)
    second = keep("reply", "two", NOBODY, NOON)
    drop = "DROP TRIGGER evidence_exhibit_no_update"
    if connection.vendor == "postgresql":
        drop = "DROP TRIGGER evidence_exhibit_only_grows ON evidence_exhibit"
    with connection.cursor() as cursor:
        cursor.execute(drop)
    Exhibit.objects.filter(pk=second.pk).update(content=Exhibit.sealed_content("three", own_key()))
    assert first_altered_exhibit() == str(second.pk)
