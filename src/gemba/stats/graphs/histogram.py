"""Histogram: how measurements are spread, and where they lie within their limits."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from gemba.stats.data import Frame, Sample, Tolerance, backend_of
from gemba.stats.data.tolerance import Number
from gemba.stats.distributions.moments import mean as mean_of
from gemba.stats.distributions.moments import standard_deviation
from gemba.stats.distributions.normal import normal_pdf
from gemba.stats.distributions.quantiles import EXCEL_QUANTILES, quantile
from gemba.stats.figures import Figure, Plane, domain_of, heading, marks, value_ticks
from gemba.stats.figures.text import decimals_for, exact, show, text_width
from gemba.stats.figures.theme import SIZES
from gemba.stats.results import (
    N_,
    Column,
    DataError,
    Floats,
    Ints,
    Result,
    Table,
    Translate,
    UnknownName,
    sealed,
    translator,
)

if TYPE_CHECKING:
    from gemba.stats.figures.plane import Layer

RULES: Final = ("freedman-diaconis", "sturges")
MOST_BINS: Final = 200
"""More bins than this show noise; the bins of a rule are made wider."""

WIDTH, HEIGHT = 680.0, 300.0
NARROWEST, BESIDE = 180.0, 70.0
"""The least width of the bars, and what stands beside them: the title and the numbers of the axis."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Histogram(Result):
    """Counts of measurements in bins.

    Parameters
    ----------
    name : str
        The characteristic.
    minimum, maximum : float
        The smallest and the largest value.
    n, missing : int
        How many values are counted, and how many are missing.
    edges : array, one more than ``counts``
        Borders of the bins. A bin holds its lower border and not its upper one, except the last.
    counts : array of int
        Values in each bin.
    rule : str
        How the bins were chosen: ``"freedman-diaconis"``, ``"sturges"``, or ``"given"``.
    resolution : float
        The step of which all values are multiples apart; zero when none was found. Borders of a rule's bins
        lie half a step between possible readings.
    mean, sd : float
        Mean and standard deviation of the sample; ``sd`` is NaN for a single value.
    lsl, usl, target : float, optional
        The limits and the target that are drawn.
    below, above : int
        Values strictly below ``lsl`` and strictly above ``usl``.
    normal : bool
        Whether the normal curve is drawn.
    """

    NAME = "histogram"

    name: str
    n: int
    missing: int
    edges: Floats
    counts: Ints
    rule: str
    resolution: float
    mean: float
    sd: float
    minimum: float
    maximum: float
    lsl: float | None = None
    usl: float | None = None
    target: float | None = None
    below: int = 0
    above: int = 0
    normal: bool = True

    @property
    def curve(self) -> bool:
        """Whether there is a normal curve: it was asked for, and the values vary."""
        return self.normal and self.sd > 0

    def headline(self, language: str | None = None) -> str:
        """How many values, where they lie, and how many are outside the limits."""
        t = translator(language)
        if self.minimum == self.maximum:
            words = t(N_("All values are {value:.10g} (n = {n})."))
            first = words.format(n=self.n, value=self.minimum)
        else:
            words = t(
                N_("{n} values from {low:.6g} to {high:.6g}, mean {mean:.6g}, standard deviation {sd:.4g}.")
            )
            first = words.format(
                n=f"{self.n:,}", low=self.minimum, high=self.maximum, mean=self.mean, sd=self.sd
            )
        if self.lsl is None and self.usl is None:
            return first
        outside = self.below + self.above
        words = (
            t(N_("{count} outside the specification limits ({share:.2%})."))
            if outside
            else t(N_("None outside the specification limits."))
        )
        return f"{first} {words.format(count=outside, share=outside / self.n)}"

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        """The bins, and the statistics."""
        t = translator(language)
        columns = [
            Column("from", t(N_("From")), digits=8),
            Column("to", t(N_("To")), digits=8),
            Column("count", t(N_("Count"))),
            Column("share", t(N_("Share, %")), decimals=1),
        ]
        rows = list(
            zip(self.edges[:-1], self.edges[1:], self.counts, self.counts / self.n * 100, strict=True)
        )
        figures = [
            (t(N_("Values")), self.n),
            (t(N_("Missing")), self.missing),
            (t(N_("Mean")), self.mean),
            (t(N_("Standard deviation")), None if math.isnan(self.sd) else self.sd),
            (t(N_("Minimum")), self.minimum),
            (t(N_("Maximum")), self.maximum),
            (t(N_("Below the lower limit")), None if self.lsl is None else self.below),
            (t(N_("Above the upper limit")), None if self.usl is None else self.above),
        ]
        names = [Column("figure", t(N_("Figure")), align="left"), Column("value", t(N_("Value")), digits=8)]
        return Table.build(t(N_("Bins")), columns, rows), Table.build(t(N_("Statistics")), names, figures)

    def explain(self, language: str | None = None) -> str:
        """How the bins were chosen, and what the curve is."""
        t = translator(language)
        rules = {
            "freedman-diaconis": N_(
                "Bin width 2 IQR / n^(1/3): Freedman and Diaconis (1981), "
                "Zeitschrift für Wahrscheinlichkeitstheorie 57:453."
            ),
            "sturges": N_("Number of bins log2(n) + 1: Sturges (1926), JASA 21:65."),
            "given": N_("The number of bins was given."),
        }
        parts = [t(rules[self.rule])]
        if self.resolution:
            words = t(
                N_("The values are read in steps of {step:g}; borders of bins lie between two readings.")
            )
            parts.append(words.format(step=self.resolution))
        if self.curve:
            parts.append(
                t(N_("The curve is the normal distribution with the sample's mean and standard deviation."))
            )
        return " ".join(parts)

    def plot(self, *, language: str | None = None, room: float | None = None) -> Figure:
        """Bars, the normal curve, and the limits; ``room`` is the whole width in pixels that it may fill."""
        width = WIDTH if room is None else min(WIDTH, max(NARROWEST, room - BESIDE))
        return _draw(self, translator(language), language, width)


def histogram(
    frame: Frame,
    *,
    value: str | None = None,
    bins: int | str = "freedman-diaconis",
    lsl: Number | None = None,
    usl: Number | None = None,
    target: Number | None = None,
    normal: bool = True,
) -> Histogram:
    """How are the measurements spread, and where do they lie within their limits?

    Parameters
    ----------
    frame : Frame
        The data, or bare numbers.
    value : str, optional
        The column of measurements. Missing ones are left out and counted.
    bins : {"freedman-diaconis", "sturges"} or int
        The rule, or the number of equal bins from the smallest to the largest value. Where the interquartile
        range is zero the first rule gives way to the second.
    lsl, usl, target : number, optional
        Specification limits and target, in the unit of the values.
    normal : bool
        Draw the normal distribution with the mean and standard deviation of the sample.

    Returns
    -------
    Histogram
        ``edges``, ``counts``, ``mean``, ``sd``, ``below``, ``above``.

    Raises
    ------
    DataError
        When there is no value, a limit is wrong, or the number of bins is below 1.
    UnknownName
        For an unknown rule or column.

    Examples
    --------
    >>> histogram([9.8, 10.1, 10.0, 10.3, 9.9], bins=2).counts
    array([3, 2])
    """
    sample = Sample.of(frame, value)
    present = sample.present
    limits = Tolerance.of(lsl, usl, target) if (lsl, usl, target) != (None, None, None) else None
    edges, rule, resolution = _bins(present, bins)
    return Histogram(
        backend=backend_of(frame),
        name=sample.name,
        n=len(present),
        missing=sample.missing,
        edges=sealed(edges),
        counts=sealed(np.histogram(present, edges)[0].astype(np.int64)),
        rule=rule,
        resolution=resolution,
        mean=mean_of(present),
        sd=standard_deviation(present) if len(present) > 1 else math.nan,
        minimum=float(present.min()),
        maximum=float(present.max()),
        lsl=limits.lsl if limits else None,
        usl=limits.usl if limits else None,
        target=limits.target if limits else None,
        below=int(np.count_nonzero(present < limits.lsl)) if limits and limits.lsl is not None else 0,
        above=int(np.count_nonzero(present > limits.usl)) if limits and limits.usl is not None else 0,
        normal=normal,
    )


def _bins(values: Floats, bins: int | str) -> tuple[Floats, str, float]:
    """Borders of the bins, the rule by which they were chosen, and the step of the readings."""
    low, high = float(values.min()), float(values.max())
    if isinstance(bins, int):
        if bins < 1:
            raise DataError(
                N_("{value} bins cannot be drawn"), mend=N_("Give at least 1"), argument="bins", value=bins
            )
        return _even(low, high, bins), "given", 0.0
    if bins not in RULES:
        raise UnknownName(bins, RULES, what=N_("rule for bins"), argument="bins")
    if low == high:
        return _even(low, high, 1), "sturges", 0.0
    width, rule = _rule_width(values, bins)
    width = max(width, (high - low) / MOST_BINS)
    step = _resolution(values)
    if not step or width > 50 * step:
        return _even(low, high, max(1, math.ceil((high - low) / width))), rule, 0.0
    width = step * max(1, math.ceil(width / step - 1e-9))
    count = math.floor((high - low + step / 2) / width) + 1
    edges: Floats = low - step / 2 + width * np.arange(count + 1, dtype=np.float64)
    return edges, rule, step


def _even(low: float, high: float, count: int) -> Floats:
    """Equal bins; a constant value gets bins around it."""
    if low == high:
        half = abs(low) * 0.005 or 0.5
        low, high = low - half, high + half
    return np.linspace(low, high, count + 1)


def _rule_width(values: Floats, rule: str) -> tuple[float, str]:
    count = len(values)
    first, third = quantile(values, np.array([0.25, 0.75]), kind=EXCEL_QUANTILES)
    if rule == "freedman-diaconis" and third > first:
        return float(2 * (third - first) / count ** (1 / 3)), rule
    return float(np.ptp(values)) / (math.ceil(math.log2(count)) + 1), "sturges"


def _resolution(values: Floats) -> float:
    """The step of which all values are whole multiples apart; zero beyond eight decimals."""
    for decimals in range(9):
        scaled = values * 10.0**decimals
        whole = np.rint(scaled)
        if np.abs(whole).max() >= 2**53:
            return 0.0
        if (np.abs(scaled - whole) <= 1e-6).all():
            return float(np.gcd.reduce(np.diff(np.unique(whole)).astype(np.int64))) / 10.0**decimals
    return 0.0


def _draw(result: Histogram, t: Translate, language: str | None, width: float) -> Figure:
    lines = [
        (value, words, style)
        for value, words, style in (
            (result.lsl, N_("LSL {value}"), "spec-limit"),
            (result.target, N_("Target {value}"), "target"),
            (result.usl, N_("USL {value}"), "spec-limit"),
        )
        if value is not None
    ]
    curve = _curve(result)
    shown = [result.edges, np.array([value for value, _, _ in lines]), np.array([row["x"] for row in curve])]
    tallest = max([float(result.counts.max()), *(row["y"] for row in curve)])
    plane = Plane(width, min(HEIGHT, 0.75 * width), domain_of(*shown, pad=0.03), (0.0, tallest * 1.06))
    layers = [_bars(result, t)]
    layers += [marks.line(curve, "curve")] if curve else []
    layers += [marks.upright(value, style) for value, _, style in lines]
    layers += _limit_texts(lines, plane, t)
    title = t(N_("Histogram of {name}")).format(name=result.name)
    words = result.headline(language)
    x_axis = {
        "title": result.name,
        "grid": False,
        **value_ticks(*plane.x_domain, most=max(3, int(width / 75)), edge=0.01),
    }
    view = plane.view(
        layers,
        x_axis=x_axis,
        y_title=t(N_("Count")),
        y_axis=value_ticks(*plane.y_domain, most=10, edge=0.01, least=1.0),
        title=heading(title, [words], width),
    )
    highest = int(result.counts.argmax())
    alt = t(N_("{title}. Bins: {count}. The fullest, {low:.6g} to {high:.6g}, holds {most} of {n}."))
    low, high = result.edges[highest], result.edges[highest + 1]
    told = alt.format(
        title=title, count=len(result.counts), low=low, high=high, most=result.counts[highest], n=result.n
    )
    return Figure(view, alt=f"{told} {words}", title=title)


def _bars(result: Histogram, t: Translate) -> Layer:
    decimals = decimals_for(float(result.edges[-1] - result.edges[0])) + 1
    rows = [
        {
            "x": low,
            "x2": high,
            "y": 0,
            "y2": count,
            "bin": f"{show(low, decimals)} … {show(high, decimals)}",
            "n": count,
        }
        for low, high, count in zip(
            result.edges[:-1].tolist(), result.edges[1:].tolist(), result.counts.tolist(), strict=True
        )
    ]
    return marks.bars(rows, "bar-joined", [("bin", result.name), ("n", t(N_("Count")))])


def _curve(result: Histogram) -> list[dict[str, float]]:
    """The normal curve over the mean and three and a half standard deviations, as a count a bin."""
    if not result.curve:
        return []
    x = result.mean + result.sd * np.linspace(-3.5, 3.5, 141)
    width = float(result.edges[1] - result.edges[0])
    y = normal_pdf(x, result.mean, result.sd) * result.n * width
    return [{"x": float(a), "y": float(b)} for a, b in zip(x, y, strict=True)]


def _limit_texts(lines: list[tuple[float, str, str]], plane: Plane, t: Translate) -> list[Layer]:
    """The limits by name above the panel, in as many rows as they need."""
    layers: list[Layer] = []
    ends = [-math.inf, -math.inf, -math.inf]
    for value, words, style in lines:
        text = t(words).format(value=exact(value))
        half = text_width(text, SIZES["label"]) / 2 + 3
        x = plane.x(value)
        row = next(i for i, end in enumerate(ends) if x - half > end or i == len(ends) - 1)
        ends[row] = x + half
        look = "label-center" if style == "target" else "label-limit"
        layers.append(marks.texts([{"px": x, "py": -8 - 13 * row, "text": text}], look, align="center"))
    return layers
