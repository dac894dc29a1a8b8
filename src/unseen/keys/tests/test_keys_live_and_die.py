import uuid
from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import transaction

from unseen.domain.limits import OPEN_KEY_LASTS, OPEN_KEYS_MAX
from unseen.keys import actions, centre, queries
from unseen.keys.box import key_from
from unseen.keys.centre import NOBODY, WrongCentreKey
from unseen.keys.models import CaseKey
from unseen.keys.ring import RING, Ring

pytestmark = pytest.mark.django_db


def made() -> uuid.UUID:
    owner = uuid.uuid4()
    actions.make([owner])
    return owner


def test_a_key_is_the_same_when_it_is_read_from_the_table() -> None:
    owner = made()
    sealed = queries.key_of(owner).seal("t.c", b"words")
    RING.drop(owner)
    assert queries.key_of(owner).open("t.c", sealed) == b"words"


def test_the_table_holds_no_key_in_clear() -> None:
    with patch("os.urandom", lambda count: b"s" * count):
        owner = made()
    assert b"ssssssss" not in bytes(CaseKey.objects.get(pk=owner).wrapped)[12:]


def test_a_destroyed_key_is_gone_at_once() -> None:
    owner, other = made(), made()
    actions.destroy(owner)
    with pytest.raises(queries.KeyGone, match=f"the key of report {owner} is gone"):
        queries.key_of(owner)
    assert not queries.lives(owner)
    assert queries.key_of(other).owner == other


def test_a_destruction_that_is_rolled_back_leaves_the_key() -> None:
    owner = made()
    with transaction.atomic():
        actions.destroy(owner)
        transaction.set_rollback(True)
    assert queries.key_of(owner).owner == owner


def test_what_another_process_destroyed_is_used_for_a_short_time_only() -> None:
    owner, now_s = made(), [0.0]
    with patch.object(queries, "RING", Ring(lambda: now_s[0])):
        queries.key_of(owner)
        CaseKey.objects.filter(pk=owner).delete()
        now_s[0] = OPEN_KEY_LASTS.total_seconds() + 1
        with pytest.raises(queries.KeyGone):
            queries.key_of(owner)


def test_only_so_many_keys_are_kept_open() -> None:
    ring = Ring()
    first = uuid.uuid4()
    ring.put(key_from(first, b"k" * 32))
    for _ in range(OPEN_KEYS_MAX):
        ring.put(key_from(uuid.uuid4(), b"k" * 32))
    assert len(ring) == OPEN_KEYS_MAX
    assert ring.get(first) is None


def test_another_centre_key_opens_nothing_and_makes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = made()
    RING.drop(owner)
    monkeypatch.setattr(settings, "CENTRE_KEY", b"another centre's key, 32 bytes!!")
    centre._wrapping.cache_clear()
    try:
        with pytest.raises(WrongCentreKey, match="put the right file back"):
            queries.key_of(owner)
        with pytest.raises(WrongCentreKey):
            made()
    finally:
        monkeypatch.undo()
        centre._wrapping.cache_clear()


def test_what_belongs_to_nobody_is_sealed_by_the_centre() -> None:
    assert queries.key_of(NOBODY).owner == NOBODY
    assert not queries.lives(NOBODY)
