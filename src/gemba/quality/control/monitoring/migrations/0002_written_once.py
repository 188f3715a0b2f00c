from django.db import migrations

from gemba.quality.records.store.schema import make_sequences, write_once


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0001_initial")]

    operations = [
        make_sequences("monitoring_point", "monitoring_closing", "monitoring_stage"),
        write_once("monitoring_point", "monitoring_closing", "monitoring_stage"),
    ]
