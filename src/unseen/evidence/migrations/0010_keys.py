"""Exhibits are sealed: under the key of the report where a notice or a reply leads to it, else under the centre's own."""

import hashlib
import uuid

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from unseen.journal.append_only import only_grows
from unseen.keys.box import EMPTY
from unseen.keys.centre import NOBODY
from unseen.keys.fields import SealedText
from unseen.keys.queries import key_of

_GUARD = only_grows("evidence_exhibit")


def seal(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Every exhibit that is there already, with the digest of what is stored now."""
    reports: dict[uuid.UUID, uuid.UUID] = {}
    notices, replies = apps.get_model("takedown", "Notice").objects, apps.get_model("takedown", "Reply").objects
    reports |= dict(notices.exclude(proof=None).values_list("proof_id", "item__case__report_id"))
    reports |= dict(replies.exclude(notice=None).values_list("exhibit_id", "notice__item__case__report_id"))
    exhibits = apps.get_model("evidence", "Exhibit").objects
    for pk in list(exhibits.values_list("pk", flat=True)):
        said = exhibits.values_list("content", flat=True).get(pk=pk).encode()
        sealed = key_of(reports.get(pk, NOBODY)).seal("evidence_exhibit.content", said) if said else EMPTY
        exhibits.filter(pk=pk).update(sealed=sealed, digest=hashlib.sha256(sealed).hexdigest())


class Migration(migrations.Migration):
    """The guard of the table is lifted for this, and stands again afterwards."""

    dependencies = (("evidence", "0002_only_grows"), ("takedown", "0010_keys"))
    operations = (
        migrations.RunPython(_GUARD.reverse_code, migrations.RunPython.noop),
        migrations.AddField("Exhibit", "sealed", models.BinaryField(null=True)),
        migrations.RunPython(seal),
        migrations.RemoveField("Exhibit", "content"),
        migrations.RenameField("Exhibit", "sealed", "content"),
        migrations.AlterField("Exhibit", "content", SealedText()),
        _GUARD,
    )
