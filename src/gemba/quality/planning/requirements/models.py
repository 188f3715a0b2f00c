"""The requirement with the impact lists of its changes. No verbs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from gemba.quality.planning.requirements import words
from gemba.quality.records.models import Header
from gemba.stats.results import N_


def _choice(label: str, known: Mapping[str, str], **more: Any) -> models.CharField[Any, Any]:
    return models.CharField(label, choices=list(known.items()), max_length=20, **more)


def _number(label: str) -> models.DecimalField[Any, Any]:
    """A decimal that both databases give back exactly."""
    return models.DecimalField(label, max_digits=15, decimal_places=6, null=True)


def _one_of(name: str, known: Mapping[str, str]) -> models.CheckConstraint:
    asked = Q(**{f"{name}__in": tuple(known)})
    return models.CheckConstraint(condition=asked, name=f"requirement_{name}")


class Requirement(models.Model):
    """What is asked for, how one knows that it is met, and whether it can be.

    ``revision`` counts the agreements; the last one agreed is in force while the next is under change.
    """

    header = models.OneToOneField(Header, on_delete=models.PROTECT, primary_key=True)
    source = _choice(N_("Who asks for it"), words.SOURCES, default="customer")
    customer = models.CharField(N_("Customer"), max_length=120, blank=True)
    contract = models.CharField(N_("Contract, order or clause"), max_length=120, blank=True)
    voice = models.TextField(N_("In their own words"), blank=True)
    need = models.TextField(N_("What is needed"), blank=True)
    kano = _choice(N_("Kano class"), words.KANO, blank=True)
    importance = _choice(N_("Importance"), words.IMPORTANCE, default="medium")
    severity = _choice(N_("Severity"), words.SEVERITIES, blank=True)
    special_class = _choice(N_("Special class"), words.SPECIAL_CLASSES, blank=True)
    product = models.CharField(N_("Product or service"), max_length=120, blank=True)
    market = models.CharField(N_("Market or scope"), max_length=120, blank=True)
    statement = models.TextField(N_("CTQ statement"), blank=True)
    measure = models.CharField(N_("What is measured (Y)"), max_length=120, blank=True)
    definition = models.TextField(N_("Operational definition"), blank=True)
    unit = models.CharField(N_("Unit"), max_length=20, blank=True)
    target = _number(N_("Target"))
    lower = _number(N_("Lower limit"))
    upper = _number(N_("Upper limit"))
    verification = models.TextField(N_("How it is verified"), blank=True)
    criterion = models.TextField(N_("When it counts as met"), blank=True)
    revision = models.IntegerField(N_("Revision"), default=0)
    feasible = _choice(N_("Feasible"), words.FEASIBLE, blank=True)
    feasibility = models.TextField(N_("Why"), blank=True)
    feasible_by = models.CharField(N_("Answered by"), max_length=80, blank=True)
    feasible_at = models.BigIntegerField(N_("Answered"), null=True)

    class Meta:  # noqa: D106
        constraints: ClassVar = [
            _one_of("source", words.SOURCES),
            _one_of("kano", words.KANO),
            _one_of("importance", words.IMPORTANCE),
            _one_of("severity", words.SEVERITIES),
            _one_of("special_class", words.SPECIAL_CLASSES),
            models.CheckConstraint(
                condition=Q(feasible="", feasible_at=None)
                | Q(feasible__in=tuple(words.FEASIBLE), feasible_at__isnull=False) & ~Q(feasibility=""),
                name="requirement_feasible",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.header.number or 'draft'} {self.header.title}"


class Impact(models.Model):
    """One record that stands on a requirement under change, and what becomes of it."""

    requirement = models.ForeignKey(Requirement, on_delete=models.PROTECT, related_name="impacts")
    revision = models.IntegerField(N_("After revision"))
    record = models.CharField(N_("Record"), max_length=60)
    about = models.CharField(N_("Kind"), max_length=40)
    answer = _choice(N_("What becomes of it"), words.IMPACT_ANSWERS, blank=True)
    words = models.TextField(N_("In words"), blank=True)
    answered_by = models.CharField(N_("Answered by"), max_length=80, blank=True)
    answered_at = models.BigIntegerField(N_("Answered"), null=True)

    class Meta:  # noqa: D106
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["requirement", "revision", "record"], name="impact_once"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None)
                | Q(answer__in=tuple(words.IMPACT_ANSWERS), answered_at__isnull=False),
                name="impact_answer",
            ),
        ]
