"""The product, and the characteristic that is measured on it or on its process. No verbs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models

from gemba.quality.planning.products import words
from gemba.quality.planning.products.specification import (
    CHART_KINDS,
    DATA_KINDS,
    SPECIAL_CLASSES,
    SUSPECT_WHEN,
)
from gemba.quality.records.models import Header
from gemba.stats.results import N_


def _number(label: str) -> models.DecimalField[Any, Any]:
    """A decimal that both databases give back exactly: up to 15 significant digits, 12 places."""
    return models.DecimalField(label, max_digits=27, decimal_places=12, null=True, blank=True)


def _choice(label: str, choices: Mapping[str, str], **more: Any) -> models.CharField[Any, Any]:
    return models.CharField(label, choices=list(choices.items()), **more)


class Product(models.Model):
    """A product or service that is made or bought: its name is the title of its header."""

    header = models.OneToOneField(Header, on_delete=models.PROTECT, primary_key=True)
    revision = models.CharField(N_("Revision of drawing or specification"), max_length=40, blank=True)
    drawing = models.CharField(N_("Drawing or specification"), max_length=120, blank=True)
    customer = models.CharField(N_("Customer"), max_length=120, blank=True)
    supplier = models.CharField(N_("Supplier, where it is bought"), max_length=120, blank=True)
    safety = models.BooleanField(N_("Safety depends on it"), default=False)
    regulated = models.CharField(N_("Law or standard that it is under"), max_length=120, blank=True)
    configuration = _choice(
        N_("Kept apart by"), words.CONFIGURATIONS, max_length=10, default="lot", blank=True
    )
    shelf_life = models.IntegerField(N_("Shelf life in days"), null=True)

    class Meta:  # noqa: D106
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(configuration__in=tuple(words.CONFIGURATIONS)),
                name="product_configuration",
            ),
            models.CheckConstraint(
                condition=models.Q(shelf_life=None) | models.Q(shelf_life__gt=0), name="product_shelf_life"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.header.number or 'draft'} {self.header.title}"


class Characteristic(models.Model):
    """Something that is measured or judged on a product or a process."""

    header = models.OneToOneField(Header, on_delete=models.PROTECT, primary_key=True)
    name = models.CharField(max_length=120)
    product = models.CharField(max_length=120, blank=True, help_text=N_("Number or name"))
    process = models.CharField(max_length=120, blank=True, help_text=N_("Number or name"))
    step = models.CharField(max_length=120, blank=True, help_text=N_("Number or operation of the step"))
    verifies = models.CharField(
        N_("Verifies"),
        max_length=200,
        blank=True,
        help_text=N_("Numbers of the requirements, with commas"),
    )
    data_kind = _choice(N_("Kind of data"), words.DATA_KINDS, max_length=30, default="continuous")
    members = models.CharField(
        N_("Judged together"),
        max_length=400,
        blank=True,
        help_text=N_("For several together: numbers of characteristics, with commas"),
    )
    criterion = models.TextField(N_("Criterion in words"), blank=True)
    unit = models.CharField(max_length=20, blank=True)
    decimals = models.IntegerField(default=3)
    lsl = _number(N_("LSL, lower specification limit"))
    usl = _number(N_("USL, upper specification limit"))
    target = _number(N_("Target"))
    natural_low = _number(N_("Lowest value that nature allows"))
    natural_high = _number(N_("Highest value that nature allows"))
    guard_band = _number(N_("Guard band"))
    plausible_low = _number(N_("Lowest plausible value"))
    plausible_high = _number(N_("Highest plausible value"))
    special_class = _choice(N_("Special class"), words.SPECIAL_CLASSES, max_length=10, blank=True)
    chart_kind = _choice(N_("Chart"), words.CHART_KINDS, max_length=20, blank=True)
    chart_design = models.CharField(
        N_("Design values"), max_length=200, blank=True, help_text=N_("Such as lam=0.1, L=2.7")
    )
    subgroup_size = models.IntegerField(
        N_("Readings in a subgroup"), default=1, help_text=N_("For counts: items in the usual sample")
    )
    subgroup_minutes = models.IntegerField(N_("Minutes until an open subgroup closes"), default=0)
    rules = models.CharField(N_("Set of rules"), max_length=120, default="platform")
    needed_subgroups = models.IntegerField(N_("Points needed for limits"), default=25)
    stream_keys = models.CharField(N_("A chart for each"), max_length=120, blank=True)
    reaction_plan = models.TextField(N_("Reaction plan"), blank=True)
    reaction_role = models.CharField(N_("Who reacts"), max_length=40, default="operator")
    reaction_minutes = models.IntegerField(N_("Minutes to react"), default=60)
    suspect_when = _choice(
        N_("Product is suspect after"), words.SUSPECT_WHEN, max_length=20, default="either"
    )

    class Meta:  # noqa: D106
        indexes: ClassVar = [
            models.Index(fields=["product"]),
            models.Index(fields=["process", "step"]),
            models.Index(
                fields=["header"], condition=models.Q(data_kind="several"), name="characteristic_several"
            ),
        ]
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
