"""A host's wish to wait belongs to the address that it saw, not to the name of a vantage.

Old rows name vantages: they are dropped, and the host says it again (a day is the longest that we obey).
"""

from typing import Any, ClassVar

from django.db import migrations, models


def forget(apps: Any, schema_editor: Any) -> None:
    """Drop the rows that name vantages."""
    apps.get_model("discovery", "Backoff").objects.all().delete()


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("discovery", "0001_initial")]

    operations: ClassVar[list[Any]] = [
        migrations.RunPython(forget, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name="backoff", name="backoff_once"),
        migrations.RenameField(model_name="backoff", old_name="vantage", new_name="seen_as"),
        migrations.AlterField(
            model_name="backoff", name="seen_as", field=models.CharField(max_length=300)
        ),
        migrations.AddConstraint(
            model_name="backoff",
            constraint=models.UniqueConstraint(fields=("host", "seen_as"), name="backoff_once"),
        ),
    ]
