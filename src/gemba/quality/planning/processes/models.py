"""The process with its steps. No verbs."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from gemba.quality.records.models import Header
from gemba.stats.results import N_


class Process(models.Model):
    """What is done again and again, as a turtle shows it: its name is the title of its header."""

    header = models.OneToOneField(Header, on_delete=models.PROTECT, primary_key=True)
    purpose = models.TextField(N_("Purpose"), blank=True)
    inputs = models.TextField(N_("What goes in"), blank=True)
    outputs = models.TextField(N_("What comes out"), blank=True)
    resources = models.TextField(N_("With what: machines, places"), blank=True)
    competence = models.TextField(N_("With whom: competence needed"), blank=True)
    methods = models.TextField(N_("How: methods and documents"), blank=True)
    measures = models.TextField(N_("Measured by"), blank=True)
    risks = models.TextField(N_("Risks"), blank=True)

    def __str__(self) -> str:
        return f"{self.header.number or 'draft'} {self.header.title}"


class Step(models.Model):
    """One step of a process; ``predecessor`` is the number of the step before it."""

    process = models.ForeignKey(Process, on_delete=models.PROTECT, related_name="steps")
    number = models.IntegerField(N_("Number"))
    operation = models.CharField(N_("Operation"), max_length=120)
    machine = models.CharField(N_("Machine or tool"), max_length=120, blank=True)
    station = models.CharField(N_("Station"), max_length=120, blank=True)
    predecessor = models.IntegerField(N_("After step"), null=True)

    class Meta:  # noqa: D106
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(number__gt=0), name="step_number"),
        ]
