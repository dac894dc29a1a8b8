"""The locations of items are sealed under the key of their report, and found by a mark under the same key."""

from django.db import migrations, models

from unseen.keys.fields import SealedText
from unseen.keys.sealing import fill_column, marked, sealed_text

_ITEM, _REPORT = ("casework", "Item"), "case__report_id"


class Migration(migrations.Migration):
    """The sealed columns take the place of the clear ones."""

    dependencies = (("casework", "0004_fewer_indexes"), ("intake", "0010_keys"))
    operations = (
        fill_column(_ITEM, ("location", "media_location"), "location_key", _REPORT, marked),
        migrations.AddField("Item", "sealed", models.BinaryField(null=True)),
        migrations.AddField("Item", "sealed_media", models.BinaryField(null=True)),
        fill_column(_ITEM, ("location",), "sealed", _REPORT, sealed_text("casework_item.location")),
        fill_column(_ITEM, ("media_location",), "sealed_media", _REPORT, sealed_text("casework_item.media_location")),
        migrations.RemoveField("Item", "location"),
        migrations.RemoveField("Item", "media_location"),
        migrations.RenameField("Item", "sealed", "location"),
        migrations.RenameField("Item", "sealed_media", "media_location"),
        migrations.AlterField("Item", "location", SealedText()),
        migrations.AlterField("Item", "media_location", SealedText(default=str)),
    )
