"""The journal refuses changes and removals in the database itself (promise 7)."""

from django.db import migrations

from unseen.journal.append_only import only_grows


class Migration(migrations.Migration):
    """Triggers on the journal."""

    dependencies = (("journal", "0001_initial"),)
    operations = (only_grows("journal_entry"),)
