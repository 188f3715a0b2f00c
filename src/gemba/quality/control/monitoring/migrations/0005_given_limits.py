# Limits that a person gave stand on no points.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('monitoring', '0004_kinds'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='limitset',
            name='limitset_points',
        ),
        migrations.AlterField(
            model_name='limitset',
            name='stable',
            field=models.BooleanField(null=True),
        ),
        migrations.AddConstraint(
            model_name='limitset',
            constraint=models.CheckConstraint(condition=models.Q(('points__gte', 2), models.Q(('points', 0), ('stable__isnull', True)), _connector='OR'), name='limitset_points'),
        ),
    ]
