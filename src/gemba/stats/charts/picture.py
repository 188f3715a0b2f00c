"""A control chart as a figure: its panels on one x axis, and below them what their marks mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from gemba.stats.charts.events import Event
from gemba.stats.charts.kinds import kind_named
from gemba.stats.charts.picture_axis import x_axis
from gemba.stats.charts.picture_events import Lane, event_words, lane_note, lane_of, lane_view
from gemba.stats.charts.picture_panel import (
    POWERS,
    PanelPicture,
    draw_panel,
    label_width,
    stage_words,
    study_panel,
)
from gemba.stats.charts.rules import rule_words
from gemba.stats.figures import Figure, Plane, heading, marks
from gemba.stats.figures.plane import Layer
from gemba.stats.figures.text import BOLD, shorten, text_width, wrap
from gemba.stats.figures.theme import SIZES
from gemba.stats.results import N_, NN_, Translate, translator

if TYPE_CHECKING:
    from gemba.stats.charts.chart import ControlChart

WIDTH: Final = 680.0
HEIGHTS: Final = {1: (300.0,), 2: (240.0, 150.0), 3: (210.0, 120.0, 120.0)}
"""Height of each panel in pixels, by how many panels there are."""

EVEN: Final = (195.0, 195.0)
"""Height of the panels of two sums that are read as one."""

TOLD: Final = 5
"""So many violations are told in the alternative text, and so many excluded points in the key."""

AXIS: Final = 72.0
NARROWEST: Final = 150.0
"""Pixels that the axis and its title take at the left; the least that is left for the drawing."""

KEY_LINE: Final = 17.0
INDENT: Final = 48.0
"""Pixels of a line of the key, and at its left before the sentence."""


class KeyLine(NamedTuple):
    """A line of the key: the style of its symbol, a rule number, and the sentence."""

    style: str
    code: str
    words: str


def chart_figure(
    chart: ControlChart,
    *,
    language: str | None = None,
    width: float = WIDTH,
    height: float | None = None,
    room: float | None = None,
    events: Sequence[Event] = (),
) -> Figure:
    """How does the process run, and where does a rule fire?

    Parameters
    ----------
    chart : ControlChart
        A judged chart.
    language : str, optional
        Language of titles, labels and tooltips.
    width, height : float
        Size of the drawing area in pixels, without axes and labels.
    room : float, optional
        The whole width in pixels that axes, drawing and labels shall fill; then ``width`` follows from it.
    events : sequence of Event
        What happened: tool changes, lots, actions. They stand on the time axis, with a line up to the points.

    Returns
    -------
    Figure
        All panels on one x axis: points, centre line, limits as steps where they step, zones at one and two
        sigma, signals by shape, colour and rule number, points left out as hollow circles, stages by name.
        More than 1,000 points a panel are drawn as their envelope; see ``figures.reduce``.

    Raises
    ------
    DataError
        For an event at a point that the chart has not.
    """
    t = translator(language)
    heights = EVEN if kind_named(chart.kind).name == "cusum" else HEIGHTS[len(chart.panels)]
    if height is not None:
        heights = tuple(height * part / sum(heights) for part in heights)
    studies = [study_panel(chart, panel, t) for panel in chart.panels]
    if room is not None:
        planes = [study.plane(width, tall) for study, tall in zip(studies, heights, strict=True)]
        sides = [label_width(study, plane, t) for study, plane in zip(studies, planes, strict=True)]
        width = max(NARROWEST, room - AXIS - max(sides))
    planes = [study.plane(width, tall) for study, tall in zip(studies, heights, strict=True)]
    lane = lane_of(events, planes[0], len(chart.panels[0].points), t)
    views = _views(chart, studies, planes, lane, t)
    notes = [*_notes(chart, studies, t), *lane_note(lane, t)]
    whole = max(width, (room or 0.0) - AXIS)
    key = _key(chart, notes, whole, language)
    spec = {
        "title": heading(_title(chart, t), [_verdict(chart, t)], whole),
        "vconcat": [*views, key] if key else views,
        "spacing": 14,
    }
    alt = " ".join([_alt(chart, studies, t, language), *event_words(events, t), *notes])
    return Figure(spec, alt=alt, title=_title(chart, t))


def _views(
    chart: ControlChart,
    studies: Sequence[PanelPicture],
    planes: Sequence[Plane],
    lane: Lane,
    t: Translate,
) -> list[dict[str, Any]]:
    """The panels, and the lane of events below them; the last of these carries the x axis."""
    views, axis = [], x_axis(chart, planes[0], t)
    for index, (study, plane) in enumerate(zip(studies, planes, strict=True)):
        last = index == len(studies) - 1 and not lane.placed
        layers = [*lane.lines(plane), *draw_panel(study, plane, t)]
        if index == 0:
            layers += _stage_names(chart, study, plane, t)
        views.append(plane.view(layers, x_axis=axis if last else None, y_title=study.words))
    return [*views, lane_view(lane, planes[0], axis, t)] if lane.placed else views


def _title(chart: ControlChart, t: Translate) -> str:
    kind, several = t(kind_named(chart.kind).words.title), chart.limits.several
    if chart.kind == "regression" and several is not None:
        first, *others = several.names
        return t(N_("{kind} of {name} on {drivers}")).format(kind=kind, name=first, drivers=", ".join(others))
    return t(N_("{kind} of {name}")).format(kind=kind, name=chart.name)


def _verdict(chart: ControlChart, t: Translate) -> str:
    return f"{_judgement(chart, t)} · {_basis(chart, t)}"


def _judgement(chart: ControlChart, t: Translate) -> str:
    count = len(chart.violations)
    if not count:
        return t(N_("Stable: no rule fired"))
    words = t.counted(NN_("Not stable: {count} signal", "Not stable: {count} signals"), count)
    return words.format(count=f"{count:,}")


def _basis(chart: ControlChart, t: Translate) -> str:
    limits = chart.limits
    if chart.phase == "II":
        return t(N_("judged by limits that were frozen before"))
    if len(chart.stages) > 1:
        return t(N_("{count} stages, each with its own limits")).format(count=len(chart.stages))
    if not limits.points:
        return t(N_("limits from given parameters"))
    words = NN_("limits from {points} point", "limits from {points} points")
    if kind_named(chart.kind).layout == "subgroups":
        words = (
            NN_("limits from {points} subgroup of {size}", "limits from {points} subgroups of {size}")
            if limits.size
            else NN_("limits from {points} subgroup", "limits from {points} subgroups")
        )
    return t.counted(words, limits.points).format(points=f"{limits.points:,}", size=f"{limits.size or 0:g}")


def _stage_names(chart: ControlChart, study: PanelPicture, plane: Plane, t: Translate) -> list[Layer]:
    """The name of each stage above it, and its centre line and limits where there is room."""
    if len(chart.stages) < 2:
        return []
    names, notes = [], []
    for stage, words in zip(chart.stages, stage_words(study, t), strict=True):
        left, room = (
            plane.x(stage.first - 0.5) + 3,
            plane.x(stage.last + 0.5) - plane.x(stage.first - 0.5) - 6,
        )
        name = str(stage.name)
        short = shorten(name, room, SIZES["label"] * BOLD)
        if short == name or len(short) > 3:
            names.append({"px": left, "py": -24, "text": short})
        fitting = next((w for w in words if text_width(w, SIZES["number"]) <= room), None)
        if fitting:
            notes.append({"px": left, "py": -9, "text": fitting})
    layers = ((names, "stage-name"), (notes, "stage-note"))
    return [marks.texts(rows, style) for rows, style in layers if rows]


def _key(
    chart: ControlChart, notes: Sequence[str], width: float, language: str | None
) -> dict[str, Any] | None:
    """What the marks mean, below the chart: a symbol, a rule number and a sentence for each."""
    t = translator(language)
    lines = [*_rule_lines(chart, width, language), *_excluded_lines(chart, width, t)]
    for note in notes:
        lines += [KeyLine("", "", part) for part in wrap(note, width - INDENT, SIZES["note"])]
    if not lines:
        return None
    layers = []
    for style in dict.fromkeys(line.style for line in lines if line.style):
        heights = [_line_y(i) for i, line in enumerate(lines) if line.style == style]
        layers.append(marks.symbols([{"px": 7.0, "py": y} for y in heights], style))
    column = 18.0 + max(text_width(line.code, SIZES["label"]) for line in lines)
    column += 8.0 if column > 18.0 else 2.0
    codes = [{"px": 18.0, "py": _line_y(i), "text": line.code} for i, line in enumerate(lines) if line.code]
    words = [{"px": column, "py": _line_y(i), "text": line.words} for i, line in enumerate(lines)]
    layers += [marks.texts(codes, "label-ink")] if codes else []
    layers.append(marks.texts(words, "label-muted"))
    return {"width": width, "height": len(lines) * KEY_LINE, "view": {"stroke": None}, "layer": layers}


def _line_y(index: int) -> float:
    return (index + 0.5) * KEY_LINE


def _rule_lines(chart: ControlChart, width: float, language: str | None) -> list[KeyLine]:
    t = translator(language)
    found = chart.violations
    counts = np.bincount(found.rule, minlength=len(found.rules)).tolist()
    lines = []
    for rule, count in zip(found.rules, counts, strict=True):
        if count:
            style = "signal-beyond" if rule.test == "beyond" else "signal-run"
            told = t(N_("a score of 8 and more")) if chart.kind == "zone" else rule_words(rule, language)
            words = t(N_("{rule}: {count}×")).format(rule=told, count=f"{count:,}")
            first, *rest = wrap(words, width - INDENT, SIZES["label"])
            lines += [KeyLine(style, rule.code, first), *(KeyLine("", "", part) for part in rest)]
    return lines


def _excluded_lines(chart: ControlChart, width: float, t: Translate) -> list[KeyLine]:
    if not chart.excluded:
        return []
    listed = ", ".join(f"{item.label or item.point} ({item.reason})" for item in chart.excluded[:TOLD])
    if len(chart.excluded) > TOLD:
        listed += t(N_(" and {count} more")).format(count=len(chart.excluded) - TOLD)
    words = t(N_("Left out of the limits: {points}")).format(points=listed)
    return [KeyLine("excluded", "", shorten(words, width - INDENT, SIZES["label"]))]


def _notes(chart: ControlChart, studies: Sequence[PanelPicture], t: Translate) -> list[str]:
    notes = []
    if len(chart.stages) > 1:
        notes.append(t(N_("The values at the right edge are those of the last stage.")))
    elif kind_named(chart.kind).course and chart.panels[0].steps:
        notes.append(
            t(N_("The limits follow what each point stands on; those of the last stand at the right edge."))
        )
    elif any(study.panel.steps for study in studies):
        notes.append(
            t(N_("The limits step with the size; the values at the right edge are those of the last point."))
        )
    if any(study.panel.name in POWERS for study in studies):
        notes.append(
            t(N_("The y axis leaves more room to small values, or the limit would press them flat."))
        )
    bucket = max(study.reduction.bucket for study in studies)
    if bucket > 1:
        words = t(N_("{count} points are drawn as the lowest and the highest of each {bucket}."))
        notes.append(words.format(count=f"{len(chart.panels[0].points):,}", bucket=f"{bucket:,}"))
    bucket = max(study.reduction.marked_bucket for study in studies)
    if bucket > 1:
        words = t(N_("So many are marked that on each side the farthest of {bucket} stands for the others."))
        notes.append(words.format(bucket=f"{bucket:,}"))
    return notes


def _alt(chart: ControlChart, studies: Sequence[PanelPicture], t: Translate, language: str | None) -> str:
    count = f"{len(chart.panels[0].points):,}"
    sentences = [
        t.counted(
            NN_("{title} with {count} point.", "{title} with {count} points."), len(chart.panels[0].points)
        ).format(title=_title(chart, t), count=count),
        *(study.sentence for study in studies),
    ]
    if len(chart.stages) > 1:
        words = t(N_("The chart has {count} stages; these are the limits of the last."))
        sentences.append(words.format(count=len(chart.stages)))
    sentences.append(f"{_judgement(chart, t)}.")
    told = [violation.words(language) for violation in chart.violations[:TOLD]]
    sentences += [f"{words}." for words in told]
    rest = len(chart.violations) - len(told)
    if rest:
        sentences.append(t(N_("And {count} more.")).format(count=f"{rest:,}"))
    if chart.excluded:
        words = t.counted(
            NN_("{count} point is left out of the limits.", "{count} points are left out of the limits."),
            len(chart.excluded),
        )
        sentences.append(words.format(count=len(chart.excluded)))
    return " ".join(sentences)
