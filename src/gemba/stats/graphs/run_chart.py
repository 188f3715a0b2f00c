"""Run chart: does the process change over time in a way that chance would not give?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from gemba.stats.data import Frame, Sample, backend_of
from gemba.stats.distributions.quantiles import quantile
from gemba.stats.figures import EdgeLabel, Figure, Plane, domain_of, heading, marks, value_ticks
from gemba.stats.figures.reduce import BAND, band_rows, reduce_points
from gemba.stats.figures.text import decimals_for, exact, show
from gemba.stats.graphs.runs import Anhoej, RunsTest, anhoej_rules, runs_about, runs_up_and_down
from gemba.stats.results import N_, Column, DataError, Floats, Result, Table, Translate, signed, translator

WIDTH, HEIGHT = 680.0, 280.0

PATTERNS: Final = (
    ("clustering", N_("Clustering"), "about_median", "few"),
    ("mixtures", N_("Mixtures"), "about_median", "many"),
    ("trends", N_("Trends"), "up_and_down", "few"),
    ("oscillation", N_("Oscillation"), "up_and_down", "many"),
)
"""Name, word, and the test and tail that give its p-value."""


@dataclass(frozen=True, kw_only=True, eq=False)
class RunChart(Result):
    """A series about its median, with tests of its order.

    Parameters
    ----------
    name : str
        The characteristic.
    values : array
        The series in time order; NaN where a value is missing.
    median : float
        The centre line.
    about_median, up_and_down : RunsTest
        The two tests. Missing values are left out of them.
    alpha : float
        Below this p-value a pattern is named.
    """

    NAME = "run chart"

    name: str
    values: Floats
    median: float
    about_median: RunsTest
    up_and_down: RunsTest
    alpha: float

    @property
    def n(self) -> int:
        """How many values are not missing."""
        return int(np.count_nonzero(~np.isnan(self.values)))

    @property
    def p_values(self) -> dict[str, float]:
        """The p-value of ``clustering``, ``mixtures``, ``trends`` and ``oscillation``; NaN without a test."""
        return {name: float(getattr(getattr(self, test), tail)) for name, _, test, tail in PATTERNS}

    @property
    def patterns(self) -> tuple[str, ...]:
        """The patterns whose p-value is below ``alpha``."""
        return tuple(name for name, p in self.p_values.items() if p < self.alpha)

    @property
    def anhoej(self) -> Anhoej:
        """Anhøj's rules: the longest run and the crossings, with what they may be."""
        return anhoej_rules(self.values[~np.isnan(self.values)], self.median)

    def headline(self, language: str | None = None) -> str:
        """The patterns that chance would hardly give."""
        t = translator(language)
        p = self.p_values
        if all(math.isnan(value) for value in p.values()):
            return t(N_("Too few different values to test their order."))
        found = [f"{t(word)} ({_p(p[name])})" for name, word, _, _ in PATTERNS if name in self.patterns]
        if not found:
            return t(N_("No pattern: the order looks random (all p at least {alpha:g}).")).format(
                alpha=self.alpha
            )
        return t(N_("Not random: {patterns}.")).format(patterns=", ".join(found))

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        """The two tests, and the series."""
        t = translator(language)
        columns = [
            Column("test", t(N_("Runs")), align="left"),
            Column("runs", t(N_("Observed"))),
            Column("expected", t(N_("Expected")), decimals=2),
            Column("longest", t(N_("Longest"))),
            Column("few", t(N_("p, few runs")), decimals=4),
            Column("many", t(N_("p, many runs")), decimals=4),
        ]
        rows = [
            (words, test.runs, test.expected, test.longest, _known(test.few), _known(test.many))
            for words, test in (
                (t(N_("About the median")), self.about_median),
                (t(N_("Up and down")), self.up_and_down),
            )
        ]
        notes = [
            t(N_("Few runs about the median are clusters, many are mixtures.")),
            t(N_("Few runs up and down are trends, many are oscillation.")),
        ]
        notes.append(_anhoej_words(self.anhoej, t))
        points = [Column("point", t(N_("Point"))), Column("value", self.name, digits=10)]
        series = [(i + 1, _known(value)) for i, value in enumerate(self.values.tolist())]
        return Table.build(t(N_("Runs tests")), columns, rows, notes), Table.build(
            t(N_("Points")), points, series
        )

    def explain(self, language: str | None = None) -> str:
        """The tests, their approximation and their source."""
        t = translator(language)
        parts = [
            t(N_("The centre line is the median; a value on it belongs to the lower side.")),
            t(N_("Runs up and down: equal neighbours count as one value.")),
            t(N_("Missing values are left out of the tests.")),
            t(N_("The p-values are normal approximations without continuity correction, as in Minitab.")),
            t(
                N_(
                    "Sources: Wald and Wolfowitz (1940), Annals of Mathematical Statistics 11:147; "
                    "Levene and Wolfowitz (1944), Annals of Mathematical Statistics 15:58; Anhøj and Olesen "
                    "(2014), PLOS ONE 9(11):e113825, whose rules leave out values on the median."
                )
            ),
        ]
        return " ".join(parts)

    def plot(self, *, language: str | None = None) -> Figure:
        """The series about its median."""
        return _draw(self, translator(language), language)


def run_chart(frame: Frame, *, value: str | None = None, alpha: float = 0.05) -> RunChart:
    """Does the process change over time in a way that chance would not give?

    Parameters
    ----------
    frame : Frame
        The data in time order, or bare numbers.
    value : str, optional
        The column of measurements.
    alpha : float
        Below this p-value a pattern is named.

    Returns
    -------
    RunChart
        ``median``, ``about_median``, ``up_and_down``, ``p_values``, ``patterns``.

    Raises
    ------
    DataError
        When there is no value, or ``alpha`` is no probability.

    Examples
    --------
    >>> chart = run_chart([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    >>> chart.patterns, chart.about_median.runs
    (('clustering', 'trends'), 2)
    """
    if not 0 < alpha < 1:
        raise DataError(
            N_("{value} is no significance level"),
            mend=N_("Give a number between 0 and 1, such as 0.05"),
            argument="alpha",
            value=alpha,
        )
    sample = Sample.of(frame, value)
    median = float(quantile(sample.present, 0.5))
    return RunChart(
        backend=backend_of(frame),
        name=sample.name,
        values=sample.values,
        median=median,
        about_median=runs_about(sample.present, median),
        up_and_down=runs_up_and_down(sample.present),
        alpha=alpha,
    )


def _anhoej_words(rule: Anhoej, t: Translate) -> str:
    words = N_(
        "Anhøj's rules: longest run {longest} (at most {most}), crossings {crossings} (at least {least}): "
        "no signal."
    )
    if rule.signal:
        words = N_(
            "Anhøj's rules: longest run {longest} (at most {most}), crossings {crossings} (at least "
            "{least}): not random."
        )
    return t(words).format(
        longest=rule.longest,
        most=rule.longest_most,
        crossings=rule.crossings,
        least=rule.crossings_least,
    )


def _p(value: float) -> str:
    return signed(f"p = {value:.3f}" if value >= 0.0005 else "p < 0.001")


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def _draw(result: RunChart, t: Translate, language: str | None) -> Figure:
    values = result.values
    reduction = reduce_points(values, np.zeros(len(values), dtype=np.int64), result.median)
    rows = [
        {"x": i + 1, "y": _known(float(values[i])), "value": exact(float(values[i]))}
        for i in reduction.drawn.tolist()
    ]
    plane = Plane(WIDTH, HEIGHT, (0.5, len(values) + 0.5), domain_of(values, pad=0.08))
    decimals = decimals_for(plane.y_domain[1] - plane.y_domain[0])
    label = t(N_("Median {value}")).format(value=show(result.median, decimals))
    crowded = WIDTH / len(rows) < 2.5
    layers = [
        marks.area(band_rows(values, reduction), "series-band")
        if reduction.bucket >= BAND
        else marks.line(rows, "series-dense" if crowded else "series-line"),
        marks.level(result.median, "center"),
        *marks.edge_labels(plane, [EdgeLabel(label, plane.y(result.median), "label-center")]),
    ]
    if not crowded:
        dots = [row for row in rows if row["y"] is not None]
        layers.append(marks.points(dots, "series-point", [("x", t(N_("Point"))), ("value", result.name)]))
    title = t(N_("Run chart of {name}")).format(name=result.name)
    words = [result.headline(language)]
    if reduction.bucket > 1:
        note = t(N_("{count} points are drawn as the lowest and the highest of each {bucket}."))
        words.append(note.format(count=f"{len(values):,}", bucket=f"{reduction.bucket:,}"))
    x_axis = {"title": t(N_("Point")), "grid": False, **_whole_ticks(len(values))}
    view = plane.view(layers, x_axis=x_axis, y_title=result.name, title=heading(title, words, WIDTH))
    alt = t(N_("{title} about the median {median} (n = {count})."))
    told = alt.format(title=title, count=f"{result.n:,}", median=show(result.median, decimals))
    return Figure(view, alt=" ".join([told, *words]), title=title)


def _whole_ticks(count: int) -> dict[str, object]:
    """Ticks at whole points."""
    if count <= 10:
        return {"values": list(range(1, count + 1)), "format": "d"}
    return {"labelOverlap": False, **value_ticks(0.5, count + 0.5, most=10 if count < 100_000 else 6)}
