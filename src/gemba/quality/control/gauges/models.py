"""The gauge with its calibrations and its impact list. No verbs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from gemba.quality.control.gauges.words import ANSWERS, HOLDERS, VERDICTS
from gemba.quality.records.models import Header
from gemba.stats.results import N_


def _number(label: str) -> models.DecimalField[Any, Any]:
    """A decimal that both databases give back exactly."""
    return models.DecimalField(label, max_digits=15, decimal_places=9, null=True)


def _choices(words: Mapping[str, str]) -> list[tuple[str, str]]:
    return list(words.items())


class Gauge(models.Model):
    """What it is, and what follows from its last calibration.

    ``home`` is its site, where its ``tag`` is unique; ``good_at`` is when it was last found or made good.
    Readings of ``closed_from`` and later may not be made with it; ``notice_at`` is when somebody is told that
    it is due, ``None`` once that was done. ``listed`` says that what its last failure touches is known.
    """

    header = models.OneToOneField(Header, on_delete=models.PROTECT, primary_key=True)
    home = models.CharField(max_length=20)
    tag = models.CharField(N_("Tag"), max_length=80)
    serial = models.CharField(N_("Serial number"), max_length=80, blank=True)
    kind = models.CharField(N_("Kind of gauge"), max_length=120, blank=True)
    maker = models.CharField(max_length=120, blank=True)
    belongs_to = models.CharField(max_length=10, default="own", choices=_choices(HOLDERS))
    location = models.CharField(max_length=120, blank=True)
    measuring_range = models.CharField(max_length=80, blank=True)
    resolution = _number(N_("Resolution"))
    permissible_error = _number(N_("Largest permissible error"))
    unit = models.CharField(max_length=20, default="mm")
    software = models.CharField(N_("Software version"), max_length=80, blank=True)
    restriction = models.TextField(N_("Use restricted to"), blank=True)
    interval_months = models.IntegerField(N_("Months between calibrations"), default=12)
    notice_days = models.IntegerField(N_("Days of notice before it is due"), default=30)
    laboratory = models.CharField(N_("Who calibrates it"), max_length=120, blank=True)
    calibrated_at = models.BigIntegerField(N_("Last calibration"), null=True)
    good_at = models.BigIntegerField(N_("Last found good"), null=True)
    next_due_at = models.BigIntegerField(N_("Next calibration due"), null=True)
    notice_at = models.BigIntegerField(null=True)
    closed_from = models.BigIntegerField(default=0)
    listed = models.BooleanField(default=True)

    class Meta:  # noqa: D106
        indexes: ClassVar = [
            models.Index(fields=["next_due_at"], name="gauge_due"),
            models.Index(fields=["notice_at"], condition=Q(notice_at__isnull=False), name="gauge_notice"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["home", "tag"], name="gauge_tag"),
            models.CheckConstraint(condition=Q(belongs_to__in=tuple(HOLDERS)), name="gauge_belongs_to"),
            models.CheckConstraint(
                condition=Q(interval_months__range=(1, 240), notice_days__range=(0, 365)),
                name="gauge_interval",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tag} {self.header.title}"


class Calibration(models.Model):
    """One calibration: errors as found and as left, what they were judged to be, and by which proof."""

    gauge = models.ForeignKey(Gauge, on_delete=models.PROTECT, related_name="calibrations")
    number = models.IntegerField()
    calibrated_at = models.BigIntegerField(N_("When"))
    performer = models.CharField(N_("By whom"), max_length=120)
    certificate = models.CharField(max_length=120)
    as_found = _number(N_("Error as found"))
    as_left = _number(N_("Error as left"))
    uncertainty = _number(N_("Expanded uncertainty (k = 2)"))
    procedure = models.CharField(max_length=120, blank=True)
    standards = models.TextField(N_("Standards used"), blank=True)
    conditions = models.CharField(N_("Temperature and surroundings"), max_length=120, blank=True)
    verdict = models.CharField(max_length=12, choices=_choices(VERDICTS))
    recorded_by = models.CharField(max_length=80)

    class Meta:  # noqa: D106
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["gauge", "number"], name="calibration_once"),
            models.CheckConstraint(condition=Q(verdict__in=tuple(VERDICTS)), name="calibration_verdict"),
            models.CheckConstraint(condition=~Q(certificate=""), name="calibration_certificate"),
        ]


class Impact(models.Model):
    """Readings of one stream that were made with the gauge while its error was not known, and the answer."""

    gauge = models.ForeignKey(Gauge, on_delete=models.PROTECT, related_name="impacts")
    number = models.IntegerField(N_("Line"))
    calibration = models.IntegerField()
    characteristic = models.CharField(max_length=60)
    stream = models.CharField(max_length=400, blank=True)
    readings = models.IntegerField()
    outside = models.IntegerField(N_("Outside with the error taken off"), null=True)
    first_at = models.BigIntegerField(N_("First reading"))
    last_at = models.BigIntegerField(N_("Last reading"))
    answer = models.CharField(max_length=10, blank=True, choices=_choices(ANSWERS))
    words = models.TextField(N_("Why, and what was done"), blank=True)
    answered_by = models.CharField(max_length=80, blank=True)
    answered_at = models.BigIntegerField(null=True)

    class Meta:  # noqa: D106
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["gauge", "number"], name="gauge_impact_once"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None)
                | (Q(answer__in=tuple(ANSWERS), answered_at__isnull=False) & ~Q(words="")),
                name="gauge_impact_answer",
            ),
        ]
