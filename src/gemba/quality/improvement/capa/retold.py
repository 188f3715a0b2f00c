"""The criterion and the verdict in words, made of the figures that a corrective action keeps. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from gemba.stats.inference import Effectiveness, EffectivenessPlan


def criterion_in_words(figures: str, language: str | None = None) -> str:
    """What was fixed in advance, as the statistics say it."""
    return EffectivenessPlan.from_dict(json.loads(figures)).headline(language)


def verdict_in_words(figures: str, language: str | None = None) -> str:
    """What the readings of the window said."""
    return Effectiveness.from_dict(json.loads(figures)).headline(language)


def criterion_again(values: Mapping[str, Any], language: str) -> str:
    """The criterion of the values of a corrective action."""
    return criterion_in_words(values["plan"], language) if values.get("plan") else ""


def verdict_again(values: Mapping[str, Any], language: str) -> str:
    """The verdict of the values of a judgement."""
    return verdict_in_words(values["figures"], language) if values.get("figures") else ""
