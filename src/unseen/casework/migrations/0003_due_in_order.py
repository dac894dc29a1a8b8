"""The index of due rows holds the key too, so that the first of many that are due at one instant are found unsorted."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [("casework", "0002_location_key")]

    operations = [
        migrations.RemoveIndex(model_name="item", name="item_due"),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["due_at", "id"], name="item_due", condition=Q(due_at__isnull=False)),
        ),
    ]
