import django.db.models.deletion
from django.db import migrations, models

from gemba.quality.records.store.schema import drop_foreign_key


class Migration(migrations.Migration):
    dependencies = [("collecting", "0004_beside")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[drop_foreign_key("collecting.StoredReading", "stream_id")],
            state_operations=[
                migrations.AlterField(
                    "storedreading",
                    "stream",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="collecting.stream",
                    ),
                ),
            ],
        ),
    ]
