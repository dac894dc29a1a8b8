"""Evidence refuses changes and removals in the database itself."""

from django.db import migrations

from unseen.journal.append_only import only_grows


class Migration(migrations.Migration):
    """Triggers on the exhibits."""

    dependencies = (("evidence", "0001_initial"),)
    operations = (only_grows("evidence_exhibit"),)
