"""Limits that are known beforehand: historical parameters or limits, given by a person, signed by another."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from gemba.quality.control.monitoring.judging import Chart
from gemba.quality.control.monitoring.keeping import take_stream
from gemba.quality.control.monitoring.limit_sets import may_study, open_proposal, proposed_already
from gemba.quality.control.monitoring.models import LimitSet
from gemba.quality.records.actor import Actor
from gemba.quality.records.canonical import to_microseconds
from gemba.quality.records.models import Header
from gemba.quality.records.reasons import Reason, Refused
from gemba.quality.records.work import recording
from gemba.stats import StatsError
from gemba.stats.charts import Limits, known_limits

TASK = "monitoring.task_given"
BY_LIMITS = ("xbar-r", "xbar-s", "i-mr", "levey-jennings")
"""Kinds whose lower and upper limit say mean and sigma: they lie three sigma of the points apart."""


def give_limits(
    *,
    stream: int,
    mean: Decimal | None = None,
    sigma: Decimal | None = None,
    sigma_between: Decimal | None = None,
    lower_limit: Decimal | None = None,
    upper_limit: Decimal | None = None,
    source: str = "",
    valid_from: datetime | None = None,
    actor: Actor,
    now: datetime,
) -> LimitSet:
    """Propose limits that are known beforehand, from a study elsewhere, a drawing or a customer.

    Parameters
    ----------
    mean, sigma : decimal, optional
        The mean, and the standard deviation within subgroups; as ``known_limits`` takes them.
    sigma_between : decimal, optional
        The standard deviation between subgroups, for a three-way chart.
    lower_limit, upper_limit : decimal, optional
        Instead of mean and sigma: the control limits of the means or of the single values.
    source : str
        Where they come from.
    valid_from : datetime, optional
        From when they shall hold; whoever approves them may say otherwise.

    Raises
    ------
    Refused
        Without a source, with too few or too many of the parameters, with limits that cannot be, where the
        stream has no chart or limits are proposed already, and to whom may not study limits.
    """
    with recording(actor=actor, now=now) as work:
        held = take_stream(work, stream)
        if held is None:
            raise Refused([Reason("monitoring.no_chart", {"stream": stream})])
        header = Header.objects.select_related("site").get(pk=held.characteristic)
        chart = held.definition.chart
        given = {"mean": mean, "sigma": sigma, "between": sigma_between}
        bounds = (lower_limit, upper_limit)
        reasons = [*may_study(actor, header.site_id), *proposed_already(held)]
        if not source.strip():
            reasons.append(Reason("monitoring.source_missing", {"field": "source"}))
        reasons += _against(chart, given, bounds)
        if reasons:
            raise Refused(reasons)
        limits = _limits(chart, _parameters(chart, given, bounds), header.title)
        record = LimitSet(
            characteristic=header,
            stream=stream,
            definition=held.definition.version,
            kind=chart.kind.name,
            size=chart.size,
            limits=json.dumps(limits.to_dict(), sort_keys=True, separators=(",", ":")),
            points=0,
            first_position=0,
            first_sequence=0,
            last_position=0,
            last_sequence=0,
            stable=None,
            why=source.strip(),
            replaces=held.judge.limits_id,
            valid_from=None if valid_from is None else to_microseconds(valid_from),
        )
        open_proposal(work, held, record, header, {}, TASK)
    return record


def _against(
    chart: Chart, given: dict[str, Decimal | None], bounds: tuple[Decimal | None, Decimal | None]
) -> Iterator[Reason]:
    """What stands against these parameters, before they are tried."""
    kind, (lower, upper) = chart.kind.name, bounds
    if chart.joined or chart.kind.layout == "runs":
        yield Reason("monitoring.given_several", {"kind": kind})
        return
    if lower is None and upper is None:
        return
    if any(value is not None for value in given.values()):
        yield Reason("monitoring.given_twice", {"field": "lower_limit"})
    if kind not in BY_LIMITS:
        yield Reason("monitoring.given_as_parameters", {"field": "lower_limit", "kind": kind})
    elif lower is None or upper is None:
        missing = "lower_limit" if lower is None else "upper_limit"
        yield Reason("monitoring.given_one_limit", {"field": missing})
    elif lower >= upper:
        yield Reason("monitoring.given_order", {"field": "lower_limit", "lower": lower, "upper": upper})


def _parameters(
    chart: Chart, given: dict[str, Decimal | None], bounds: tuple[Decimal | None, Decimal | None]
) -> dict[str, float]:
    """Mean and sigma as they were given, or as the limits say them."""
    lower, upper = bounds
    if lower is None or upper is None:
        return {name: float(value) for name, value in given.items() if value is not None}
    root = math.sqrt(chart.size) if chart.kind.layout == "subgroups" else 1.0
    return {"mean": float((lower + upper) / 2), "sigma": float((upper - lower) / 6) * root}


def _limits(chart: Chart, parameters: dict[str, float], name: str) -> Limits:
    """The limits, refused in the words of the statistics where they cannot be."""
    try:
        return known_limits(chart.kind.name, name=name, **{**chart.options, **parameters})
    except StatsError as error:
        raise Refused([Reason("monitoring.given_impossible", {"problem": error})]) from error
