"""The characteristic. No verbs."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from gemba.quality.planning.products.specification import (
    CHART_KINDS,
    DATA_KINDS,
    SPECIAL_CLASSES,
    SUSPECT_WHEN,
)
from gemba.quality.records.models import Header


def _number() -> models.DecimalField[Any, Any]:
    """A decimal that both databases give back exactly: up to 15 significant digits, 12 places."""
    return models.DecimalField(max_digits=27, decimal_places=12, null=True, blank=True)


class Characteristic(models.Model):
    """Something that is measured or judged on a product or a process."""

    header = models.OneToOneField(Header, on_delete=models.PROTECT, primary_key=True)
    name = models.CharField(max_length=120)
    product = models.CharField(max_length=120, blank=True)
    process = models.CharField(max_length=120, blank=True)
    step = models.CharField(max_length=120, blank=True)
    data_kind = models.CharField(max_length=30, default="continuous")
    criterion = models.TextField(blank=True)
    unit = models.CharField(max_length=20, blank=True)
    decimals = models.IntegerField(default=3)
    lsl = _number()
    usl = _number()
    target = _number()
    natural_low = _number()
    natural_high = _number()
    guard_band = _number()
    plausible_low = _number()
    plausible_high = _number()
    special_class = models.CharField(max_length=10, blank=True)
    chart_kind = models.CharField(max_length=20, blank=True)
    subgroup_size = models.IntegerField(default=1)
    subgroup_minutes = models.IntegerField(default=0)
    rules = models.CharField(max_length=120, default="platform")
    needed_subgroups = models.IntegerField(default=25)
    stream_keys = models.CharField(max_length=120, blank=True)
    reaction_plan = models.TextField(blank=True)
    reaction_role = models.CharField(max_length=40, default="operator")
    reaction_minutes = models.IntegerField(default=60)
    suspect_when = models.CharField(max_length=20, default="either")

    class Meta:  # noqa: D106
        indexes: ClassVar = [models.Index(fields=["product"]), models.Index(fields=["process", "step"])]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(data_kind__in=DATA_KINDS), name="characteristic_kind"),
            models.CheckConstraint(
                condition=models.Q(chart_kind__in=("", *CHART_KINDS)), name="characteristic_chart"
            ),
            models.CheckConstraint(
                condition=models.Q(special_class__in=SPECIAL_CLASSES), name="characteristic_class"
            ),
            models.CheckConstraint(
                condition=models.Q(decimals__range=(0, 12), subgroup_minutes__gte=0),
                name="characteristic_sane",
            ),
            models.CheckConstraint(
                condition=models.Q(suspect_when__in=SUSPECT_WHEN, reaction_minutes__gte=0),
                name="characteristic_reaction",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.header.number or 'draft'} {self.name}"
