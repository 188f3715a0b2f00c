from django.db import models

from gemba.quality.records.models import Header


class Specimen(models.Model):
    header = models.OneToOneField(Header, on_delete=models.PROTECT, primary_key=True)
    weight = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    note = models.TextField(default="")


class Slice(models.Model):
    specimen = models.ForeignKey(Specimen, on_delete=models.PROTECT, related_name="slices")
    thickness = models.DecimalField(max_digits=12, decimal_places=4)
