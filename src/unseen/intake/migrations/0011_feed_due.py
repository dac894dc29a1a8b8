"""One mark instead of `shared_late`: whatever changes what the feed says of a report."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def mark(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Everything that may be shared is fed anew: the former feed is gone."""
    apps.get_model("intake", "Report").objects.filter(may_share=True).update(feed_due=True)


class Migration(migrations.Migration):
    dependencies = (("intake", "0010_keys"),)
    operations = (
        migrations.RemoveIndex("Report", "report_shared_late"),
        migrations.RemoveField("Report", "shared_late"),
        migrations.AddField("Report", "feed_due", models.BooleanField(default=False)),
        migrations.RunPython(mark, migrations.RunPython.noop),
        migrations.AddIndex(
            "Report",
            models.Index(fields=("id",), name="report_feed_due", condition=models.Q(("feed_due", True))),
        ),
    )
