"""What a file shows before anything of it is stored: a control chart and a capability, in the child."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from gemba.stats import Capability, StatsError, capability, control_chart, histogram
from gemba.stats.figures import Figure
from gemba.stats.readers import Proposal, Reading

ROOMS = (320.0, 430.0, 520.0, 620.0, 780.0, 1000.0)
"""The widths in pixels in which a chart is drawn; a page takes the widest that fits."""
LARGEST_SUBGROUP = 25
LARGE, FEW = 10, 10
"""From this size on subgroups are judged by standard deviations; so few large ones one by one."""
TOGETHER = ("wide", "turned")
"""The layouts whose value columns are the readings of one characteristic."""
RULES = "platform"
LIMITS = ("lsl", "target", "usl")
INDICES = ("cp", "cpk", "pp", "ppk", "cpm")


@dataclass(frozen=True)
class Series:
    """What one chart is drawn of: its columns, how many readings make a subgroup, the limits of the file."""

    name: str
    columns: tuple[str, ...]
    unit: str
    kind: str
    size: int
    points: int
    decimals: int
    lsl: str = ""
    target: str = ""
    usl: str = ""


def series_of(proposal: Proposal, reading: Reading, title: str) -> list[Series]:
    """Every characteristic that the file holds values of."""
    names = reading.value_names
    groups = [names] if proposal.layout in TOGETHER and names else [(name,) for name in names]
    return [_series(reading, columns, title) for columns in groups]


def study_of(
    proposal: Proposal, reading: Reading, series: Series, limits: Mapping[str, str]
) -> dict[str, Any]:
    """Chart and capability of one series, with their figures; a refusal of the statistics is words."""
    given = {name: text for name in LIMITS if (text := limits.get(name, ""))}
    try:
        told = _told(proposal, series)
        chart = control_chart(series.kind, reading.frame(), rules=RULES, **told)
    except StatsError as error:
        return {"chart": None, "capability": None, "why": str(error), "figures": {}}
    shown: dict[str, Any] = {
        "chart": {
            "kind": series.kind,
            "stable": chart.stable,
            "words": chart.headline().splitlines(),
            "cautions": [caution.words() for caution in chart.warnings],
        },
        "capability": None,
        "why": "",
        "figures": {"chart": [{"room": room, **_plain(chart.plot(room=room))} for room in ROOMS]},
    }
    return shown | _capability(reading, series, told, given, shown["figures"])


def _capability(
    reading: Reading,
    series: Series,
    told: Mapping[str, Any],
    limits: Mapping[str, Any],
    figures: dict[str, Any],
) -> dict[str, Any]:
    if not {"lsl", "usl"} & set(limits):
        return {}
    try:
        study = capability(reading.frame(), rules=RULES, **told, **limits)
        edges: dict[str, Any] = {name: float(text) for name, text in limits.items()}
        values = [value for name in series.columns for value in _numbers(reading, name)]
        drawn = histogram({series.name: values}, value=series.name, **edges)
    except (StatsError, ValueError) as error:
        return {"why": str(error)}
    figures["capability"] = [{"room": room, **_plain(drawn.plot(room=room))} for room in (ROOMS[0], ROOMS[3])]
    return {"capability": _in_words(study)}


def _in_words(study: Capability) -> dict[str, Any]:
    return {
        "words": study.headline().splitlines(),
        "warnings": list(study.warnings()),
        "stable": study.stable,
        "capable": study.capable,
        "undecided": study.undecided,
        "n": study.n,
        "indices": {name: value for name in INDICES if (value := getattr(study, name)) is not None},
        "ppm": asdict(study.ppm_observed),
    }


def _plain(figure: Figure) -> dict[str, Any]:
    return {"spec": figure.spec, "alt": figure.alt, "title": figure.title}


def _numbers(reading: Reading, name: str) -> Sequence[float]:
    values = reading.column(name).values
    return [] if values is None else values[~np.isnan(values)].tolist()


def _told(proposal: Proposal, series: Series) -> dict[str, Any]:
    """How the statistics are told which values make a subgroup."""
    if len(series.columns) > 1:
        return {"value": list(series.columns)}
    told: dict[str, Any] = {"value": series.columns[0]}
    if series.size > 1 and proposal.subgroup:
        return told | {"subgroup": proposal.subgroup, "returning": proposal.returning or "new"}
    return told | {"size": series.size} if series.size > 1 else told


def _series(reading: Reading, columns: tuple[str, ...], title: str) -> Series:
    together = len(columns) > 1
    first = reading.column(columns[0])
    counted = int(sum((~np.isnan(v)).sum() for c in columns if (v := reading.column(c).values) is not None))
    size, points = _sizes(reading, columns, together=together)
    if not 1 < size <= LARGEST_SUBGROUP or (size > LARGE and points < FEW):
        size, points = 1, counted
    stated = reading.tolerances.get(columns[0])
    limits = {} if stated is None else {name: getattr(stated, name) for name in LIMITS}
    places = [
        max(0, -int(number.as_tuple().exponent)) for number in first.decimals[:200] if number is not None
    ]
    return Series(
        name=title if together else first.name,
        columns=columns,
        unit=first.unit,
        kind="i-mr" if size == 1 else "xbar-r" if size < LARGE else "xbar-s",
        size=size,
        points=points,
        decimals=min(max(places, default=3), 12),
        **{name: f"{value:.12g}" for name, value in limits.items() if value is not None},
    )


def _sizes(reading: Reading, columns: tuple[str, ...], *, together: bool) -> tuple[int, int]:
    """The size of the largest subgroup, and how many there are; (1, 0) where nothing makes any."""
    try:
        groups = reading.subgroups(None if together else columns[0])
    except StatsError:
        return 1, 0
    sizes = np.diff(groups.starts)
    return (int(sizes.max()), len(sizes)) if len(sizes) else (1, 0)
