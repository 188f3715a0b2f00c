"""The nonconformance with its locations, reviews and disposition lines. No verbs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from gemba.quality.control.nonconformance.words import (
    DECISIONS,
    DETECTION_POINTS,
    FUNCTIONS,
    GROUNDS,
    LINE_STATES,
    LOCATION_ANSWERS,
    LOCATIONS,
    ORIGINS,
    SEVERITIES,
    YES_NO,
)
from gemba.quality.records.models import Header
from gemba.stats.results import N_


def _quantity(**options: Any) -> models.DecimalField[Any, Any]:
    """A decimal that both databases give back exactly."""
    return models.DecimalField(max_digits=15, decimal_places=6, **options)


def _choices(words: Mapping[str, str]) -> list[tuple[str, str]]:
    return list(words.items())


class Nonconformance(models.Model):
    """What was required, what was found, how much, and what is known of where it came from.

    Product is suspect after the reading ``suspect_after``, the last good one, up to ``suspect_last``;
    ``last_good_at`` is when the last good value was measured. Times are microseconds.
    """

    header = models.OneToOneField(Header, on_delete=models.PROTECT, primary_key=True)
    required = models.TextField(blank=True)
    found = models.TextField(blank=True)
    place = models.CharField(max_length=120, blank=True)
    found_at = models.BigIntegerField(null=True)
    found_by = models.CharField(max_length=80, blank=True)
    detection_point = models.CharField(max_length=20, blank=True, choices=_choices(DETECTION_POINTS))
    item = models.CharField(max_length=120, blank=True)
    item_revision = models.CharField(max_length=40, blank=True)
    lot = models.CharField(max_length=400, blank=True)
    serials = models.TextField(blank=True)
    origin = models.CharField(max_length=20, default="process", choices=_choices(ORIGINS))
    party = models.CharField(max_length=120, blank=True)
    quantity_inspected = _quantity(null=True)
    quantity_nonconforming = _quantity(null=True)
    quantity_suspect = _quantity(null=True)
    unit = models.CharField(max_length=20, default="pcs")
    defect_code = models.CharField(max_length=40, blank=True)
    severity = models.CharField(max_length=10, blank=True, choices=_choices(SEVERITIES))
    escape_point = models.CharField(max_length=120, blank=True)
    cause_summary = models.TextField(blank=True)
    customer_decides = models.BooleanField(N_("Customer has a word in the review"), default=False)
    customer_informed = models.TextField(N_("How the customer was informed"), blank=True)
    characteristic = models.CharField(max_length=60, blank=True)
    characteristic_version = models.IntegerField(null=True)
    stream = models.BigIntegerField(null=True)
    suspect_after = models.BigIntegerField(N_("Last good reading"), null=True)
    suspect_last = models.BigIntegerField(N_("Last suspect reading"), null=True)
    last_good_at = models.BigIntegerField(N_("Last good value measured"), null=True)
    suspect_readings = models.IntegerField(default=0)
    cycle = models.IntegerField(default=1)
    decided_at = models.BigIntegerField(null=True)
    corrective = models.CharField(N_("Needed"), max_length=3, blank=True, choices=_choices(YES_NO))
    corrective_ground = models.CharField(N_("Ground"), max_length=20, blank=True, choices=_choices(GROUNDS))
    corrective_reason = models.TextField(N_("Why"), blank=True)

    class Meta:  # noqa: D106
        indexes: ClassVar = [
            models.Index(fields=["stream"], condition=Q(stream__isnull=False), name="nonconformance_stream"),
            models.Index(fields=["item", "lot"], name="nonconformance_item"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(detection_point__in=("", *DETECTION_POINTS)), name="nonconformance_detection"
            ),
            models.CheckConstraint(condition=Q(origin__in=tuple(ORIGINS)), name="nonconformance_origin"),
            models.CheckConstraint(
                condition=Q(severity__in=("", *SEVERITIES)), name="nonconformance_severity"
            ),
            models.CheckConstraint(
                condition=Q(corrective="", corrective_ground="")
                | (
                    Q(corrective__in=("yes", "no"), corrective_ground__in=tuple(GROUNDS))
                    & ~Q(corrective_reason="")
                ),
                name="nonconformance_corrective",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.header.number or 'draft'} {self.header.title}"


class Location(models.Model):
    """A place where suspect product may be: whether it is, how much, and what was done."""

    nonconformance = models.ForeignKey(Nonconformance, on_delete=models.PROTECT, related_name="locations")
    location = models.CharField(max_length=20, choices=_choices(LOCATIONS))
    answer = models.CharField(max_length=10, blank=True, choices=_choices(LOCATION_ANSWERS))
    quantity = _quantity(null=True)
    words = models.TextField(N_("What was looked at or done"), blank=True)
    answered_by = models.CharField(max_length=80, blank=True)
    answered_at = models.BigIntegerField(null=True)

    class Meta:  # noqa: D106
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["nonconformance", "location"], name="location_once"),
            models.CheckConstraint(condition=Q(location__in=tuple(LOCATIONS)), name="location_known"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None)
                | (Q(answer__in=tuple(LOCATION_ANSWERS), answered_at__isnull=False) & ~Q(words="")),
                name="location_answer",
            ),
        ]


class Review(models.Model):
    """The word of one function in one cycle, and whose it is."""

    nonconformance = models.ForeignKey(Nonconformance, on_delete=models.PROTECT, related_name="reviews")
    cycle = models.IntegerField()
    function = models.CharField(max_length=20, choices=_choices(FUNCTIONS))
    person = models.CharField(max_length=80)
    opinion = models.TextField()
    reviewed_at = models.BigIntegerField()

    class Meta:  # noqa: D106
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(function__in=tuple(FUNCTIONS)), name="review_function"),
            models.CheckConstraint(condition=~Q(opinion=""), name="review_opinion"),
        ]


class Line(models.Model):
    """A part of the quantity, what was decided about it, by whom, and what became of it."""

    nonconformance = models.ForeignKey(Nonconformance, on_delete=models.PROTECT, related_name="lines")
    number = models.IntegerField()
    cycle = models.IntegerField()
    quantity = _quantity()
    serials = models.TextField(blank=True)
    decision = models.CharField(max_length=20, choices=_choices(DECISIONS))
    reason = models.TextField(blank=True)
    instruction = models.TextField(blank=True)
    authority = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, default="pending", choices=_choices(LINE_STATES))
    done_quantity = _quantity(null=True)
    done_by = models.CharField(max_length=80, blank=True)
    done_at = models.BigIntegerField(null=True)
    evidence = models.TextField(blank=True)
    reinspection = models.TextField(blank=True)
    cost = models.DecimalField(max_digits=15, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True)

    class Meta:  # noqa: D106
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["nonconformance", "number"], name="line_once"),
            models.CheckConstraint(condition=Q(decision__in=tuple(DECISIONS)), name="line_decision"),
            models.CheckConstraint(condition=Q(state__in=tuple(LINE_STATES)), name="line_state"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="line_quantity"),
            models.CheckConstraint(
                condition=Q(done_quantity=None) | Q(done_quantity__range=(0, models.F("quantity"))),
                name="line_done_quantity",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | (Q(done_at__isnull=False, done_quantity__isnull=False)),
                name="line_done",
            ),
        ]
