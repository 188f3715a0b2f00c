"""Box plot: how groups differ in level and spread, and which values stand apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gemba.stats.data import Frame, Sample, backend_of, get_labels
from gemba.stats.distributions.moments import mean as mean_of
from gemba.stats.distributions.quantiles import MINITAB_QUANTILES, quantile
from gemba.stats.figures import Figure, Plane, domain_of, heading, marks
from gemba.stats.figures.text import exact
from gemba.stats.graphs.names import name_axis, name_of
from gemba.stats.results import (
    N_,
    NN_,
    Column,
    DataError,
    Floats,
    Ints,
    Result,
    Table,
    Translate,
    frozen_array,
    translator,
)

if TYPE_CHECKING:
    from gemba.stats.figures.plane import Layer

FENCE: Final = 1.5
"""Interquartile ranges from the box to Tukey's inner fence."""

FEW_GROUPS: Final = 8
"""Up to so many groups their sizes stand below the boxes."""

MOST_GROUPS: Final = 60
"""More boxes than this cannot be told apart in one picture."""

WIDTH, HEIGHT = 680.0, 300.0


@dataclass(frozen=True, eq=False)
class Box:
    """One group: its five numbers, its whiskers, and the values beyond the fences.

    Whiskers reach the outermost values that are not beyond a fence. ``rows`` number the outliers in the
    data, from 1.
    """

    name: str
    n: int
    minimum: float
    q1: float
    median: float
    q3: float
    maximum: float
    mean: float
    low_whisker: float
    high_whisker: float
    rows: Ints
    outliers: Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class BoxPlot(Result):
    """Groups beside each other.

    Parameters
    ----------
    name, by : str
        The columns of values and of groups; ``by`` is empty for a single box.
    boxes : tuple of Box
        The groups in the order in which they first appear.
    quartiles : int
        The type of quantile after Hyndman and Fan.
    missing, without_group : int
        Values that are missing, and values whose row names no group. Both are left out.
    """

    NAME = "box plot"

    name: str
    by: str
    boxes: tuple[Box, ...]
    quartiles: int
    missing: int = 0
    without_group: int = 0

    def headline(self, language: str | None = None) -> str:
        """How many values, in how many groups, and how many stand apart."""
        t = translator(language)
        n = sum(box.n for box in self.boxes)
        apart = sum(len(box.outliers) for box in self.boxes)
        if len(self.boxes) == 1:
            words = t(N_("Median {median:.6g} (n = {n}); outliers: {apart}."))
        else:
            words = t(N_("{groups} groups, medians {low:.6g} to {high:.6g} (n = {n}); outliers: {apart}."))
        medians = [box.median for box in self.boxes]
        return words.format(
            n=f"{n:,}",
            groups=len(medians),
            median=medians[0],
            low=min(medians),
            high=max(medians),
            apart=f"{apart:,}",
        )

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        """The five numbers of each group, and the outliers."""
        t = translator(language)
        columns = [
            Column("group", self.by or t(N_("Group")), align="left"),
            Column("n", t(N_("n"))),
            Column("minimum", t(N_("Minimum"))),
            Column("q1", t(N_("Q1"))),
            Column("median", t(N_("Median"))),
            Column("q3", t(N_("Q3"))),
            Column("maximum", t(N_("Maximum"))),
            Column("mean", t(N_("Mean"))),
            Column("outliers", t(N_("Outliers"))),
        ]
        rows = [
            (b.name, b.n, b.minimum, b.q1, b.median, b.q3, b.maximum, b.mean, len(b.outliers))
            for b in self.boxes
        ]
        boxes = Table.build(t(N_("Groups")), columns, rows, self._notes(t))
        apart = [
            (b.name, row, value) for b in self.boxes for row, value in zip(b.rows, b.outliers, strict=True)
        ]
        if not apart:
            return (boxes,)
        heads = [columns[0], Column("row", t(N_("Row"))), Column("value", self.name, digits=10)]
        return boxes, Table.build(t(N_("Outliers")), heads, apart)

    def explain(self, language: str | None = None) -> str:
        """The quartiles, the fences and their source."""
        t = translator(language)
        parts = [
            t(
                N_("Quartiles are of type {kind} after Hyndman and Fan (6 as in Minitab, 7 as in Excel).")
            ).format(kind=self.quartiles),
            t(N_("Fences lie 1.5 interquartile ranges outside the box; values beyond them are outliers.")),
            t(N_("Whiskers reach the outermost values that are no outliers.")),
            t(N_("Source: Tukey, Exploratory Data Analysis, 1977, section 2.")),
        ]
        return " ".join([*parts, *self._notes(t)])

    def plot(self, *, language: str | None = None) -> Figure:
        """Boxes with median, mean, whiskers and outliers."""
        return _draw(self, translator(language), language)

    def _notes(self, t: Translate) -> list[str]:
        left_out = (
            (NN_("{count} missing value is left out.", "{count} missing values are left out."), self.missing),
            (
                NN_(
                    "{count} value without a group is left out.",
                    "{count} values without a group are left out.",
                ),
                self.without_group,
            ),
        )
        return [t.counted(words, count).format(count=count) for words, count in left_out if count]


def box_plot(
    frame: Frame, *, value: str | None = None, by: str | None = None, quartiles: int = MINITAB_QUANTILES
) -> BoxPlot:
    """How do groups differ in level and spread, and which values stand apart?

    Parameters
    ----------
    frame : Frame
        One row a value, or bare numbers.
    value : str, optional
        The column of measurements.
    by : str, optional
        The column of groups; without it there is one box.
    quartiles : int
        The type of quantile after Hyndman and Fan: 6 as in Minitab and JMP, 7 as in Excel and R.

    Returns
    -------
    BoxPlot
        ``boxes``, each with its five numbers, whiskers, outliers and their rows.

    Raises
    ------
    DataError
        When there is no value, or none with a group.

    Notes
    -----
    Tukey, Exploratory Data Analysis (1977).

    Examples
    --------
    >>> box_plot([1, 2, 3, 4, 5, 6, 7, 30]).boxes[0].outliers
    array([30.])
    """
    sample = Sample.of(frame, value)
    if by is None:
        groups = {sample.name: np.flatnonzero(~np.isnan(sample.values))}
        without_group = 0
    else:
        groups, without_group = _groups(sample.values, get_labels(frame, by, argument="by"))
    if not groups:
        raise DataError(
            N_("no value has a group"),
            mend=N_("Check that this is the right column"),
            column=by,
        )
    return BoxPlot(
        backend=backend_of(frame),
        name=sample.name,
        by=by or "",
        boxes=tuple(_box(name, sample.values, rows, quartiles) for name, rows in groups.items()),
        quartiles=quartiles,
        missing=sample.missing,
        without_group=without_group,
    )


def _groups(values: Floats, labels: Sequence[object]) -> tuple[dict[str, Ints], int]:
    """Group -> positions of its values, in order of appearance; and how many values have no group."""
    places: dict[str, list[int]] = {}
    without = 0
    for place, (label, gone) in enumerate(zip(labels, np.isnan(values).tolist(), strict=True)):
        if gone:
            continue
        if label is None:
            without += 1
        else:
            places.setdefault(name_of(label), []).append(place)
    return {name: np.array(found, dtype=np.int64) for name, found in places.items()}, without


def _box(name: str, values: Floats, places: Ints, quartiles: int) -> Box:
    own = values[places]
    q1, median, q3 = quantile(own, np.array([0.25, 0.5, 0.75]), kind=quartiles).tolist()
    low, high = q1 - FENCE * (q3 - q1), q3 + FENCE * (q3 - q1)
    inside = own[(own >= low) & (own <= high)]
    apart = (own < low) | (own > high)
    return Box(
        name=name,
        n=len(own),
        minimum=float(own.min()),
        q1=q1,
        median=median,
        q3=q3,
        maximum=float(own.max()),
        mean=mean_of(own),
        low_whisker=float(inside.min()),
        high_whisker=float(inside.max()),
        rows=frozen_array(places[apart] + 1, np.int64),
        outliers=frozen_array(own[apart]),
    )


def _draw(result: BoxPlot, t: Translate, language: str | None) -> Figure:
    boxes = result.boxes[:MOST_GROUPS]
    extremes = [value for box in boxes for value in (box.minimum, box.maximum)]
    plane = Plane(WIDTH, HEIGHT, (0.0, float(len(boxes))), domain_of(extremes, pad=0.06))
    layers = [layer for layer in _layers(result, boxes, plane, t) if layer["data"]["values"]]
    title = t(N_("Box plot of {name}")).format(name=result.name)
    if result.by:
        title = t(N_("Box plot of {name} by {by}")).format(name=result.name, by=result.by)
    words = [result.headline(language)]
    if len(boxes) < len(result.boxes):
        words.append(t(N_("The picture shows the first {count} groups.")).format(count=len(boxes)))
    few = len(boxes) <= FEW_GROUPS
    names = [f"{box.name} (n = {box.n:,})" if few else box.name for box in boxes]
    view = plane.view(
        layers,
        x_axis=name_axis(names, WIDTH, result.by),
        y_title=result.name,
        title=heading(title, words, WIDTH),
    )
    each = t(N_("{name}: median {median:.6g}, box {q1:.6g} to {q3:.6g}."))
    told = [each.format(name=b.name, median=b.median, q1=b.q1, q3=b.q3) for b in boxes[:12]]
    return Figure(view, alt=" ".join([f"{title}.", *words, *told]), title=title)


def _layers(result: BoxPlot, boxes: Sequence[Box], plane: Plane, t: Translate) -> list[Layer]:
    half = min(0.32, 45 / plane.x(1.0))
    hover = [
        ("group", result.by or t(N_("Group"))),
        ("n", t(N_("n"))),
        ("median", t(N_("Median"))),
        ("q", "Q1 … Q3"),
    ]
    bodies, whiskers, caps, medians, means = [], [], [], [], []
    for i, box in enumerate(boxes):
        x = i + 0.5
        told = {
            "group": box.name,
            "n": f"{box.n:,}",
            "median": exact(box.median),
            "q": f"{exact(box.q1)} … {exact(box.q3)}",
        }
        bodies.append({"x": x - half, "x2": x + half, "y": box.q1, "y2": box.q3, **told})
        medians.append({"x": x - half, "x2": x + half, "y": box.median, "y2": box.median})
        means.append({"x": x, "y": box.mean, "mean": exact(box.mean), **told})
        for start, end in ((box.q1, box.low_whisker), (box.q3, box.high_whisker)):
            whiskers.append({"x": x, "x2": x, "y": start, "y2": end})
            caps.append({"x": x - half / 2, "x2": x + half / 2, "y": end, "y2": end})
    apart = _outlier_rows(boxes, plane)
    outlier = "outlier" if len(apart) <= 100 else "outlier-small"
    return [
        marks.segments(whiskers, "whisker"),
        marks.segments(caps, "whisker"),
        marks.bars(bodies, "box", hover),
        marks.bars(bodies, "box-frame"),
        marks.segments(medians, "median"),
        marks.points(means, "mean", [("group", hover[0][1]), ("mean", t(N_("Mean")))]),
        marks.points(apart, outlier, [("row", t(N_("Row"))), ("value", result.name)]),
    ]


def _outlier_rows(boxes: Sequence[Box], plane: Plane) -> list[dict[str, Any]]:
    """The outliers, one for each pixel of height: what lies on one another cannot be told apart."""
    rows = []
    for i, box in enumerate(boxes):
        pixels = np.rint(
            (plane.y_domain[1] - box.outliers) / (plane.y_domain[1] - plane.y_domain[0]) * plane.height
        )
        for place in np.unique(pixels, return_index=True)[1].tolist():
            value = float(box.outliers[place])
            rows.append({"x": i + 0.5, "y": value, "row": int(box.rows[place]), "value": exact(value)})
    return rows
