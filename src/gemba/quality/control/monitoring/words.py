"""A signal in words: which rule, which points, and what was found the last time. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from gemba.quality.control.monitoring.parts import named_parts
from gemba.quality.control.monitoring.points import Part
from gemba.quality.records.canonical import from_microseconds
from gemba.stats.charts.rules import Rule, rule_words
from gemba.stats.results import N_, translator

PANELS: Mapping[str, str] = {
    "xbar": N_("mean"),
    "r": N_("range"),
    "i": N_("value"),
    "mr": N_("moving range"),
    "s": N_("standard deviation"),
    "median": N_("median"),
    "difference": N_("difference from the nominal"),
    "z": N_("value on the scale of its part"),
    "p": N_("share of nonconforming units"),
    "np": N_("number of nonconforming units"),
    "c": N_("number of nonconformities"),
    "u": N_("nonconformities a unit"),
    "g": N_("count between events"),
    "t": N_("time between events"),
    "ewma": N_("weighted mean"),
    "upper": N_("upper sum"),
    "lower": N_("lower sum"),
    "ma": N_("moving average"),
    "zone": N_("score"),
    "residual": N_("residual"),
    "t2": N_("T²"),
    "mewma": N_("T² of the weighted means"),
    "mcusum": N_("sum of all together"),
    "spe": N_("rest beside the components"),
    "regression": N_("value"),
}


@dataclass(frozen=True)
class LastTime:
    """What was found when the same rule last fired on this characteristic."""

    number: str
    at: int
    state: str
    event_code: str
    cause: str
    action: str


def finding_words(fact: Mapping[str, Any], zone: str, language: str | None = None) -> str:
    """One rule of a signal as a sentence: on which panel, which rule, and when its points were.

    Over several characteristics a second one names those that the last of these points comes from.

    Parameters
    ----------
    fact : mapping
        An item of ``Signal.rules``.
    zone : str
        The time zone of the site.
    """
    t = translator(language)
    rule = Rule(fact["rule"], **fact["definition"])
    points = fact["points"]
    parts = named_parts([Part(title or number, *said) for number, title, *said in fact.get("parts", ())])
    template = (
        N_("Rule {code} on the {panel}: {what}, at {last}.")
        if len(points) == 1
        else N_("Rule {code} on the {panel}: {what}, {count} points from {first} to {last}.")
    )
    words = t(template).format(
        code=rule.code,
        panel=t(PANELS[fact["panel"]]),
        what=rule_words(rule, language),
        count=len(points),
        first=_moment(points[0][2], zone),
        last=_moment(points[-1][2], zone),
    )
    if not parts:
        return words
    return f"{words} " + t(N_("Most of it comes from: {names}.")).format(
        names=", ".join(part.number for part in parts)
    )


def last_time_words(last: LastTime | None, zone: str, language: str | None = None) -> str:
    """What was found the last time, or that it is the first time."""
    t = translator(language)
    if last is None:
        return t(N_("This rule fires on this characteristic for the first time."))
    about = {"number": last.number, "at": _moment(last.at, zone)}
    if last.cause:
        words = t(N_("Last time ({number}, {at}): {cause}.")).format(**about, cause=last.cause.rstrip("."))
    elif last.state == "closed":
        words = t(N_("Last time ({number}, {at}) no cause was found.")).format(**about)
    else:
        words = t(N_("Last time ({number}, {at}) is not finished.")).format(**about)
    if last.action:
        words += " " + t(N_("Done: {action}.")).format(action=last.action.rstrip("."))
    return words


def signal_words(
    rules: Sequence[Mapping[str, Any]],
    last_time: Callable[[str, str], LastTime | None],
    zone: str,
    language: str | None = None,
) -> tuple[str, ...]:
    """A sentence for each rule of a signal, and after it what was found the last time."""
    return tuple(
        f"{finding_words(fact, zone, language)} "
        f"{last_time_words(last_time(fact['panel'], fact['rule']), zone, language)}"
        for fact in rules
    )


def fault_words(fault: str, language: str | None = None) -> str:
    """A signal of a judge that failed."""
    return translator(language)(
        N_("These readings are stored and not judged, because judging failed: {fault}")
    ).format(fault=fault)


def _moment(at: int, zone: str) -> str:
    moment: datetime = from_microseconds(at).astimezone(ZoneInfo(zone))
    return f"{moment:%Y-%m-%d %H:%M}"
