"""Answers already given, so that a request sent twice is done once."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class GivenAnswer(models.Model):
    """What was answered to a request that carried an Idempotency-Key.

    ``status`` is 0 while the first request is still at work.
    """

    actor = models.CharField(max_length=80)
    key = models.CharField(max_length=200)
    asked = models.CharField(max_length=64)
    status = models.IntegerField(default=0)
    kind = models.CharField(max_length=100, default="")
    body = models.TextField(default="")
    etag = models.CharField(max_length=80, default="")
    at = models.BigIntegerField()

    class Meta:  # noqa: D106
        constraints: ClassVar = [models.UniqueConstraint(fields=["actor", "key"], name="answer_once")]
        indexes: ClassVar = [models.Index(fields=["at"])]
