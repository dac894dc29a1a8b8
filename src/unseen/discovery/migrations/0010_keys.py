"""Places that were read are remembered by marks under the centre's key; those of before are read once more."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def forget(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """The plain digests go: who guesses a location could ask them whether we read it."""
    apps.get_model("discovery", "SeenPlace").objects.all().delete()


class Migration(migrations.Migration):
    """Rows only."""

    dependencies = (("discovery", "0002_backoff_by_address"), ("keys", "0001_initial"))
    operations = (migrations.RunPython(forget, migrations.RunPython.noop),)
