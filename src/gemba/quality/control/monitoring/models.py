"""What charts remember, what they said, and what people did about it. No verbs."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from gemba.quality.control.monitoring.rules import STEP_ANSWERS
from gemba.quality.records.models import Header
from gemba.quality.records.store.schema import RowId
from gemba.stats.results import N_


class StreamState(models.Model):
    """What the judge of one stream remembers between two batches; one row a stream, changed in place.

    ``stamp`` is a new random number with every change, so that a copy in memory knows whether it is still
    the stored one. ``definition`` is the version of the characteristic; ``state`` is empty where that has no
    chart. ``rejudge_*`` span the places from which the stream is to be judged anew.
    """

    stream = RowId(primary_key=True)
    characteristic = models.ForeignKey(Header, on_delete=models.PROTECT, related_name="+")
    stamp = models.BigIntegerField()
    definition = models.IntegerField()
    state = models.TextField()
    collected = models.IntegerField()
    needed = models.IntegerField()
    limits = models.BigIntegerField(null=True)
    proposed = models.BigIntegerField(null=True)
    signal = models.BigIntegerField(null=True)
    fault_signal = models.BigIntegerField(null=True)
    due_at = models.BigIntegerField(null=True)
    rejudge_position = models.BigIntegerField(null=True)
    rejudge_sequence = models.BigIntegerField(null=True)
    rejudge_to_position = models.BigIntegerField(null=True)
    rejudge_to_sequence = models.BigIntegerField(null=True)

    class Meta:  # noqa: D106
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="stream_due"),
            models.Index(
                fields=["rejudge_position"],
                condition=models.Q(rejudge_position__isnull=False),
                name="stream_rejudge",
            ),
            models.Index(
                fields=["collected"],
                condition=models.Q(limits__isnull=True, proposed__isnull=True),
                name="stream_collecting",
            ),
        ]


class Point(models.Model):
    """One judgement of one point of a chart; a higher judgement of the same key supersedes it. Sealed.

    ``n`` is 0 where there is no point any more, or none yet because judging failed (``fault`` says why).
    ``size`` is how much was inspected, ``memory`` what a time-weighted chart keeps for the next point.
    """

    id = RowId(primary_key=True)
    tx = models.BigIntegerField()
    stream = models.BigIntegerField()
    position = models.BigIntegerField()
    sequence = models.BigIntegerField()
    judgement = models.IntegerField()
    slots = models.IntegerField()
    n = models.IntegerField()
    first = models.FloatField(null=True)
    second = models.FloatField(null=True)
    limits = models.BigIntegerField(null=True)
    fired = models.TextField()
    signal = models.BigIntegerField(null=True)
    first_reading = models.BigIntegerField()
    last_reading = models.BigIntegerField()
    last_position = models.BigIntegerField()
    at = models.BigIntegerField()
    subgroup = models.CharField(max_length=80)
    fault = models.TextField()
    third = models.FloatField(null=True)
    size = models.FloatField(null=True)
    memory = models.TextField(null=True)

    class Meta:  # noqa: D106
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["stream", "position", "sequence", "judgement"], name="point_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["signal"], condition=models.Q(signal__isnull=False), name="point_signal"),
        ]


class Closing(models.Model):
    """That a subgroup was closed before it was full: after which reading, how, by whom. Sealed."""

    id = RowId(primary_key=True)
    tx = models.BigIntegerField()
    stream = models.BigIntegerField()
    position = models.BigIntegerField()
    sequence = models.BigIntegerField()
    how = models.CharField(max_length=12)
    actor = models.CharField(max_length=80)
    at = models.BigIntegerField()
    reason = models.TextField()

    class Meta:  # noqa: D106
        indexes: ClassVar = [models.Index(fields=["stream", "position"], name="closing_place")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(how__in=("due", "person", "definition")), name="closing_how"
            ),
        ]


class Stage(models.Model):
    """From which place on which version of the characteristic and which limits hold. Sealed.

    Of the stages that begin at or before a place the one written last holds.
    """

    id = RowId(primary_key=True)
    tx = models.BigIntegerField()
    stream = models.BigIntegerField()
    position = models.BigIntegerField()
    sequence = models.BigIntegerField()
    definition = models.IntegerField()
    limits = models.BigIntegerField(null=True)
    at = models.BigIntegerField()

    class Meta:  # noqa: D106
        indexes: ClassVar = [models.Index(fields=["stream", "position"], name="stage_place")]


class LimitSet(models.Model):
    """Limits of one stream: what they are, what they stand on, why, and from when they hold.

    ``limits`` is the stored result of Phase I, ``excluded`` a list of points left out, each with its reason.
    Limits that a person gave stand on no ``points``, and nobody judged whether those were ``stable``.
    """

    header = models.OneToOneField(Header, on_delete=models.PROTECT, primary_key=True)
    characteristic = models.ForeignKey(Header, on_delete=models.PROTECT, related_name="+")
    stream = models.BigIntegerField(db_index=True)
    definition = models.IntegerField()
    kind = models.CharField(max_length=20)
    size = models.IntegerField()
    limits = models.TextField()
    points = models.IntegerField()
    first_position = models.BigIntegerField()
    first_sequence = models.BigIntegerField()
    last_position = models.BigIntegerField()
    last_sequence = models.BigIntegerField()
    excluded = models.JSONField(default=list)
    stable = models.BooleanField(null=True)
    found = models.TextField(blank=True)
    why = models.TextField(blank=True)
    valid_from = models.BigIntegerField(null=True)
    replaces = models.BigIntegerField(null=True)

    class Meta:  # noqa: D106
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(points__gte=2) | models.Q(points=0, stable__isnull=True),
                name="limitset_points",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.header.number} {self.header.title}"


class Signal(models.Model):
    """An episode of one chart, from its first violation to its cause, its action and its end.

    ``rules`` lists each rule that fired: its panel, the rule itself, and the points that first made it fire.
    The points that belong to it carry its id; what the record says of their number and range is brought up
    to date whenever the record changes. ``suspect_after`` is the last reading of the last good point before
    it, ``closed_point`` the newest judgement when it was closed.
    """

    header = models.OneToOneField(Header, on_delete=models.PROTECT, primary_key=True)
    characteristic = models.ForeignKey(Header, on_delete=models.PROTECT, related_name="+")
    stream = models.BigIntegerField(db_index=True)
    about = models.CharField(max_length=12, default="chart")
    severity = models.IntegerField()
    rules = models.JSONField(default=list)
    points = models.IntegerField()
    first_position = models.BigIntegerField()
    first_sequence = models.BigIntegerField()
    last_position = models.BigIntegerField()
    last_sequence = models.BigIntegerField()
    first_at = models.BigIntegerField()
    last_at = models.BigIntegerField()
    suspect_after = models.BigIntegerField(null=True)
    suspect_to = models.BigIntegerField()
    fault = models.TextField(blank=True)
    event_code = models.CharField(max_length=40, blank=True)
    cause = models.TextField(blank=True)
    action = models.TextField(blank=True)
    reaction_step = models.TextField(blank=True)
    reaction_from = models.CharField(N_("Reaction plan of"), max_length=80, blank=True)
    closed_point = models.BigIntegerField(null=True)

    class Meta:  # noqa: D106
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(about__in=("chart", "judge")), name="signal_about"),
            models.CheckConstraint(condition=models.Q(severity__range=(1, 3)), name="signal_severity"),
        ]

    def __str__(self) -> str:
        return f"{self.header.number} {self.header.title}"


class SignalStep(models.Model):
    """One step of the reaction plan that was in force when the signal opened, and who ticked it off."""

    signal = models.ForeignKey(Signal, on_delete=models.PROTECT, related_name="steps")
    number = models.IntegerField(N_("Step"))
    text = models.TextField(N_("What to do"))
    answer = models.CharField(max_length=12, blank=True, choices=list(STEP_ANSWERS.items()))
    words = models.TextField(N_("Note"), blank=True)
    done_by = models.CharField(N_("By whom"), max_length=80, blank=True)
    done_at = models.BigIntegerField(N_("When"), null=True)

    class Meta:  # noqa: D106
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["signal", "number"], name="signal_step_once"),
            models.CheckConstraint(
                condition=models.Q(answer="", done_at=None)
                | models.Q(answer__in=tuple(STEP_ANSWERS), done_at__isnull=False),
                name="signal_step_answer",
            ),
        ]


class SignalRule(models.Model):
    """That a rule fired in a signal: by which one finds what was found the last time."""

    signal = models.ForeignKey(Signal, on_delete=models.PROTECT, related_name="+")
    characteristic = models.BigIntegerField()
    panel = models.CharField(max_length=10)
    rule = models.CharField(max_length=20)

    class Meta:  # noqa: D106
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["signal", "panel", "rule"], name="signalrule_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["characteristic", "panel", "rule"], name="signalrule_last"),
        ]

    def __str__(self) -> str:
        return f"{self.panel} {self.rule}"
