"""One panel of a control chart as layers: zones, limits as steps, the line, its marks and labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gemba.stats.charts.kinds import kind_named
from gemba.stats.charts.rules import Violations
from gemba.stats.figures import EdgeLabel, Plane, Spot, domain_of, marks
from gemba.stats.figures.labels import Box
from gemba.stats.figures.plane import Layer, power_domain
from gemba.stats.figures.reduce import BAND, LIMIT, Reduction, band_rows, reduce_points
from gemba.stats.figures.text import decimals_for, exact, show, shown_line
from gemba.stats.results import N_, Bools, Floats, Ints, Translate

if TYPE_CHECKING:
    from gemba.stats.charts.chart import ControlChart
    from gemba.stats.charts.panel import Panel

PANEL_WORDS: Final = {
    "xbar": N_("Subgroup mean"),
    "r": N_("Range"),
    "s": N_("Standard deviation"),
    "median": N_("Median"),
    "i": N_("Value"),
    "mr": N_("Moving range"),
    "p": N_("Share defective"),
    "np": N_("Number defective"),
    "c": N_("Defects"),
    "u": N_("Defects per unit"),
    "ewma": N_("Weighted average"),
    "upper": N_("Upper sum"),
    "lower": N_("Lower sum"),
    "ma": N_("Moving average"),
    "g": N_("Count between events"),
    "t": N_("Time between events"),
    "t2": N_("T²"),
    "mewma": N_("T² of averages"),
    "gv": N_("Generalized variance"),
    "mcusum": N_("Length of the sum"),
    "spe": N_("SPE"),
    "regression": N_("Value"),
    "residual": N_("Residual"),
    "zone": N_("Score"),
    "difference": N_("Difference from nominal"),
    "z": N_("Standardised value"),
}
"""What the y axis of a panel shows."""

UNBOUNDED: Final = (
    "xbar",
    "i",
    "median",
    "ewma",
    "lower",
    "ma",
    "zone",
    "difference",
    "z",
    "regression",
    "residual",
)
"""Panels whose points may be negative."""

WITHOUT_ZONES: Final = ("ewma", "ma")
"""Panels of which only the limits are judged."""

POWERS: Final = {"t": 1 / 3.6, "g": 0.5, "mewma": 0.5}
"""Panels of skewed points, whose upper limit or signals lie so far out that the others lay at the foot."""

NO_CENTER: Final = ("upper", "lower", "zone", "mcusum")
"""Panels that begin at zero, which is no mean."""

WHOLE: Final = ("zone",)
"""Panels whose points and limits are whole numbers."""

SLANTED: Final = ("regression",)
"""Panels whose lines run from point to point: what they follow changes gradually."""

CENTER_WORDS: Final = {
    "t": N_("Centre {value}"),
    "t2": N_("Median {value}"),
    "regression": N_("Line {value}"),
}
"""What the centre line is called where it is no mean."""

BEYOND, RUN, EXCLUDED = 1, 2, 3
"""Kinds of marked points."""

CLOSE, CROWDED = 6.0, 2.5
"""Pixels between neighbours: below the first symbols are small, below the second there are none."""

DENSE_STEP = 5.0
"""Pixels of a step: below, dashes cannot be told from steps and limits are thin lines."""

MANY_SIGNALS = 60
"""Above this number of drawn signals their symbols are small."""


@dataclass(frozen=True, eq=False)
class PanelPicture:
    """What is known of a panel before its size is: points to draw, marks, steps and words."""

    chart: ControlChart
    panel: Panel
    words: str
    decimals: int
    codes: Ints
    part: Bools
    reasons: dict[int, str]
    reduction: Reduction
    steps: tuple[Steps, ...]
    fired: dict[int, tuple[str, ...]]
    sentence: str

    @property
    def reduced(self) -> bool:
        """Whether there are more points than are drawn."""
        return self.reduction.bucket > 1

    def plane(self, width: float, height: float) -> Plane:
        """The drawing area that shows all points and lines."""
        panel = self.panel
        lines = (panel.center, panel.lcl, panel.ucl)
        power = POWERS.get(panel.name, 1.0)
        if power != 1:
            known = np.concatenate([panel.points, *lines])
            top = float(np.max(known, where=np.isfinite(known), initial=0.0))
            y_domain = power_domain(top, power, pad=28 / height)
            return Plane(width, height, (0.5, len(panel.points) + 0.5), y_domain, power)
        floor = None if self.panel.name in UNBOUNDED else 0.0
        y_domain = domain_of(panel.points, *lines, pad=28 / height, floor=floor)
        return Plane(width, height, (0.5, len(panel.points) + 0.5), y_domain)


@dataclass(frozen=True, eq=False)
class Steps:
    """The lines of one stage as steps, each value from its edge to the next."""

    edges: Floats
    center: Floats
    lcl: Floats
    ucl: Floats
    sigma: Floats

    def path(self, line: Floats, *, slanted: bool = False) -> list[dict[str, float | None]]:
        """Rows of a line that steps, or runs from middle to middle of the steps, and a gap behind it."""
        if slanted:
            middles = (self.edges[1:] + self.edges[:-1]) / 2
            rows = zip(
                [*middles.tolist(), float(self.edges[-1])], _plain([*line.tolist(), np.nan]), strict=True
            )
            return [{"x": x, "y": y} for x, y in rows]
        heights = _plain([*line.tolist(), line[-1], np.nan])
        edges = [*self.edges.tolist(), self.edges[-1]]
        return [{"x": float(x), "y": y} for x, y in zip(edges, heights, strict=True)]

    def band(self, low: Floats, high: Floats, *, slanted: bool = False) -> list[dict[str, float | None]]:
        """Rows of a band between two such lines, and a gap behind it."""
        lines = (self.path(line, slanted=slanted) for line in (low, high))
        return [row | {"y2": upper["y"]} for row, upper in zip(*lines, strict=True)]


def study_panel(chart: ControlChart, panel: Panel, t: Translate) -> PanelPicture:
    """Find out what is to be drawn: marks, reduction, steps, numbers and words."""
    own = chart.violations.of(panel.name)
    codes, part = _marked(panel, own, [item.point - 1 for item in chart.excluded])
    reduction = reduce_points(panel.points, codes, panel.center)
    steps = tuple(_steps(panel, stage.first - 1, stage.last, reduction.drawn) for stage in chart.stages)
    decimals = 0 if panel.name in WHOLE else decimals_for(_spread(panel))
    told = reduction.marked_bucket == 1
    return PanelPicture(
        chart=chart,
        panel=panel,
        words=_axis_words(chart, panel, t),
        decimals=decimals,
        codes=codes,
        part=part,
        reasons={item.point - 1: item.reason for item in chart.excluded},
        reduction=reduction,
        steps=steps,
        fired=own.codes_at(panel.name) if told else {},
        sentence=_sentence(panel, decimals, t),
    )


def _marked(panel: Panel, own: Violations, excluded: Sequence[int]) -> tuple[Ints, Bools]:
    """The kind of mark of each point, and which points only take part in a pattern."""
    codes = np.zeros(len(panel.points), dtype=np.int64)
    codes[list(excluded)] = EXCLUDED
    beyond = np.array([rule.test == "beyond" for rule in own.rules], dtype=np.bool_)
    of_beyond = np.repeat(beyond[own.rule], own.fired.lengths)
    codes[own.fired.values[~of_beyond] - 1] = RUN
    codes[own.fired.values[of_beyond] - 1] = BEYOND
    codes[np.isnan(panel.points)] = 0
    part = np.zeros(len(codes), dtype=np.bool_)
    part[own.points.values - 1] = True
    return codes, part & (codes == 0)


def _steps(panel: Panel, first: int, stop: int, drawn: Ints) -> Steps:
    lines = [line[first:stop] for line in (panel.center, panel.lcl, panel.ucl, panel.sigma)]
    known = np.flatnonzero(~np.isnan(lines[0]))
    if not known.size:
        known = np.zeros(1, dtype=np.int64)
    changes = np.zeros(len(known) - 1, dtype=np.bool_)
    for line in lines:
        here = line[known]
        changes |= (here[1:] != here[:-1]) & ~(np.isnan(here[1:]) & np.isnan(here[:-1]))
    starts = known[np.append(True, changes)]
    edges = starts - 0.5
    if len(starts) > LIMIT // 2:
        starts = np.intersect1d(drawn[(drawn >= first) & (drawn < stop)] - first, known)
        edges = np.append(0.0, (starts[1:] + starts[:-1]) / 2)
    edges[0] = -0.5
    return Steps(np.append(edges, stop - first - 0.5) + first + 1, *(line[starts] for line in lines))


def _spread(panel: Panel) -> float:
    known = [np.asarray(line)[~np.isnan(line)] for line in (panel.lcl, panel.ucl, panel.center)]
    ends = [float(value) for line in known if line.size for value in (line.min(), line.max())]
    span = max(ends) - min(ends) if ends else 0.0
    if span > 0:
        return span
    points = panel.points[~np.isnan(panel.points)]
    return float(np.ptp(points)) if points.size else 0.0


def _sentence(panel: Panel, decimals: int, t: Translate) -> str:
    center, lcl, ucl = (_last(line) for line in (panel.center, panel.lcl, panel.ucl))
    words = {"panel": t(PANEL_WORDS[panel.name]), "center": show(center, decimals)}
    if np.isnan(center):
        return t(N_("{panel}: no limits.")).format(**words)
    if np.isnan(lcl) or np.isnan(ucl):
        return t(N_("{panel}: centre line {center}.")).format(**words)
    template = t(N_("{panel}: centre line {center}, limits {lcl} to {ucl}."))
    return template.format(**words, lcl=show(lcl, decimals), ucl=show(ucl, decimals))


def _axis_words(chart: ControlChart, panel: Panel, t: Translate) -> str:
    """What the y axis shows: the characteristic itself where its values are plotted."""
    several = chart.limits.several
    if panel.name == "regression" and several is not None:
        return several.names[0]
    return chart.name if panel.name == "i" or _is_raw(chart, panel) else t(PANEL_WORDS[panel.name])


def _is_raw(chart: ControlChart, panel: Panel) -> bool:
    """Whether the values themselves are plotted, because what is made of them needs limits first."""
    first = panel is chart.panels[0] and kind_named(chart.kind).course is not None
    return first and bool(np.isnan(panel.center).all()) and not bool(np.isnan(panel.points).all())


def stage_words(study: PanelPicture, t: Translate) -> list[tuple[str, ...]]:
    """Centre line and limits of each stage at its last point, in words from long to short."""
    told: list[tuple[str, ...]] = []
    for steps in study.steps:
        values = [_last(line) for line in (steps.center, steps.lcl, steps.ucl)]
        center, lcl, ucl = (shown_line(value, study.decimals) for value in values)
        long = t(N_("Mean {center}, limits {lcl} to {ucl}")).format(center=center, lcl=lcl, ucl=ucl)
        told.append(() if np.isnan(values).any() else (long, f"{center} ({lcl} … {ucl})", center))
    return told


def draw_panel(study: PanelPicture, plane: Plane, t: Translate) -> list[Layer]:
    """The layers of a panel, from the ground up."""
    layers = [
        *_zones(study),
        marks.uprights(_stage_borders(study.chart, plane), "stage-border"),
        *_band(study),
        *_lines(study, plane),
        *_series(study, plane, t),
        *_signals(study, plane, t),
        *marks.edge_labels(plane, _edge(study, plane, t)),
    ]
    return [layer for layer in layers if layer["data"]["values"]]


def _stage_borders(chart: ControlChart, plane: Plane) -> list[float]:
    """Where a new stage begins; borders less than four pixels apart are drawn as one."""
    places = [stage.first - 0.5 for stage in chart.stages[1:]]
    apart = [True, *(plane.x(b) - plane.x(a) >= 4 for a, b in pairwise(places))]
    return [place for place, far in zip(places, apart, strict=False) if far]


def _zones(study: PanelPicture) -> list[Layer]:
    layers: list[Layer] = []
    slanted = study.panel.name in SLANTED
    for reach in () if study.panel.name in WITHOUT_ZONES else (2, 1):
        rows = []
        for steps in study.steps:
            if np.isnan(steps.sigma).all():
                continue
            low = np.fmax(steps.center - reach * steps.sigma, steps.lcl)
            high = np.fmin(steps.center + reach * steps.sigma, steps.ucl)
            rows += steps.band(low, high, slanted=slanted)
        if rows:
            layers.append(marks.area(rows, "zone", step=not slanted))
    return layers


def _lines(study: PanelPicture, plane: Plane) -> list[Layer]:
    layers = []
    slanted = study.panel.name in SLANTED
    dense = sum(len(steps.center) for steps in study.steps) > plane.width / DENSE_STEP
    limit = "limit-dense" if dense else "limit"
    center = "center-dense" if dense and slanted else "center"
    for name, style in (("lcl", limit), ("ucl", limit), ("center", center)):
        rows = [row for steps in study.steps for row in steps.path(getattr(steps, name), slanted=slanted)]
        if any(row["y"] is not None for row in rows):
            layers.append(marks.line(rows, style, step=not slanted))
    return layers


def _series(study: PanelPicture, plane: Plane, t: Translate) -> list[Layer]:
    if study.reduction.bucket >= BAND:
        return []
    drawn, y = study.reduction.drawn, study.panel.points
    gap = plane.width / len(drawn)
    layers = [marks.line(_line_rows(study), "series-line" if gap >= CROWDED else "series-dense")]
    present = ~np.isnan(y[drawn])
    around = np.concatenate([[False], present, [False]])
    alone = ~around[:-2] & ~around[2:]
    plain = drawn[present & (study.codes[drawn] == 0) & ((gap >= CROWDED) | alone)]
    style = "series-point" if gap >= CLOSE else "series-small"
    for chosen, look in ((plain[~study.part[plain]], style), (plain[study.part[plain]], "signal-part")):
        layers.append(marks.points([_row(study, i) for i in chosen], look, _hover(study, t)))
    return layers


def _line_rows(study: PanelPicture) -> list[dict[str, Any]]:
    """The points of the line in order, with a gap before each new stage."""
    drawn = study.reduction.drawn
    rows = [{"x": int(i) + 1, "y": y} for i, y in zip(drawn, _plain(study.panel.points[drawn]), strict=True)]
    for place in np.searchsorted(drawn, [stage.first - 1 for stage in study.chart.stages[:0:-1]]).tolist():
        rows.insert(place, {"x": rows[place]["x"] - 0.5, "y": None})
    return rows


def _band(study: PanelPicture) -> list[Layer]:
    if study.reduction.bucket < BAND:
        return []
    return [marks.area(band_rows(study.panel.points, study.reduction), "series-band")]


def _signals(study: PanelPicture, plane: Plane, t: Translate) -> list[Layer]:
    reduction, hover = study.reduction, _hover(study, t)
    shown = reduction.drawn[reduction.stands_for > 0].tolist()
    weights = dict(zip(shown, reduction.stands_for[reduction.stands_for > 0].tolist(), strict=True))
    left_out = [i for i in shown if i in study.reasons]
    layers: list[Layer] = []
    for style, chosen in (
        ("excluded", [i for i in left_out if study.codes[i] == EXCLUDED]),
        ("excluded-ring", [i for i in left_out if study.codes[i] != EXCLUDED]),
    ):
        rows = [_row(study, i) | {"reason": study.reasons[i]} for i in chosen]
        layers.append(marks.points(rows, style, [*hover, ("reason", t(N_("Left out")))]))
    size = "small" if len(shown) > MANY_SIGNALS else ""
    for kind, style in (
        (RUN, (size and "run-small") or "signal-run"),
        (BEYOND, (size and "beyond-small") or "signal-beyond"),
    ):
        rows = [_signal_row(study, i, weights[i], t) for i in shown if study.codes[i] == kind]
        layers.append(marks.points(rows, style, [*hover, ("rules", t(N_("Rules")))]))
    boxes = _symbol_boxes(study, plane), _line_boxes(study, plane)
    return layers + marks.spot_labels(plane, _numbers(study, plane), *boxes)


def _signal_row(study: PanelPicture, index: int, stands_for: int, t: Translate) -> dict[str, Any]:
    rules = ", ".join(study.fired.get(index + 1, ()))
    if stands_for > 1:
        rules = t(N_("stands for {count} signals near it")).format(count=f"{stands_for:,}")
    return _row(study, index) | {"rules": rules or "–"}


NEAR: Final = 30.0
"""A rule number that was said less than this many pixels before is not said again."""


def _numbers(study: PanelPicture, plane: Plane) -> list[Spot]:
    """The rule numbers beside the signals: once for near ones that say the same on the same side."""
    spots: list[Spot] = []
    before: dict[tuple[str, bool], tuple[int, float]] = {}
    for point, codes in study.fired.items():
        index, text = point - 1, ", ".join(codes)
        high = bool(study.panel.points[index] > study.panel.center[index])
        last, at = before.get((text, high), (-2, -NEAR))
        if last != index - 1 and plane.x(point) - at >= NEAR:
            style = "beyond-number" if study.codes[index] == BEYOND else "run-number"
            gap = 16.0 if index in study.reasons else 12.0
            y = plane.y(float(study.panel.points[index]))
            spots.append(Spot(text, plane.x(point), y, _is_up(study.panel, index), style, gap))
        before[text, high] = index, plane.x(point)
    return spots


def _symbol_boxes(study: PanelPicture, plane: Plane) -> list[Box]:
    """Where symbols are, which no number may cover."""
    if not study.fired:
        return []
    boxes = []
    for i in study.reduction.drawn.tolist():
        y = plane.y(float(study.panel.points[i]))
        reach = 5.0 if study.codes[i] in (RUN, BEYOND) else 2.5
        if not np.isnan(y):
            boxes.append((plane.x(i + 1) - reach, plane.x(i + 1) + reach, y - reach, y + reach))
    return boxes


def _line_boxes(study: PanelPicture, plane: Plane) -> list[Box]:
    """Where limits and centre line are, which a number leaves free when it can."""
    boxes: list[Box] = []
    for steps in study.steps if study.fired else ():
        edges = [plane.x(edge) for edge in steps.edges.tolist()]
        for line in (steps.center, steps.lcl, steps.ucl):
            heights = [plane.y(value) for value in line.tolist()]
            places = zip(edges[:-1], edges[1:], heights, strict=True)
            boxes += [(a, b, y - 1, y + 1) for a, b, y in places if not np.isnan(y)]
    return boxes


def _is_up(panel: Panel, index: int) -> bool:
    """Whether a text stands above the point: on the side that the line leaves free."""
    around = panel.points[max(index - 1, 0) : index + 2]
    others = np.delete(around, min(index, 1))
    others = others[~np.isnan(others)]
    reference = float(others.mean()) if others.size else float(panel.center[index])
    return not float(panel.points[index]) < reference


def label_width(study: PanelPicture, plane: Plane, t: Translate) -> float:
    """Pixels that the labels at the right edge need."""
    return marks.edge_width(_edge(study, plane, t))


def _edge(study: PanelPicture, plane: Plane, t: Translate) -> list[EdgeLabel]:
    panel = study.panel
    center, lcl, ucl = (_last(line) for line in (panel.center, panel.lcl, panel.ucl))
    middle = CENTER_WORDS.get(panel.name, N_("Mean {value}"))
    words = ((N_("UCL {value}"), ucl, "label-limit", 0), (middle, center, "label-center", 1))
    found = [
        EdgeLabel(t(text).format(value=shown_line(value, study.decimals)), plane.y(value), style, rank)
        for text, value, style, rank in (*words, (N_("LCL {value}"), lcl, "label-limit", 0))
        if not np.isnan(value) and not (rank and panel.name in NO_CENTER)
    ]
    sigma = _last(panel.sigma)
    for reach in () if panel.name in WITHOUT_ZONES else (-2, -1, 1, 2):
        y = center + reach * sigma
        if not np.isnan(y) and not y <= lcl and not y >= ucl and _has_room(plane, sigma):
            found.append(EdgeLabel(f"{'+' if reach > 0 else '−'}{abs(reach)}σ", plane.y(y), "label-small", 2))
    return found


def _has_room(plane: Plane, sigma: float) -> bool:
    return plane.y(0.0) - plane.y(sigma) >= 14


def _row(study: PanelPicture, index: int) -> dict[str, Any]:
    """A point as a row: where it is, and what its tooltip says."""
    panel, chart = study.panel, study.chart
    lcl, ucl = float(panel.lcl[index]), float(panel.ucl[index])
    return {
        "x": int(index) + 1,
        "y": float(panel.points[index]),
        "label": str(int(index) + 1 if chart.labels is None else chart.labels[index]),
        "value": exact(float(panel.points[index])),
        "n": f"{float(panel.sizes[index]):g}",
        "limits": f"{show(lcl, study.decimals + 1)} … {show(ucl, study.decimals + 1)}",
    }


def _hover(study: PanelPicture, t: Translate) -> list[tuple[str, str]]:
    chart = study.chart
    return [
        ("label", chart.axis or t(N_("Point"))),
        ("value", study.words),
        ("n", t(N_("n"))),
        ("limits", t(N_("Limits"))),
    ]


def _last(line: Floats) -> float:
    known = np.flatnonzero(~np.isnan(line))
    return float(line[known[-1]]) if known.size else float("nan")


def _plain(values: Sequence[float] | Floats) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in values]
