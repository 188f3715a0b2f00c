"""The control plan with its lines. No verbs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from gemba.quality.planning.controlplans import words
from gemba.quality.records.models import Header
from gemba.stats.results import N_


def _choice(label: str, choices: Mapping[str, str], **more: Any) -> models.CharField[Any, Any]:
    return models.CharField(label, choices=list(choices.items()), max_length=20, **more)


class ControlPlan(models.Model):
    """One revision of a plan: its name is the title of its header; ``review_at`` is when it is due again."""

    header = models.OneToOneField(Header, on_delete=models.PROTECT, primary_key=True)
    phase = _choice(N_("Phase"), words.PHASES, default="production")
    product = models.CharField(N_("Product"), max_length=120, blank=True, help_text=N_("Number or name"))
    product_revision = models.CharField(N_("Revision of the product"), max_length=40, blank=True)
    process = models.CharField(N_("Process"), max_length=120, blank=True, help_text=N_("Number or name"))
    customer = models.CharField(N_("Customer"), max_length=120, blank=True)
    supplier_code = models.CharField(N_("Supplier or plant code"), max_length=80, blank=True)
    team = models.TextField(N_("Core team"), blank=True)
    contact = models.CharField(N_("Contact"), max_length=120, blank=True)
    review_months = models.IntegerField(N_("Months between reviews"), default=12)
    revision = models.IntegerField(N_("Revision"), default=1)
    in_force_at = models.BigIntegerField(N_("In force from"), null=True)
    review_at = models.BigIntegerField(N_("Next review"), null=True)

    class Meta:  # noqa: D106
        indexes: ClassVar = [
            models.Index(fields=["review_at"], condition=Q(review_at__isnull=False), name="plan_review"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(phase__in=tuple(words.PHASES)), name="plan_phase"),
            models.CheckConstraint(condition=Q(revision__gte=1), name="plan_revision"),
        ]

    def __str__(self) -> str:
        return f"{self.header.number or 'draft'} {self.header.title}"


class Line(models.Model):
    """How one characteristic is kept in control, and the reaction plan when it is not."""

    plan = models.ForeignKey(ControlPlan, on_delete=models.PROTECT, related_name="lines")
    number = models.IntegerField(N_("Line"))
    step = models.CharField(N_("Process step"), max_length=40, blank=True)
    operation = models.CharField(N_("Operation"), max_length=120, blank=True)
    machine = models.CharField(N_("Machine, jig or tool"), max_length=120, blank=True)
    characteristic = models.CharField(words.LINE_FIELDS["characteristic"], max_length=120, blank=True)
    special_class = _choice(N_("Special class"), words.SPECIAL_CLASSES, blank=True)
    specification = models.CharField(N_("Specification"), max_length=120, blank=True)
    technique = models.CharField(words.LINE_FIELDS["technique"], max_length=120, blank=True)
    gauge = models.CharField(N_("Gauge"), max_length=120, blank=True)
    sample_size = models.CharField(words.LINE_FIELDS["sample_size"], max_length=60, blank=True)
    frequency = models.CharField(words.LINE_FIELDS["frequency"], max_length=60, blank=True)
    method = _choice(words.LINE_FIELDS["method"], words.METHODS, blank=True)
    containment = models.TextField(words.LINE_FIELDS["containment"], blank=True)
    call = models.CharField(words.LINE_FIELDS["call"], max_length=200, blank=True)
    resume = models.CharField(words.LINE_FIELDS["resume"], max_length=200, blank=True)
    owner = _choice(N_("Reaction: whose it is"), words.OWNERS, default="operator")

    class Meta:  # noqa: D106
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(number__gt=0), name="plan_line_number"),
            models.CheckConstraint(condition=Q(method__in=tuple(words.METHODS)), name="plan_line_method"),
            models.CheckConstraint(condition=Q(owner__in=tuple(words.OWNERS)), name="plan_line_owner"),
        ]
