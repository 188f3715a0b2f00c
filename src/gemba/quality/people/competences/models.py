"""The competence, and that somebody has it. No verbs."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from gemba.quality.people.competences.words import NEEDED_AS, PROOFS
from gemba.quality.records.models import Header
from gemba.stats.results import N_


class Competence(models.Model):
    """What somebody must be able to do: its name is the title of its header."""

    header = models.OneToOneField(Header, on_delete=models.PROTECT, primary_key=True)
    description = models.TextField(N_("What it takes"), blank=True)
    proof = models.CharField(N_("How it is proved"), max_length=12, choices=list(PROOFS.items()))
    valid_months = models.IntegerField(N_("Months a proof holds (0: for good)"), default=12)
    needed_as = models.CharField(
        N_("Required of whoever acts in the role"), max_length=40, blank=True, choices=list(NEEDED_AS.items())
    )
    needed_for = models.CharField(
        N_("Only for this kind of record"),
        max_length=40,
        blank=True,
        help_text=N_("For example gauge, nonconformance or capa; empty for every kind."),
    )

    class Meta:  # noqa: D106
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(proof__in=tuple(PROOFS)), name="competence_proof"),
            models.CheckConstraint(condition=Q(needed_as__in=tuple(NEEDED_AS)), name="competence_needed_as"),
        ]

    def __str__(self) -> str:
        return f"{self.header.number or 'draft'} {self.header.title}"


class Qualification(models.Model):
    """That the owner of its header has shown a competence, and until when that holds.

    ``valid_months`` is that of the competence when it was shown; ``notice_at`` is when the holder is told
    that it runs out, ``None`` once that was done.
    """

    header = models.OneToOneField(Header, on_delete=models.PROTECT, primary_key=True)
    competence = models.CharField(N_("Competence"), max_length=200)
    proved_on = models.DateField(N_("Shown on"))
    evidence = models.TextField(N_("What shows it"))
    valid_months = models.IntegerField(N_("Months it holds"), default=0)
    valid_until = models.BigIntegerField(N_("Valid until"), null=True)
    notice_at = models.BigIntegerField(null=True)

    class Meta:  # noqa: D106
        indexes: ClassVar = [
            models.Index(
                fields=["valid_until"], condition=Q(valid_until__isnull=False), name="qualification_until"
            ),
            models.Index(
                fields=["notice_at"], condition=Q(notice_at__isnull=False), name="qualification_notice"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.header.number or 'draft'} {self.header.title}"
