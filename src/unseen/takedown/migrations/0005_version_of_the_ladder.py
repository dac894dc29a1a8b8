from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# Until now one ladder was shipped, and in it one rung had a target of our own.
_SHIPPED = "2026-11-22"


def _name_the_shipped_ladder(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    notices = apps.get_model("takedown", "Notice").objects
    of_ours = notices.filter(rung="platform_final", received_at__isnull=False, deadline_is_statutory=False)
    of_ours.update(deadline_ladder_version=_SHIPPED)


class Migration(migrations.Migration):
    dependencies = [
        ("takedown", "0004_findings"),
    ]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="deadline_ladder_version",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.AddField(
            model_name="notice",
            name="named",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.RunPython(_name_the_shipped_ladder, migrations.RunPython.noop),
    ]
