"""The digest of an entry needs no index: as `previous` of the next it cannot be there twice."""

from django.db import migrations, models

from unseen.journal.append_only import only_grows

_GROWS = only_grows("journal_entry")


class Migration(migrations.Migration):

    dependencies = [("journal", "0002_only_grows")]

    operations = [
        # SQLite changes a column by writing the table anew, and forgets its triggers.
        migrations.RunPython(_GROWS.reverse_code, _GROWS.code),
        migrations.AlterField("entry", "digest", models.CharField(max_length=64)),
        _GROWS,
    ]
