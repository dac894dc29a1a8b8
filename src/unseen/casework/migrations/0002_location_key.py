"""A place stands once in a case, told by a key that both databases can index."""

import hashlib

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def key_of(location: str, media_location: str) -> str:
    """The key as it was made then."""
    return hashlib.sha256(f"{location}\n{media_location}".encode()).hexdigest()


def fill(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """The key of every item that is there already."""
    items = apps.get_model("casework", "Item").objects
    for pk, location, media_location in items.values_list("pk", "location", "media_location").iterator():
        items.filter(pk=pk).update(location_key=key_of(location, media_location))


class Migration(migrations.Migration):
    """The column, its values, and the constraint over it."""

    dependencies = (("casework", "0001_initial"),)
    operations = (
        migrations.AddField(
            "Item", "location_key", models.CharField(max_length=64, editable=False, default=""), preserve_default=False
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RemoveConstraint("Item", "one_item_per_location"),
        migrations.AddConstraint(
            "Item", models.UniqueConstraint(fields=("case", "location_key"), name="one_item_per_location")
        ),
    )
