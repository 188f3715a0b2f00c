from django.db import migrations

from gemba.quality.records.store.words import make_words


class Migration(migrations.Migration):
    dependencies = [("records", "0004_belongings")]

    operations = [make_words()]
