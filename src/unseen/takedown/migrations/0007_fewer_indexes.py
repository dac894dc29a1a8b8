"""Notices and what belongs to them keep only the indexes that a query uses and no other one replaces."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0004_fewer_indexes'),
        ('evidence', '0002_only_grows'),
        ('takedown', '0006_due_in_order'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='notice',
            name='notice_by_item',
        ),
        migrations.AlterField(
            model_name='attempt',
            name='notice',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='takedown.notice'),
        ),
        migrations.AlterField(
            model_name='finding',
            name='recheck',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='findings', to='takedown.recheck'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='carrier',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='carried', to='takedown.notice'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='item',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='casework.item'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='proof',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='evidence.exhibit'),
        ),
        migrations.AlterField(
            model_name='place',
            name='item',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='places', to='casework.item'),
        ),
        migrations.AlterField(
            model_name='recheck',
            name='item',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='rechecks', to='casework.item'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('carrier__isnull', False)), fields=['carrier'], name='notice_by_carrier'),
        ),
    ]
