"""The criterion and the verdict in words, made of the figures that a corrective action keeps. Pure."""

from __future__ import annotations

import json

from gemba.stats.inference import Effectiveness, EffectivenessPlan


def criterion_in_words(figures: str, language: str | None = None) -> str:
    """What was fixed in advance, as the statistics say it."""
    return EffectivenessPlan.from_dict(json.loads(figures)).headline(language)


def verdict_in_words(figures: str, language: str | None = None) -> str:
    """What the readings of the window said."""
    return Effectiveness.from_dict(json.loads(figures)).headline(language)
