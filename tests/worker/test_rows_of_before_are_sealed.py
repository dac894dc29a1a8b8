"""A centre that ran before there were keys: the update seals what is there, and it reads the same."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from pytest_django import DjangoDbBlocker

from tests.own_database import own_database
from unseen.casework.models import Item
from unseen.evidence.models import Exhibit
from unseen.evidence.queries import first_altered_exhibit
from unseen.hashbank.models import BankEntry
from unseen.intake.models import ReportedFingerprint, ReportedLocation
from unseen.keys.centre import NOBODY
from unseen.takedown.models import Notice, Place

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="needs a database of its own"),
]
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
BEFORE = [
    ("intake", "0001_initial"),
    ("hashbank", "0002_bank_removed"),
    ("casework", "0003_due_in_order"),
    ("takedown", "0006_due_in_order"),
    ("evidence", "0002_only_grows"),
    ("discovery", "0002_backoff_by_address"),
]
PLACE, MEDIUM, ELSEWHERE = "http://a.test/canary-1", "http://a.test/canary-2.jpg", "http://b.test/canary-3"
PDQ = bytes(range(32))


@pytest.fixture
def database(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Path]:
    """At the state of before, and filled."""
    path = tmp_path / "own.sqlite3"
    with own_database(path, django_db_blocker, up_to=BEFORE):
        rows_of_before(MigrationExecutor(connection).loader.project_state(BEFORE).apps)
        yield path


def rows_of_before(apps: Any) -> None:
    def make(app: str, model: str, **values: object) -> Any:
        return apps.get_model(app, model).objects.create(**values)

    report = make("intake", "Report", received_at=NOON, locator="L", receipt_digest="x", age_band="adult")
    material = make("intake", "ReportedMaterial", report=report, number=1, kind="image")
    make("intake", "ReportedFingerprint", material=material, pdq=PDQ, quality=90, variant="original")
    make("intake", "ReportedLocation", report=report, text=PLACE)
    make("hashbank", "BankEntry", material=material, pdq=PDQ, quality=90, variant="original", added_at=NOON)
    case = make("casework", "Case", reference="C", report=report, country="KR", opened_at=NOON)
    item = make(
        "casework", "Item", reference="I", case=case, location=PLACE, media_location=MEDIUM, location_key="k",
        host="a.test", found_by="report", stage="notice", opened_at=NOON, due_at=NOON,
    )  # fmt: skip
    proof = make("evidence", "Exhibit", kind="delivery", at=NOON, content="250 canary-4", digest="d")
    make("evidence", "Exhibit", kind="reply", at=NOON, content="canary-5", digest="d")
    make(
        "takedown", "Notice", id=uuid.uuid4(), item=item, round=1, rung="platform", addressee="a", channel="email",
        to="abuse@a.test", laws=["x"], language="en", subject="canary-6", body="canary-7", state="ready",
        particulars={"items": 1, "record": ["canary-8"]}, made_at=NOON, proof=proof,
    )  # fmt: skip
    make("takedown", "Place", item=item, location=ELSEWHERE, seen_at=NOON)


def test_they_read_the_same_and_stand_in_clear_no_more(database: Path) -> None:
    assert b"canary" in _file(database)
    call_command("migrate", verbosity=0)
    item, notice = Item.objects.get(), Notice.objects.get()
    report = item.case.report_id
    assert [row.text for row in ReportedLocation.objects.all()] == [PLACE]
    assert [row.pdq for row in (ReportedFingerprint.objects.get(), BankEntry.objects.get())] == [PDQ, PDQ]
    assert (item.location, item.media_location, Place.objects.get().location) == (PLACE, MEDIUM, ELSEWHERE)
    assert (notice.subject, notice.body) == ("canary-6", "canary-7")
    assert notice.particulars == {"items": 1, "record": ["canary-8"]}
    exhibits = {one.kind: one for one in Exhibit.objects.all()}
    assert {kind: one.content for kind, one in exhibits.items()} == {
        "delivery": "250 canary-4",
        "reply": "canary-5",
    }
    assert _owners() == {"delivery": report, "reply": NOBODY}
    assert first_altered_exhibit() is None
    key = item.location_key
    item.save()
    assert item.location_key == key
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute("VACUUM")
    assert b"canary" not in _file(database)
    assert PDQ not in _file(database)


def test_exhibits_only_grow_again(database: Path) -> None:
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor, pytest.raises(Exception, match="evidence_exhibit only grows"):
        cursor.execute("DELETE FROM evidence_exhibit")


def _owners() -> dict[str, uuid.UUID]:
    rows: Any = Exhibit.objects.values_list("kind", "content")
    return {kind: sealed.owner for kind, sealed in rows}


def _file(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
