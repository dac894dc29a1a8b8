"""Promises 1 and 9 on the living tables: no media anywhere, and nothing that points to a person leaves them."""

import logging
import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime, time
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.db.models.functions import Length
from django.template import engines
from django.template.base import VariableNode
from django.template.loader_tags import BlockNode
from django.utils.module_loading import import_string

from unseen.domain.fingerprint import VARIANT_NAME
from unseen.evidence.models import Exhibit
from unseen.exchange.models import FeedEntry, FeedLine
from unseen.feed.lines import LINE, OPEN_BYTES
from unseen.hashbank.models import BankEntry
from unseen.intake.models import ReportedFingerprint, ReportedMaterial
from unseen.journal.models import Entry
from unseen.keys.box import SEALED_BYTES_MORE
from unseen.keys.queries import warmed
from unseen.statistics.promise import Verdict, named, verdict
from unseen.statistics.queries import PlatformRow

# What a report may leave behind. A new column here is a decision, so it is written down twice.
REPORT_COLUMNS = {
    "intake_report": {
        "id", "due_at", "lease_by", "lease_until", "received_at", "locator", "receipt_digest", "age_band",
        "may_share", "may_watch", "may_tell_police", "feed_due", "withdrawn_at", "banked_at", "unbanked_at", "destroyed_at",
        "cleared_at",
    },
    "intake_message": {"id", "report_id", "at", "from_centre", "text"},
    "intake_reportedmaterial": {"id", "report_id", "number", "kind"},
    "intake_reportedfingerprint": {"id", "material_id", "pdq", "quality", "variant", "at_s"},
    "intake_reportedlocation": {"id", "report_id", "text", "mark"},
    "hashbank_bankentry": {
        "id", "material_id", "pdq", "quality", "variant", "at_s", "added_at", "removed_at", "in_folder",
    },
}  # fmt: skip
PDQ_BYTES = 32
# JPEG, PNG, GIF, RIFF (WebP, AVI), ISO media (MP4, AVIF, HEIC), Matroska: as base64 at the start of a part, or raw.
_MEDIA_IN_TEXT = re.compile(
    r"(?:^|[\r\n]|base64,)[ \t]*(?:/9j/[0-9A-Za-z+/]{20}|iVBORw0KGgo|R0lGOD[dl]h|UklGR[0-9A-Za-z+/]{20}"
    r"|AAAA[0-9A-Za-z+/]{3}m?Z0eX[0-9A-Za-z+/]{8}|GkXfo)"
    r"|\ufffdPNG\r?\n|GIF8[79]a|JFIF\x00|\ufffd\ufffd\ufffd\ufffd..JFIF|RIFF.{4}WEBP|ftyp(?:isom|mp4|avif|heic)"
)
_SECRET_WORDS = ("location", "url", "name", "receipt", "address", "email", "subject", "body", "words", "text")
_CANARY = "http://a-location.example/p/1"
_TITLE_VALUES = {"item.pk"}  # a number of ours; nothing else may stand in a title
# What a line may say: no case, no time of report, nothing that links two entries.
LINE_FIELDS = (
    *("sequence", "entry", "operation", "kind", "quality", "level", "action", "reserved", "part", "at_ms"),
    *("expires", "salt", "value"),
)


def the_picture_stays_with_the_reporter(now: datetime) -> Verdict:
    """The tables of reports have only the columns they may have, fingerprints are 32 bytes, exhibits are text."""
    faults = list(_unexpected_columns())
    file_columns = (
        str(column)
        for model in apps.get_models()
        for column in model._meta.fields  # noqa: SLF001 - Django's documented way to a model's columns
        if isinstance(column, models.FileField)
    )
    faults += named("columns for files", list(file_columns))
    fingerprints = 0
    for rows in (ReportedFingerprint.objects, BankEntry.objects):
        for pk, pdq, variant in rows.values_list("pk", "pdq", "variant").iterator(chunk_size=5_000):
            fingerprints += 1
            if len(pdq) not in (0, PDQ_BYTES + SEALED_BYTES_MORE) or not VARIANT_NAME.fullmatch(variant):
                faults.append(f"{rows.model.__name__} {pk} holds more than a fingerprint")
    exhibits = 0
    for exhibit in warmed(Exhibit.objects.all()):
        exhibits += 1
        if _MEDIA_IN_TEXT.search(exhibit.words):
            faults.append(f"exhibit {exhibit.pk} holds media")
    materials = ReportedMaterial.objects.count()
    return verdict(
        f"{materials} materials as {fingerprints} fingerprints of {PDQ_BYTES} bytes; {exhibits} exhibits, all text",
        faults,
    )


def _unexpected_columns() -> Iterator[str]:
    with connection.cursor() as cursor:
        for table, allowed in REPORT_COLUMNS.items():
            found = {column.name for column in connection.introspection.get_table_description(cursor, table)}
            yield from (f"table {table} has a column {name}" for name in sorted(found - allowed))


def nothing_points_to_a_person(now: datetime) -> Verdict:
    """Lines have the fields that they may have, the journal has ids only, log lines are filtered, titles are neutral."""
    lines = FeedLine.objects.count()
    longer = FeedLine.objects.annotate(size=Length("open")).exclude(size=OPEN_BYTES)
    faults = named("feed lines that are not as specified", list(longer.values_list("pk", flat=True)))
    linking = FeedEntry.objects.exclude(expires_at__isnull=True).exclude(expires_at__time=time.min)
    faults += named(
        "feed entries that end at a time of their own", list(linking.values_list("pk", flat=True))
    )
    if LINE.names != LINE_FIELDS:
        faults.append("the feed has a new field")
    telling = Entry.objects.filter(data__contains="://").values_list("pk", flat=True)
    faults += named("journal entries with a location", list(telling))
    faults += _telling_logs()
    faults += [
        f"the statistics hold '{one.name}'" for one in fields(PlatformRow) if one.name in _SECRET_WORDS
    ]
    titles = list(_titles())
    faults += [f"a page title holds {value}" for _, values in titles for value in values - _TITLE_VALUES]
    return verdict(
        f"{lines} feed lines without a name, {Entry.objects.count()} journal entries, {len(titles)} neutral page titles",
        faults,
    )


def _telling_logs() -> list[str]:
    """Handlers whose formatter lets an address through, in the message or beside it."""
    keys = (*_SECRET_WORDS, "item_id", "platform", "error")
    formatters = settings.LOGGING["formatters"]
    faults = []
    for name, handler in settings.LOGGING["handlers"].items():
        made = formatters.get(handler.get("formatter"), {}).get("()")
        formatter = import_string(made)() if made else logging.Formatter("%(message)s")
        for logger in ("unseen.check", "django.request"):
            record = logging.LogRecord(logger, logging.ERROR, "", 0, "seen at %s", (_CANARY,), None)
            record.__dict__.update({key: _CANARY for key in keys if key != "name"})
            if _CANARY in formatter.format(record):
                faults.append(f"log handler '{name}' writes what a report says")
                break
    return faults


def _titles() -> Iterator[tuple[str, set[str]]]:
    """(template, expressions in its title) of every page of ours."""
    package = Path(__file__).parent.parent
    engine = engines["django"].engine  # type: ignore[attr-defined] # Django's own backend has it
    for file in sorted(package.glob("*/templates/**/*.html")):
        parsed = engine.from_string(file.read_text(encoding="utf-8"))
        blocks = parsed.nodelist.get_nodes_by_type(BlockNode)
        for block in (one for one in blocks if one.name == "title"):
            shown = block.nodelist.get_nodes_by_type(VariableNode)
            yield file.name, {str(node.filter_expression.var) for node in shown}
