"""The corrective action with its causes, actions, changes and judgements. No verbs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from gemba.quality.improvement.capa import words
from gemba.quality.records.models import Header
from gemba.stats.results import N_


def _choice(label: str, known: Mapping[str, str], **more: Any) -> models.CharField[Any, Any]:
    return models.CharField(label, choices=list(known.items()), max_length=20, **more)


def _text(label: str) -> models.TextField[Any, Any]:
    return models.TextField(label, blank=True)


def _moment(label: str) -> models.BigIntegerField[Any, Any]:
    return models.BigIntegerField(label, null=True)


def _number(label: str, **more: Any) -> models.DecimalField[Any, Any]:
    """A decimal that both databases give back exactly."""
    return models.DecimalField(label, max_digits=15, decimal_places=6, null=True, **more)


def _one_of(table: str, name: str, known: Mapping[str, str]) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{name}__in": tuple(known)}), name=f"{table}_{name}")


class Capa(models.Model):
    """The problem, the criterion that was fixed in advance, its window, and the verdict.

    ``plan`` is the stored criterion of ``gemba.stats`` with the figures of the baseline, ``plan_words`` its
    sentence, ``plan_digest`` that of the baseline's readings. ``looks`` counts the judgements of this cycle.
    """

    header = models.OneToOneField(Header, on_delete=models.PROTECT, primary_key=True)
    source = _choice(N_("Where it comes from"), words.SOURCES, default="nonconformance")
    corrects = models.CharField(N_("Corrects"), max_length=60, blank=True)
    risk = _choice(N_("Risk"), words.RISKS, blank=True)
    shipped = models.BooleanField(N_("Product has shipped"), default=False)
    customer = models.CharField(N_("Customer"), max_length=120, blank=True)
    team = _text(N_("Team"))
    problem = _text(N_("What is wrong"))
    where_found = _text(N_("Where"))
    since = _text(N_("Since when"))
    how_many = _text(N_("How many"))
    is_not = _text(N_("Where and when it is not"))
    containment = _text(N_("Containment"))
    contained_by = models.CharField(N_("Contained by"), max_length=80, blank=True)
    contained_at = _moment(N_("Contained"))
    characteristic = models.CharField(N_("Measured by"), max_length=60, blank=True)
    stream = models.CharField(N_("Stream"), max_length=400, blank=True)
    stream_row = models.BigIntegerField(null=True)
    metric = _choice(N_("Metric"), words.METRICS, blank=True)
    target = _number(N_("Target"))
    margin = _number(N_("Margin"))
    alpha = _number(N_("Chance to call no change effective"), default="0.05")
    power = _number(N_("Power"), default="0.8")
    baseline_from = _moment(N_("Baseline from"))
    baseline_until = _moment(N_("Baseline until"))
    window_days = models.IntegerField(N_("Window in days"), null=True)
    plan = models.TextField(blank=True)
    plan_words = _text(N_("Criterion"))
    plan_digest = models.CharField(max_length=64, blank=True)
    window_from = _moment(N_("Window from"))
    window_until = _moment(N_("Window until"))
    extensions = models.IntegerField(N_("Extensions"), default=0)
    cycle = models.IntegerField(N_("Cycle"), default=1)
    looks = models.IntegerField(N_("Judgements"), default=0)
    verdict = _choice(N_("Verdict"), words.VERDICTS, blank=True)
    verdict_words = _text(N_("In words"))
    lessons = _text(N_("Lessons"))

    class Meta:  # noqa: D106
        indexes: ClassVar = [
            models.Index(
                fields=["window_until"], condition=Q(window_until__isnull=False), name="capa_window"
            ),
            models.Index(fields=["characteristic"], name="capa_characteristic"),
        ]
        constraints: ClassVar = [
            _one_of("capa", "source", words.SOURCES),
            _one_of("capa", "risk", words.RISKS),
            _one_of("capa", "metric", words.METRICS),
            _one_of("capa", "verdict", words.VERDICTS),
        ]

    def __str__(self) -> str:
        return f"{self.header.number or 'draft'} {self.header.title}"


class Cause(models.Model):
    """A cause: suspected, then verified with evidence."""

    capa = models.ForeignKey(Capa, on_delete=models.PROTECT, related_name="causes")
    cycle = models.IntegerField(N_("Cycle"))
    number = models.IntegerField(N_("No."))
    kind = _choice(N_("Question"), words.CAUSE_KINDS)
    factor = _choice(N_("Factor"), words.FACTORS)
    cause = _text(N_("Cause"))
    evidence = _text(N_("Evidence"))
    verified_by = models.CharField(N_("Verified by"), max_length=80, blank=True)
    verified_at = _moment(N_("Verified"))

    class Meta:  # noqa: D106
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["capa", "number"], name="capa_cause_once"),
            _one_of("capa_cause", "kind", words.CAUSE_KINDS),
            _one_of("capa_cause", "factor", words.FACTORS),
        ]


class ActionItem(models.Model):
    """One thing to be done, by whom, until when; done with evidence."""

    capa = models.ForeignKey(Capa, on_delete=models.PROTECT, related_name="actions")
    cycle = models.IntegerField(N_("Cycle"))
    number = models.IntegerField(N_("No."))
    kind = _choice(N_("Kind"), words.ACTION_KINDS)
    what = _text(N_("Action"))
    responsible = models.CharField(N_("Owner"), max_length=120, blank=True)
    due = models.DateField(N_("Due"), null=True)
    evidence = _text(N_("Evidence"))
    done_by = models.CharField(N_("Done by"), max_length=80, blank=True)
    done_at = _moment(N_("Done"))

    class Meta:  # noqa: D106
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["capa", "number"], name="capa_action_once"),
            _one_of("capa_action", "kind", words.ACTION_KINDS),
        ]


class Change(models.Model):
    """Whether a kind of document was brought up to what was changed."""

    capa = models.ForeignKey(Capa, on_delete=models.PROTECT, related_name="changes")
    about = _choice(N_("What"), words.CHANGES)
    answer = _choice(N_("Answer"), words.CHANGE_ANSWERS, blank=True)
    words = _text(N_("Which revision, or why not"))
    answered_by = models.CharField(N_("Answered by"), max_length=80, blank=True)
    answered_at = _moment(N_("Answered"))

    class Meta:  # noqa: D106
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["capa", "about"], name="capa_change_once"),
            _one_of("capa_change", "about", words.CHANGES),
            _one_of("capa_change", "answer", words.CHANGE_ANSWERS),
        ]


class Across(models.Model):
    """A similar product, process or place to which the same may apply."""

    capa = models.ForeignKey(Capa, on_delete=models.PROTECT, related_name="across")
    place = models.CharField(N_("Similar product, process or place"), max_length=200)
    answer = _choice(N_("Answer"), words.ACROSS_ANSWERS)
    words = _text(N_("In words"))

    class Meta:  # noqa: D106
        constraints: ClassVar = [_one_of("capa_across", "answer", words.ACROSS_ANSWERS)]


class Judgement(models.Model):
    """One verdict, with its figures and the digest of the readings that gave it."""

    capa = models.ForeignKey(Capa, on_delete=models.PROTECT, related_name="judgements")
    cycle = models.IntegerField(N_("Cycle"))
    look = models.IntegerField(N_("Judgement"))
    judged_at = _moment(N_("Judged"))
    verdict = _choice(N_("Verdict"), words.VERDICTS)
    sentence = _text(N_("In words"))
    window_from = models.BigIntegerField(N_("Window from"))
    window_until = models.BigIntegerField(N_("Window until"))
    readings = models.IntegerField(N_("Readings"))
    figures = models.TextField()
    digest = models.CharField(N_("Digest of the readings"), max_length=64)

    class Meta:  # noqa: D106
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["capa", "cycle", "look"], name="capa_judgement_once"),
            _one_of("capa_judgement", "verdict", words.VERDICTS),
        ]
