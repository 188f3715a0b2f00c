"""The words and tables of limits and charts."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from gemba.stats.charts.kinds import kind_named
from gemba.stats.charts.rules import explain_rule, rule_words, rules_for
from gemba.stats.charts.spread import INDIVIDUAL_METHODS
from gemba.stats.constants import c4, d2, d3, d4
from gemba.stats.results import N_, NN_, Column, Floats, Table, Translate, spoken, translator

if TYPE_CHECKING:
    from gemba.stats.charts.chart import ControlChart
    from gemba.stats.charts.kind import Part, Several
    from gemba.stats.charts.limits import Limits
    from gemba.stats.charts.panel import Panel
    from gemba.stats.charts.rules import Violation

PANEL_WORDS: Mapping[str, str] = {
    "xbar": N_("Mean"),
    "r": N_("Range"),
    "s": N_("Standard deviation"),
    "median": N_("Median"),
    "i": N_("Individual value"),
    "mr": N_("Moving range"),
    "p": N_("Share of defectives"),
    "np": N_("Number of defectives"),
    "c": N_("Number of defects"),
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


def panel_word(panel: str, language: str | None) -> str:
    """What a panel is called inside a sentence: begun small where the language does not write nouns large."""
    word = translator(language)(PANEL_WORDS.get(panel, panel))
    return word if (language or spoken()) == "de" else word[:1].lower() + word[1:]


METHOD_WORDS: Mapping[str, str] = {
    "Rbar": N_("sigma = Rbar/d2; for unequal sizes the minimum-variance average of R/d2, weights (d2/d3)²"),
    "Rbar unweighted": N_("sigma = the plain average of R/d2"),
    "Sbar": N_(
        "sigma = Sbar/c4; for unequal sizes the minimum-variance average of s/c4, weights c4²/(1 - c4²)"
    ),
    "Sbar unweighted": N_("sigma = the plain average of s/c4"),
    "pooled": N_("sigma = √(Σ(n - 1)s² / Σ(n - 1))"),
    "average moving range": N_("sigma = mean moving range / d2(2)"),
    "median moving range": N_("sigma = median moving range / d4(2)"),
    "sqrt(MSSD)": N_("sigma = √(half the mean squared successive difference)"),
    "moving range of z": N_("sigma = sigma z times the sigma that the mean gives"),
    "standard deviation of all values": N_("sigma = the standard deviation of all values, with n - 1"),
    "from the mean": N_("sigma follows from the mean"),
    "sample covariance": N_("the sample covariance of all rows"),
    "successive differences": N_("the covariance from half the products of successive differences"),
    "pooled covariance": N_("the covariance within subgroups, pooled"),
    "average moving range of runs": N_("sigma = mean moving range within the runs of one part / d2(2)"),
    "residuals of the forecasts": N_("sigma = the root mean square of the residuals, by their freedom"),
    "historical": N_("sigma was given, not estimated"),
}
BIAS_WORDS: Mapping[tuple[str, bool], str] = {
    ("pooled", True): N_("divided by c4 of its degrees of freedom plus one"),
    ("sqrt(MSSD)", True): N_("divided by its mean for normal data of sigma one"),
    ("pooled", False): N_("its small bias left in"),
    ("sqrt(MSSD)", False): N_("its small bias left in"),
}
FURTHER_WORDS: Mapping[str, str] = {
    "sigma_z": N_("sigma z"),
    "sigma_means": N_("sigma of the means"),
    "sigma_between": N_("sigma between subgroups"),
    "sigma_total": N_("total sigma"),
    "freedom": N_("degrees of freedom of the covariance"),
    "determinant": N_("determinant of the covariance"),
    "components": N_("components"),
    "held": N_("share of the variance that they hold"),
    "rest": N_("degrees of freedom of sigma"),
    "intercept": N_("intercept"),
    "sigma": N_("sigma around the line"),
    "phi": N_("phi"),
    "lam": N_("lam"),
    "first": N_("first value"),
    "reach": N_("reach of the limits in sigma, corrected for few points"),
}
HISTORICAL_WORDS: Mapping[str, str] = {
    "mean": N_("mean"),
    "sigma": N_("sigma"),
    "covariance": N_("covariance"),
}
CHOICE_WORDS: Mapping[str, str] = {
    "normal": N_("normal"),
    "exact": N_("exact"),
    "asymptotic": N_("asymptotic"),
    "go on": N_("go on"),
    "reset": N_("reset"),
    "parts": N_("parts"),
    "constant": N_("constant"),
    "relative": N_("relative"),
    "runs": N_("runs"),
    "ar1": N_("neighbours (ar1)"),
    "ima": N_("moving average (ima)"),
    "correlation": N_("correlation"),
    "covariance": N_("covariance"),
    "plain": N_("plain"),
    "prediction": N_("prediction"),
}
"""Design values that are words, as a reader sees them."""
_OF_RANGES = (("d2", d2), ("d3", d3))
_SHOWN = 3


def limits_headline(limits: Limits, language: str | None) -> str:
    """Mean, sigma, and what they stand on."""
    t = translator(language)
    title = t(kind_named(limits.kind).words.title)
    if limits.several is None:
        words = t(N_("{title}: mean {mean:.6g}, sigma {sigma:.6g}"))
        text = words.format(title=title, mean=limits.mean, sigma=limits.sigma)
    else:
        words = t(N_("{title}: {count} variables"))
        text = words.format(title=title, count=len(limits.several.names))
    if not limits.points:
        return text + t(N_(", given as historical parameters."))
    counted = t.counted(NN_(", from {points} point.", ", from {points} points."), limits.points)
    return text + counted.format(points=limits.points)


def limits_table(named: Sequence[tuple[str, Limits]], language: str | None) -> Table:
    """The lines of each panel, of each stage, at the smallest and the largest size."""
    t = translator(language)
    rows: list[tuple[Any, ...]] = [
        (stage, panel, size, _known(lines[1]), _known(lines[0]), _known(lines[2]), _known(lines[3]))
        for stage, limits in named
        for size in _typical_sizes(limits)
        for panel, lines in zip(kind_named(limits.kind).panels, limits.lines(size), strict=True)
    ]
    return _lines_table(rows, named, t)


def _course_table(chart: ControlChart, named: Sequence[tuple[str, Limits]], t: Translate) -> Table:
    """The lines of each panel at the last point of each stage: they follow the points before it."""
    rows: list[tuple[Any, ...]] = []
    for (name, _), stage in zip(named, chart.stages, strict=True):
        for panel in chart.panels:
            here = slice(stage.first - 1, stage.last)
            known = np.flatnonzero(~np.isnan(panel.points[here]))
            at = stage.first - 1 + int(known[-1]) if known.size else stage.last - 1
            lines = (panel.lcl, panel.center, panel.ucl, panel.sigma)
            rows.append((name, panel.name, panel.sizes[at], *(_known(float(line[at])) for line in lines)))
    return _lines_table(rows, named, t)


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def _lines_table(rows: list[tuple[Any, ...]], named: Sequence[tuple[str, Limits]], t: Translate) -> Table:
    columns = [
        Column("stage", t(N_("Stage")), align="left"),
        Column("panel", t(N_("Panel")), align="left"),
        Column("n", t(N_("n"))),
        Column("lcl", t(N_("LCL"))),
        Column("center", t(N_("Centre"))),
        Column("ucl", t(N_("UCL"))),
        Column("sigma", t(N_("Sigma of points"))),
    ]
    if len(named) == 1:
        columns, rows = columns[1:], [row[1:] for row in rows]
    notes = [
        f"{name}: {_further_words(limits, t)}" if len(named) > 1 else _further_words(limits, t)
        for name, limits in named
        if limits.further
    ]
    return Table.build(t(N_("Limits")), columns, rows, notes)


def parts_table(parts: Mapping[str, Part], language: str | None) -> Table:
    """The mean and sigma of each part."""
    t = translator(language)
    columns = [
        Column("part", t(N_("Part")), align="left"),
        Column("mean", t(N_("Mean"))),
        Column("sigma", t(N_("Sigma"))),
    ]
    return Table.build(t(N_("Parts")), columns, [(name, p.mean, p.sigma) for name, p in parts.items()])


def several_table(several: Several, language: str | None) -> Table:
    """The mean of each variable, and its row of the covariance."""
    t = translator(language)
    columns = [Column("variable", t(N_("Variable")), align="left"), Column("mean", t(N_("Mean")))]
    columns += [Column(f"covariance_{name}", name) for name in several.names]
    rows = zip(several.names, several.mean, *zip(*several.covariance, strict=True), strict=True)
    return Table.build(t(N_("Mean and covariance")), columns, list(rows))


def _further_words(limits: Limits, t: Translate) -> str:
    return ", ".join(f"{t(FURTHER_WORDS[name])} = {value:.6g}" for name, value in limits.further.items())


def explain_limits(limits: Limits, language: str | None) -> str:
    """The estimator, its constants, the formulas and their source, a line each."""
    t = translator(language)
    words = kind_named(limits.kind).words
    how = [METHOD_WORDS[limits.method], BIAS_WORDS.get((limits.method, limits.unbiased))]
    lines = [t(N_("Estimator: {how}.")).format(how=", ".join(t(part) for part in how if part))]
    constants = _constants(limits)
    if constants:
        lines.append(t(N_("Constants: {list}.")).format(list=", ".join(constants)))
    if limits.further:
        lines.append(t(N_("Also learned: {list}.")).format(list=_further_words(limits, t)))
    if limits.historical:
        given = ", ".join(t(HISTORICAL_WORDS[name]) for name in limits.historical)
        lines.append(t(N_("Given as historical parameters: {names}.")).format(names=given))
    design = {
        name: t(CHOICE_WORDS.get(value, value)) if isinstance(value, str) else value
        for name, value in limits.design.items()
    }
    lines += [t(formula).format(nsigma=limits.nsigma, **design) + "." for formula in words.formulas]
    return "\n".join([*lines, t(N_("Source: {source}.")).format(source=t(words.source))])


def chart_headline(chart: ControlChart, language: str | None) -> str:
    """Stable, or which rules fired where."""
    t = translator(language)
    title = t(N_("{title} of {name}")).format(title=t(kind_named(chart.kind).words.title), name=chart.name)
    count = len(chart.panels[0].points)
    codes = ", ".join(chart.rules.codes)
    if chart.stable:
        return t(N_("{title}: stable. None of {count} points breaks a rule ({codes}).")).format(
            title=title, codes=codes, count=count
        )
    fired = "; ".join(_fired_by_panel(chart, t))
    return t(N_("{title}: not stable. {fired}.")).format(title=title, fired=fired)


def verdict_tables(chart: ControlChart, language: str | None) -> tuple[Table, ...]:
    """Limits, and violations and exclusions when there are any."""
    t = translator(language)
    named = [("" if stage.name is None else str(stage.name), stage.limits) for stage in chart.stages]
    course = kind_named(chart.kind).course is not None
    tables = [_course_table(chart, named, t) if course else limits_table(named, language)]
    if not chart.stable:
        tables.append(_violations_table(chart, language))
    if chart.excluded:
        tables.append(_excluded_table(chart, t))
    return tuple(tables)


def explain_chart(chart: ControlChart, language: str | None) -> str:
    """How the limits came about, what was left out, and which rules judge."""
    t = translator(language)
    words = kind_named(chart.kind).words
    lines = [t(words.purpose), t(N_("It needs: {needs}.")).format(needs=t(words.needs))]
    lines += [t(N_("Use instead: {other}.")).format(other=t(other)) for other in words.instead]
    lines.append(t(_phase_words(chart)))
    lines.append(explain_limits(chart.limits, language))
    for exclusion in chart.excluded:
        text = t(N_("Point {point} is left out of the estimate and stays judged: {reason}."))
        lines.append(text.format(point=_name(exclusion.point, exclusion.label), reason=exclusion.reason))
    lines.append(t(N_("A point is beyond a limit when it lies strictly outside it.")))
    lines += _explain_rules(chart, language)
    return "\n".join(lines)


def _phase_words(chart: ControlChart) -> str:
    if chart.phase == "II":
        return N_("Phase II: the limits were frozen before these data.")
    if not chart.limits.points and chart.limits.historical:
        return N_("Phase I: the limits come from parameters that were given.")
    return N_("Phase I: the limits are estimated from these data.")


def _explain_rules(chart: ControlChart, language: str | None) -> Iterator[str]:
    for rule in chart.rules.rules:
        yield explain_rule(rule, language)
    for panel in chart.panels:
        for left in rules_for(panel.name, chart.rules).left_out:
            yield left.words(language)


def _fired_by_panel(chart: ControlChart, t: Translate) -> Iterator[str]:
    for panel in chart.panels:
        fired: dict[str, list[int]] = {}
        for violation in chart.violations.of(panel.name):
            fired.setdefault(violation.rule, []).extend(violation.fired)
        rules = [
            t(N_("rule {code} at {places}")).format(code=code, places=_places(chart, sorted(points), t))
            for code, points in fired.items()
        ]
        if rules:
            yield f"{t(PANEL_WORDS[panel.name])}: {', '.join(rules)}"


def _places(chart: ControlChart, points: list[int], t: Translate) -> str:
    labels = chart.labels
    shown = ", ".join(_name(point, labels[point - 1] if labels else None) for point in points[:_SHOWN])
    if len(points) == 1:
        return t(N_("point {points}")).format(points=shown)
    if len(points) <= _SHOWN:
        return t(N_("points {points}")).format(points=shown)
    return t(N_("points {points} and {more} more")).format(points=shown, more=len(points) - _SHOWN)


def _name(point: int, label: object) -> str:
    return str(point) if label is None or str(label) == str(point) else f"{point} ({label})"


def points_table(chart: ControlChart, language: str | None) -> Table:
    """Every point with its lines and the rules that fire at it."""
    t = translator(language)
    columns = [Column("point", t(N_("Point")))]
    cells: list[Sequence[Any]] = [range(1, len(chart.panels[0].points) + 1)]
    if chart.labels is not None:
        columns.append(Column("label", chart.axis or t(N_("Label")), align="left"))
        cells.append(chart.labels)
    if len(chart.stages) > 1:
        columns.append(Column("stage", t(N_("Stage")), align="left"))
        cells.append([stage.name for stage in chart.stages for _ in range(stage.first, stage.last + 1)])
    if _tells_sizes(chart):
        columns.append(Column("n", t(N_("n"))))
        cells.append(_cells(chart.panels[0].sizes))
    for panel in chart.panels:
        decimals = _decimals(panel.sigma)
        for name, label, line in _panel_columns(panel, t):
            columns.append(Column(name, label, decimals=decimals))
            cells.append(_cells(line))
        codes = chart.violations.codes_at(panel.name)
        columns.append(
            Column(f"{panel.name}_rules", t(N_("Rules ({panel})")).format(panel=panel.name), align="left")
        )
        cells.append([", ".join(codes.get(point, ())) for point in cells[0]])
    if chart.excluded:
        reasons = {exclusion.point: exclusion.reason for exclusion in chart.excluded}
        columns.append(Column("excluded", t(N_("Excluded because")), align="left"))
        cells.append([reasons.get(point, "") for point in cells[0]])
    return Table.build(t(N_("Points")), columns, list(zip(*cells, strict=True)))


def _tells_sizes(chart: ControlChart) -> bool:
    kind = kind_named(chart.kind)
    counted = kind.counted and kind.layout != "gaps"
    return kind.layout == "subgroups" or counted or chart.limits.largest > 1


def _panel_columns(panel: Panel, t: Translate) -> Iterator[tuple[str, str, Floats]]:
    """Name, heading and values of the points and of each line."""
    name = panel.name
    yield name, name, panel.points
    for suffix, words, line in (
        ("lcl", N_("{panel} LCL"), panel.lcl),
        ("center", N_("{panel} centre"), panel.center),
        ("ucl", N_("{panel} UCL"), panel.ucl),
    ):
        yield f"{name}_{suffix}", t(words).format(panel=name), line


def _decimals(sigma: Floats) -> int | None:
    """As many decimals as show a hundredth of the smallest sigma; None when there is none."""
    known = sigma[sigma > 0]
    return min(max(0, 2 - math.floor(math.log10(float(known.min())))), 15) if known.size else None


def _cells(values: Floats) -> list[float | None]:
    return [None if math.isnan(value) else value for value in values.tolist()]


def _violations_table(chart: ControlChart, language: str | None) -> Table:
    t = translator(language)
    rows = [_violation_row(violation, language) for violation in chart.violations]
    columns = [
        Column("panel", t(N_("Panel")), align="left"),
        Column("rule", t(N_("Rule")), align="left"),
        Column("fired", t(N_("Fired at")), align="left"),
        Column("points", t(N_("Points")), align="left"),
        Column("words", t(N_("What it says")), align="left"),
    ]
    return Table.build(t(N_("Violations")), columns, rows)


def _violation_row(violation: Violation, language: str | None) -> tuple[str, ...]:
    words = rule_words(violation.definition, language)
    return violation.panel, violation.rule, _spans(violation.fired), _spans(violation.points), words


def _spans(numbers: tuple[int, ...]) -> str:
    """Numbers in rising order, runs of three and more as their ends: 3, 7–12."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and spans[-1][-1] == number - 1:
            spans[-1].append(number)
        else:
            spans.append([number])
    parts = [[f"{s[0]}–{s[-1]}"] if len(s) > 2 else map(str, s) for s in spans]
    return ", ".join(part for span in parts for part in span)


def _excluded_table(chart: ControlChart, t: Translate) -> Table:
    columns = [
        Column("point", t(N_("Point"))),
        Column("label", t(N_("Label")), align="left"),
        Column("reason", t(N_("Reason")), align="left"),
    ]
    return Table.build(
        t(N_("Left out of the estimate")), columns, [(e.point, e.label, e.reason) for e in chart.excluded]
    )


def _typical_sizes(limits: Limits) -> tuple[float, ...]:
    known = (size for size in (limits.smallest, limits.largest) if not math.isnan(size))
    kind = kind_named(limits.kind)
    alone = kind.layout in ("individuals", "means", "vectors", "deviations", "runs") or not (
        kind.units or kind.layout == "subgroups"
    )
    return tuple(dict.fromkeys(known)) or ((1.0,) if alone else ())


def _constants(limits: Limits) -> list[str]:
    """The constants that were used, with their values."""
    kind, method = kind_named(limits.kind), limits.method
    named: list[tuple[str, float]] = []
    if "mr" in kind.panels or method in INDIVIDUAL_METHODS:
        named.append(("d2(2)", d2(2)))
        named += [("d3(2)", d3(2))] if "mr" in kind.panels else []
        named += [("d4(2)", d4(2))] if method == "median moving range" else []
    sizes = [int(size) for size in _typical_sizes(limits) if size >= 2]
    if "r" in kind.panels:
        named += [(f"{name}({size})", constant(size)) for size in sizes for name, constant in _OF_RANGES]
    elif "s" in kind.panels:
        named += [(f"c4({size})", c4(size)) for size in sizes]
    elif kind.layout == "means" and method.startswith(("Rbar", "Sbar")):
        name, constant = ("d2", d2) if method.startswith("Rbar") else ("c4", c4)
        named += [(f"{name}({size})", constant(size)) for size in sizes]
    return [f"{name} = {value:.6g}" for name, value in named]
