"""The index of due rows holds the key too, so that the first of many that are due at one instant are found unsorted."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [("takedown", "0005_version_of_the_ladder")]

    operations = [
        migrations.RemoveIndex(model_name="notice", name="notice_due"),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["due_at", "id"], name="notice_due", condition=Q(due_at__isnull=False)),
        ),
    ]
