"""Files that were brought, and what became of them. Both sealed: written once."""

from __future__ import annotations

from django.db import models

from gemba.quality.records.models import Attachment, Header
from gemba.quality.records.store.schema import RowId


class BroughtFile(models.Model):
    """A file that waits for the release of the characteristic that was made for it.

    ``reading`` is how it is read, as canonical JSON: the corrections, the columns of the values, what the
    other columns are for. ``readings`` counts what the person saw in it.
    """

    id = RowId(primary_key=True)
    tx = models.BigIntegerField()
    header = models.ForeignKey(Header, on_delete=models.PROTECT, related_name="+")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    reading = models.TextField()
    readings = models.BigIntegerField()
    points = models.BigIntegerField()
    actor = models.CharField(max_length=80)
    at = models.BigIntegerField()

    def __str__(self) -> str:
        return f"file {self.attachment_id} for {self.header_id}"


class TakenFile(models.Model):
    """What became of a brought file: every reading has one fate, or ``fault`` says why there are none."""

    id = RowId(primary_key=True)
    tx = models.BigIntegerField()
    brought = models.OneToOneField(BroughtFile, on_delete=models.PROTECT, related_name="taken")
    accepted = models.BigIntegerField()
    quarantined = models.BigIntegerField()
    refused = models.BigIntegerField()
    repeated = models.BigIntegerField()
    fault = models.TextField()
    at = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.accepted} of file {self.brought_id}"
