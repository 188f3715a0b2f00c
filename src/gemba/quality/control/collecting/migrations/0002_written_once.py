from django.db import migrations

from gemba.quality.records.store.schema import key_first, make_sequences, write_once


class Migration(migrations.Migration):
    dependencies = [("collecting", "0001_initial")]

    operations = [
        key_first("collecting_intake", "collecting_progress"),
        make_sequences("stream", "reading", "quarantined", "decision"),
        write_once("collecting_reading", "collecting_quarantined", "collecting_decision"),
    ]
