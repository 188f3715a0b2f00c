from django.db import migrations

from gemba.quality.records.store.schema import compare_bytes


class Migration(migrations.Migration):
    dependencies = [("collecting", "0005_stream_is_locked")]

    operations = [compare_bytes("collecting.Intake", "source")]
