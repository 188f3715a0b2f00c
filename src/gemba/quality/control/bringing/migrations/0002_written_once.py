from django.db import migrations

from gemba.quality.records.store.schema import make_sequences, write_once


class Migration(migrations.Migration):
    dependencies = [("bringing", "0001_initial")]

    operations = [
        make_sequences("brought", "taken"),
        write_once("bringing_broughtfile", "bringing_takenfile"),
    ]
