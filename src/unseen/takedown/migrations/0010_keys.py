"""What notices say and where media were got is sealed under the key of the report; a reply knows its mail in the mailbox."""

import json

from django.db import migrations, models

from unseen.keys.box import EMPTY, Key
from unseen.keys.fields import SealedJson, SealedText
from unseen.keys.sealing import fill_column, marked, sealed_text

_NOTICE, _PLACE, _REPORT = ("takedown", "Notice"), ("takedown", "Place"), "item__case__report_id"


def sealed_particulars(key: Key, values: tuple[dict[str, object]]) -> bytes:
    """The object as JSON."""
    said = json.dumps(values[0], separators=(",", ":")).encode() if values[0] else b""
    return key.seal("takedown_notice.particulars", said) if said else EMPTY


def _renamed(name: str, column: models.Field) -> tuple[migrations.operations.base.Operation, ...]:
    return (
        migrations.RemoveField("Notice", name),
        migrations.RenameField("Notice", f"sealed_{name}", name),
        migrations.AlterField("Notice", name, column),
    )


class Migration(migrations.Migration):
    """The sealed columns take the place of the clear ones."""

    dependencies = (("takedown", "0007_fewer_indexes"), ("casework", "0010_keys"))
    operations = (
        migrations.AddField("Notice", "sealed_subject", models.BinaryField(null=True)),
        migrations.AddField("Notice", "sealed_body", models.BinaryField(null=True)),
        migrations.AddField("Notice", "sealed_particulars", models.BinaryField(null=True)),
        fill_column(_NOTICE, ("subject",), "sealed_subject", _REPORT, sealed_text("takedown_notice.subject")),
        fill_column(_NOTICE, ("body",), "sealed_body", _REPORT, sealed_text("takedown_notice.body")),
        fill_column(_NOTICE, ("particulars",), "sealed_particulars", _REPORT, sealed_particulars),
        *_renamed("subject", SealedText()),
        *_renamed("body", SealedText()),
        *_renamed("particulars", SealedJson(default=dict)),
        migrations.RemoveConstraint("Place", "place_once"),
        migrations.AddField("Place", "sealed", models.BinaryField(null=True)),
        migrations.AddField(
            "Place", "mark", models.CharField(default="", editable=False, max_length=64), preserve_default=False
        ),
        fill_column(_PLACE, ("location",), "mark", _REPORT, marked),
        fill_column(_PLACE, ("location",), "sealed", _REPORT, sealed_text("takedown_place.location")),
        migrations.RemoveField("Place", "location"),
        migrations.RenameField("Place", "sealed", "location"),
        migrations.AlterField("Place", "location", SealedText()),
        migrations.AddConstraint("Place", models.UniqueConstraint(fields=("item", "mark"), name="place_once")),
        migrations.AddField("Reply", "file", models.CharField(blank=True, default="", max_length=255)),
    )
