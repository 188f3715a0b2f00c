"""What a study of Phase I found, in words: made again of the readings that the limits stand on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gemba.quality.control.monitoring.keeping import read_stream
from gemba.quality.control.monitoring.study import study_points
from gemba.quality.records.models import Header
from gemba.quality.records.reasons import Refused
from gemba.stats.results import StatsError

SPAN = ("first_position", "first_sequence", "last_position", "last_sequence")


def found_again(values: Mapping[str, Any], language: str) -> str:
    """The finding in a language; empty where the readings of today give another one than is stored."""
    held = read_stream(values["stream"]) if {"stream", "found", *SPAN} <= values.keys() else None
    if held is None or not values["found"]:
        return ""
    span = [values[name] for name in SPAN]
    excluded = {item["point"]: item["reason"] for item in values["excluded"]}
    about = [values.get("characteristic_id", 0), values.get("header_id", 0)]
    names = Header.objects.filter(pk__in=about).order_by("pk")
    for name in dict.fromkeys(names.values_list("title", flat=True)):
        try:
            chart = study_points(held, ((span[0], span[1]), (span[2], span[3])), excluded, name).chart
        except (Refused, StatsError):
            return ""
        if chart.headline("en") == values["found"]:
            return chart.headline(language)
    return ""
