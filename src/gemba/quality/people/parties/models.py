"""The party. No verbs."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from gemba.quality.records.models import Header
from gemba.stats.results import N_

KINDS = {"customer": N_("Customer"), "supplier": N_("Supplier"), "both": N_("Customer and supplier")}


class Party(models.Model):
    """A customer or supplier: its name is the title of its header."""

    header = models.OneToOneField(Header, on_delete=models.PROTECT, primary_key=True)
    kind = models.CharField(N_("What it is to us"), max_length=10, choices=list(KINDS.items()))
    code = models.CharField(N_("Its number in other systems"), max_length=60, blank=True)
    contact = models.CharField(N_("Contact"), max_length=120, blank=True)
    email = models.CharField(N_("Mail address"), max_length=200, blank=True)
    phone = models.CharField(N_("Telephone"), max_length=60, blank=True)
    address = models.TextField(N_("Address"), blank=True)

    class Meta:  # noqa: D106
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(kind__in=tuple(KINDS)), name="party_kind")
        ]

    def __str__(self) -> str:
        return f"{self.header.number} {self.header.title}"
