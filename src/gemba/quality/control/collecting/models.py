"""Streams, readings, keys, quarantine. Rows of readings and decisions are sealed: written once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import ClassVar

from django.db import models
from django.db.models import Q

from gemba.quality.control.collecting.reading import KINDS, PURPOSES, VALIDITIES
from gemba.quality.records.models import Header
from gemba.quality.records.store.schema import RowId


def _one_of(field: str, values: Iterable[str]) -> Q:
    """The field has one of the values; said by ``OR``, since ``IN`` costs SQLite 4 microseconds a row."""
    return reduce(or_, (Q(**{field: value}) for value in values))


class Stream(models.Model):
    """One characteristic on one combination of its stream keys, such as ``machine=M2;cavity=3``."""

    id = RowId(primary_key=True)
    characteristic = models.ForeignKey(Header, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=400, blank=True)
    created_at = models.BigIntegerField()

    class Meta:  # noqa: D106
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["characteristic", "key"], name="stream_once"),
        ]

    def __str__(self) -> str:
        return self.key


class StoredReading(models.Model):
    """A reading as it was taken: the text as typed, and what was made of it. Sealed.

    Whoever writes one holds its ``stream`` locked; the database looks for the stream where the progress of
    a source in it is written, not again for each reading.

    ``value`` is in the unit of the characteristic, ``text`` and ``unit`` are as typed. ``offset`` is the
    sender's distance from UTC in minutes. ``beside`` is what the value stands beside, as typed: the number
    inspected, or the nominal.
    """

    id = RowId(primary_key=True)
    tx = models.BigIntegerField()
    stream = models.ForeignKey(
        Stream, on_delete=models.PROTECT, db_index=False, db_constraint=False, related_name="+"
    )
    position = models.BigIntegerField()
    source = models.CharField(max_length=80)
    sequence = models.BigIntegerField()
    text = models.CharField(max_length=60)
    value = models.FloatField(null=True)
    unit = models.CharField(max_length=20)
    qualifier = models.CharField(max_length=2)
    measured_at = models.BigIntegerField(null=True)
    offset = models.IntegerField(null=True)
    received_at = models.BigIntegerField()
    actor = models.CharField(max_length=80)
    operator = models.CharField(max_length=80)
    gauge = models.CharField(max_length=80)
    lot = models.CharField(max_length=80)
    serial = models.CharField(max_length=80)
    subgroup = models.CharField(max_length=80)
    purpose = models.CharField(max_length=20)
    validity = models.CharField(max_length=10)
    kind = models.CharField(max_length=10)
    about = models.BigIntegerField(null=True)
    spec_version = models.IntegerField()
    verdict = models.CharField(max_length=10)
    context = models.TextField()
    note = models.TextField()
    beside = models.CharField(max_length=60, null=True)

    class Meta:  # noqa: D106
        db_table = "collecting_reading"
        indexes: ClassVar = [
            models.Index(fields=["stream", "position", "sequence"], name="reading_order"),
            models.Index(fields=["about"], condition=Q(about__isnull=False), name="reading_about"),
            models.Index(fields=["stream", "id"], condition=Q(purpose="re-inspection"), name="reading_again"),
            models.Index(fields=["gauge", "received_at"], condition=Q(gauge__gt=""), name="reading_gauge"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(source=""), name="reading_source"),
            models.CheckConstraint(condition=_one_of("kind", KINDS), name="reading_kind"),
            models.CheckConstraint(condition=_one_of("purpose", PURPOSES), name="reading_purpose"),
            models.CheckConstraint(condition=_one_of("validity", VALIDITIES), name="reading_validity"),
            models.CheckConstraint(
                condition=Q(kind="reading", about=None) | (~Q(kind="reading") & Q(about__isnull=False)),
                name="reading_about_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text} {self.unit}"


class Intake(models.Model):
    """The keys that were taken, with the digest of what came under each: exactly once.

    A row holds a run of keys, the ``count`` numbers of a source up to ``sequence``. Their digests lie one
    after the other in ``digest``; ``reading`` is the id of the last, the others have the ids before it.
    """

    pk = models.CompositePrimaryKey("source", "sequence")
    source = models.CharField(max_length=80)
    sequence = models.BigIntegerField()
    digest = models.BinaryField()
    reading = models.BigIntegerField(null=True)
    quarantine = models.BigIntegerField(null=True)
    count = models.IntegerField(db_default=1)


class Progress(models.Model):
    """How far a source has come in a stream (what has a lower number is late), and what it has brought."""

    pk = models.CompositePrimaryKey("stream", "source")
    stream = models.ForeignKey(Stream, on_delete=models.PROTECT, db_index=False, related_name="+")
    source = models.CharField(max_length=80)
    sequence = models.BigIntegerField()
    readings = models.BigIntegerField()
    nonconform = models.BigIntegerField()
    undecided = models.BigIntegerField()
    late = models.BigIntegerField()
    amendments = models.BigIntegerField()


class Quarantined(models.Model):
    """A reading that could not be taken, word for word, with every reason. Sealed."""

    id = RowId(primary_key=True)
    tx = models.BigIntegerField()
    source = models.CharField(max_length=80)
    sequence = models.BigIntegerField()
    received_at = models.BigIntegerField()
    actor = models.CharField(max_length=80)
    site = models.CharField(max_length=20)
    content = models.TextField()
    reasons = models.TextField()


class Decision(models.Model):
    """What a person did with a quarantined reading: released it, mended or not, or discarded it. Sealed."""

    id = RowId(primary_key=True)
    tx = models.BigIntegerField()
    quarantined = models.OneToOneField(Quarantined, on_delete=models.PROTECT, related_name="decision")
    action = models.CharField(max_length=10)
    actor = models.CharField(max_length=80)
    at = models.BigIntegerField()
    reason = models.TextField()
    mended = models.TextField()
    reading = models.BigIntegerField(null=True)


class Waiting(models.Model):
    """The quarantined readings that nobody has decided on: a person's work list."""

    quarantined = models.OneToOneField(
        Quarantined, on_delete=models.PROTECT, primary_key=True, related_name="waiting"
    )
    characteristic = models.CharField(max_length=80)
    site = models.CharField(max_length=20, blank=True)
    received_at = models.BigIntegerField()

    class Meta:  # noqa: D106
        indexes: ClassVar = [models.Index(fields=["site", "quarantined"], name="waiting_site")]
