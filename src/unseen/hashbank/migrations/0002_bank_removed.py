"""Withdrawn entries are found without reading the whole bank."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("hashbank", "0001_initial"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="bankentry",
            index=models.Index(
                condition=models.Q(("removed_at__isnull", False)), fields=["id"], name="bank_removed"
            ),
        ),
    ]
