from django.db import migrations

from gemba.quality.records.store.schema import make_sequences, write_once


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]

    operations = [
        make_sequences("tx", "header", "version", "entry", "link", "linkend", "event", "signature"),
        write_once(
            "records_entry",
            "records_version",
            "records_seal",
            "records_link",
            "records_linkend",
            "records_event",
            "records_signature",
        ),
    ]
