"""Each report has a key, and what it holds is sealed under it."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from unseen.keys.actions import make
from unseen.keys.fields import SealedBytes, SealedText
from unseen.keys.sealing import fill_column, marked, sealed_bytes, sealed_text


def make_keys(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """A key for every report that is there already."""
    reports = list(apps.get_model("intake", "Report").objects.values_list("pk", flat=True))
    if reports:
        make(reports)


class Migration(migrations.Migration):
    """Keys, sealed columns, and the marks of destruction."""

    dependencies = (("intake", "0003_consents_and_messages"), ("keys", "0001_initial"))
    operations = (
        migrations.AddField("Report", "destroyed_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("Report", "cleared_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddIndex(
            "Report",
            models.Index(
                fields=("withdrawn_at",),
                name="report_not_cleared",
                condition=models.Q(("cleared_at__isnull", True), ("withdrawn_at__isnull", False)),
            ),
        ),
        migrations.AddConstraint(
            "Report",
            models.CheckConstraint(
                condition=models.Q(
                    ("destroyed_at__isnull", True),
                    models.Q(("unbanked_at__isnull", False), ("withdrawn_at__isnull", False)),
                    _connector="OR",
                ),
                name="destroyed_after_withdrawal",
            ),
        ),
        migrations.RunPython(make_keys),
        migrations.RemoveConstraint("ReportedLocation", "location_once_per_report"),
        migrations.AddField("ReportedLocation", "sealed", models.BinaryField(null=True)),
        migrations.AddField(
            "ReportedLocation", "mark", models.CharField(default="", editable=False, max_length=64), preserve_default=False
        ),
        fill_column(("intake", "ReportedLocation"), ("text",), "mark", "report_id", marked),
        fill_column(
            ("intake", "ReportedLocation"), ("text",), "sealed", "report_id", sealed_text("intake_reportedlocation.text")
        ),
        migrations.RemoveField("ReportedLocation", "text"),
        migrations.RenameField("ReportedLocation", "sealed", "text"),
        migrations.AlterField("ReportedLocation", "text", SealedText()),
        migrations.AddConstraint(
            "ReportedLocation",
            models.UniqueConstraint(fields=("report", "mark"), name="location_once_per_report"),
        ),
        migrations.AddField("ReportedFingerprint", "sealed", models.BinaryField(null=True)),
        fill_column(
            ("intake", "ReportedFingerprint"),
            ("pdq",),
            "sealed",
            "material__report_id",
            sealed_bytes("intake_reportedfingerprint.pdq"),
        ),
        migrations.RemoveField("ReportedFingerprint", "pdq"),
        migrations.RenameField("ReportedFingerprint", "sealed", "pdq"),
        migrations.AlterField("ReportedFingerprint", "pdq", SealedBytes()),
    )
