"""Moments are called by what their pages know them by."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("capa", "0001_initial")]

    operations = [
        migrations.RemoveIndex(model_name="capa", name="capa_window"),
        migrations.RenameField(model_name="capa", old_name="baseline_to", new_name="baseline_until"),
        migrations.RenameField(model_name="capa", old_name="window_starts", new_name="window_from"),
        migrations.RenameField(model_name="capa", old_name="window_ends", new_name="window_until"),
        migrations.AddIndex(
            model_name="capa",
            index=models.Index(
                condition=models.Q(("window_until__isnull", False)), fields=["window_until"], name="capa_window"
            ),
        ),
    ]
