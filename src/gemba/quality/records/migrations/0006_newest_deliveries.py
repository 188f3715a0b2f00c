from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0005_words")]

    operations = [
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["reaction", "state", "done_at"], name="delivery_newest"),
        )
    ]
