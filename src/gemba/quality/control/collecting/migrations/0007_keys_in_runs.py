from django.db import migrations, models

from gemba.quality.records.store.schema import read_in_parts

ADD = 'ALTER TABLE "collecting_intake" ADD COLUMN "count" integer DEFAULT 1 NOT NULL'
DROP = 'ALTER TABLE "collecting_intake" DROP COLUMN "count"'


class Migration(migrations.Migration):
    dependencies = [("collecting", "0006_key_is_compared_by_bytes")]

    operations = [
        migrations.SeparateDatabaseAndState(  # Django would write the embedded table anew, with a row id
            database_operations=[migrations.RunSQL(ADD, DROP)],
            state_operations=[migrations.AddField("intake", "count", models.IntegerField(db_default=1))],
        ),
        read_in_parts("collecting.Intake", "digest"),
    ]
