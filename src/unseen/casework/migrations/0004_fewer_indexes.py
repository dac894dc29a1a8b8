"""Items keep only the indexes that a query uses and no other one replaces: each change of a row writes them all."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0003_due_in_order'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='item',
            name='came_back_from',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='casework.item'),
        ),
        migrations.AlterField(
            model_name='item',
            name='case',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='casework.case'),
        ),
        migrations.AlterField(
            model_name='item',
            name='person',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='item',
            name='reference',
            field=models.CharField(max_length=12),
        ),
        migrations.AddIndex(
            model_name='item',
            index=models.Index(condition=models.Q(('person__isnull', False)), fields=['person'], name='item_by_person'),
        ),
        migrations.AddIndex(
            model_name='item',
            index=models.Index(condition=models.Q(('came_back_from__isnull', False)), fields=['came_back_from'], name='item_by_return'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.UniqueConstraint(fields=('reference',), name='item_reference_once'),
        ),
    ]
