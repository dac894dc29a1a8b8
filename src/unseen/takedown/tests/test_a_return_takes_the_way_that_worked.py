"""What was removed and is back: the addressee, channel and law that ended it before go first; the record is told."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from unseen.casework.models import Item
from unseen.domain.item import NoticeState
from unseen.domain.ladder import Earlier
from unseen.domain.limits import WATCH_EVERY, WATCH_STRETCH_MAX
from unseen.domain.notice import Rung
from unseen.evidence.actions import keep
from unseen.keys.centre import NOBODY
from unseen.takedown import queries
from unseen.takedown.channels import packet
from unseen.takedown.compose import compose
from unseen.takedown.directory.directory import Directory
from unseen.takedown.directory.load import load_directory
from unseen.takedown.models import Notice
from unseen.takedown.tests.lives import a_case, found_copy
from unseen.takedown.tests.outside import (
    HOST,
    NOON,
    PLATFORM,
    REGULATOR,
    Outside,
    a_reported_item,
    outside_of,
    pass_time,
)
from unseen.takedown.tests.parties import party_text
from unseen.takedown.texts import Answer

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
HOUR = timedelta(hours=1)


def asked(item: Item, round_: int) -> list[tuple[str, str]]:
    rows = queries.in_order(Notice.objects.filter(item=item))
    return [(one.rung, one.to) for one in rows if one.round == round_]


def removed_by_the_host(outside: Outside) -> Item:
    """Two notices to the platform, one to its host; gone, closed, and back after ten days."""
    outside.removes = {HOST: (1, 5 * HOUR)}
    item = a_reported_item()
    pass_time(NOON, days=8)
    item.refresh_from_db()
    assert item.outcome == "removed"
    outside.back_at = NOON + timedelta(days=10)
    return item


def test_the_host_that_ended_it_is_asked_at_once_and_the_platform_last(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside:
        item = removed_by_the_host(outside)
        pass_time(NOON + timedelta(days=8), days=40)
        first_round = [("platform", PLATFORM), ("platform_final", PLATFORM), ("host", HOST)]
        assert asked(item, 1) == first_round
        assert asked(item, 2) == [("host", HOST), ("regulator", REGULATOR), *first_round[:2]]


def test_the_facts_of_the_row_equal_those_that_the_domain_carries_on(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside:
        item = removed_by_the_host(outside)
        pass_time(NOON + timedelta(days=8), days=9)
        item.refresh_from_db()
        assert item.round == 2
        assert queries.facts_of(item).earlier == Earlier((Rung.HOST,), 3)


def test_the_notice_says_that_it_was_removed_and_is_back(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside:
        item = removed_by_the_host(outside)
        pass_time(NOON + timedelta(days=8), days=9)
        body = " ".join(Notice.objects.get(item=item, round=2, rung="host").body.split())
        assert "had been removed after an earlier notice of ours" in body
        assert "After this notice the material was removed." in body
        assert "we asked that service to remove it" not in body.lower()


def test_a_second_return_still_begins_with_the_strongest(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside:
        item = removed_by_the_host(outside)
        outside.removes = {HOST: (2, 5 * HOUR)}
        pass_time(NOON + timedelta(days=8), days=14)
        item.refresh_from_db()
        assert (item.round, item.outcome) == (2, "removed")
        outside.back_at = NOON + timedelta(days=24)
        pass_time(NOON + timedelta(days=22), days=30)
        assert asked(item, 3)[0] == ("host", HOST)


def test_what_was_removed_is_watched_for_years_and_never_without_a_due_time(tmp_path: Path) -> None:
    with outside_of(tmp_path) as outside:
        outside.removes = {PLATFORM: (1, 5 * HOUR)}
        item = a_reported_item()
        now = NOON
        for _ in range(12):
            now = pass_time(now, days=90)
            item.refresh_from_db()
            assert item.due_at is not None
            assert now < item.due_at <= now + WATCH_EVERY * (1 + WATCH_STRETCH_MAX)
        looks = item.rechecks.count()
        assert 14 <= looks <= 25


@pytest.fixture
def known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Directory:
    """A platform with two channels, bound by two laws of equal standing, and two search engines."""
    folder = tmp_path / "own"
    folder.mkdir()
    one = '{kind = "email", address = "abuse@%s.test"}'
    rows = {
        "prompt": ("platform", '"eu-dsa-16", "kr-tba-22-5"', f"{one % 'first'}, {one % 'second'}"),
        "find": ("search", "", one % "find"),
        "seek": ("search", "", one % "seek"),
    }
    for key, (kind, laws, channels) in rows.items():
        text = party_text(key, kind, laws=laws, channels=channels)
        (folder / f"{key}.toml").write_text(text, "utf-8")
    directory = load_directory([folder], shipped_parties=False)
    monkeypatch.setattr(queries, "directory", lambda: directory)
    return directory


@pytest.mark.parametrize("law", ["eu-dsa-16", "kr-tba-22-5"])
@pytest.mark.parametrize("to", ["abuse@first.test", "abuse@second.test"])
def test_channel_and_law_are_those_that_worked(to: str, law: str, known: Directory) -> None:
    item = a_returned_item()
    received(item, Rung.PLATFORM, "prompt", to, law)
    addressee = queries.addressee_of(item, Rung.PLATFORM)
    assert addressee is not None
    assert addressee.address_or_endpoint == to
    composed = compose(item, Rung.PLATFORM, addressee, known, settings.UNSEEN, NOON + 2 * HOUR)
    assert composed.laws.primary.id == law


@pytest.mark.parametrize("key", ["find", "seek"])
def test_of_several_on_a_rung_the_one_that_worked_is_asked_first_and_then_the_others(
    key: str, known: Directory
) -> None:
    item = a_returned_item()
    received(item, Rung.SEARCH, key, f"abuse@{key}.test", "host-abuse")
    first = queries.addressee_of(item, Rung.SEARCH)
    received(item, Rung.SEARCH, key, f"abuse@{key}.test", "host-abuse", round_=2)
    second = queries.addressee_of(item, Rung.SEARCH)
    assert first is not None
    assert second is not None
    assert (first.party_key, second.party_key) == (key, "seek" if key == "find" else "find")


def a_returned_item() -> Item:
    item = found_copy(a_case(), "http://prompt.test/p/1")
    Item.objects.filter(pk=item.pk).update(round=2)
    item.refresh_from_db()
    return item


def received(item: Item, rung: Rung, addressee: str, to: str, law: str, round_: int = 1) -> None:
    """A notice of that round that they provably have."""
    Notice.objects.create(
        item=item,
        round=round_,
        rung=rung,
        addressee=addressee,
        channel="email",
        to=to,
        laws=[law],
        language="en",
        subject="s",
        body="b",
        state=NoticeState.SENT,
        made_at=NOON,
        received_at=NOON,
        deadline_at=NOON + HOUR,
        deadline_law=law,
        deadline_law_version="1",
        proof=keep("delivery", "250", NOBODY, NOON),
    )


def test_the_packet_for_machines_knows_every_answer() -> None:
    schema = json.loads((Path(packet.__file__).parent / "packet.schema.json").read_text("utf-8"))
    text = json.dumps(schema)
    for word in Answer:
        assert f'"{word}"' in text, word
