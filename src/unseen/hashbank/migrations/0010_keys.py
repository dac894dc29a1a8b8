"""The fingerprints of the bank's rows are sealed under the key of their report."""

from django.db import migrations, models

from unseen.keys.fields import SealedBytes
from unseen.keys.sealing import fill_column, sealed_bytes


class Migration(migrations.Migration):
    """The sealed column takes the place of the clear one."""

    dependencies = (("hashbank", "0002_bank_removed"), ("intake", "0010_keys"))
    operations = (
        migrations.AddField("BankEntry", "sealed", models.BinaryField(null=True)),
        fill_column(
            ("hashbank", "BankEntry"), ("pdq",), "sealed", "material__report_id", sealed_bytes("hashbank_bankentry.pdq")
        ),
        migrations.RemoveField("BankEntry", "pdq"),
        migrations.RenameField("BankEntry", "sealed", "pdq"),
        migrations.AlterField("BankEntry", "pdq", SealedBytes()),
    )
