"""Which chart suits these data, and what about them would mislead it?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Final, Literal

import numpy as np

from gemba.stats.charts.kinds import kind_named
from gemba.stats.constants import d2
from gemba.stats.data import Counts, Frame, Sample, Subgroups, backend_of
from gemba.stats.data.subgroups import is_wide
from gemba.stats.distributions import anderson_darling, autocorrelation, chi2_sf, f_sf, skewness
from gemba.stats.results import N_, Column, Floats, Result, Table, UnknownName, translator

RANGES_UP_TO = 8
FEW = 25
SURE = 0.001
"""Chance below which a warning is given: a person is not to be bothered by one in twenty."""
LONGEST_TURN = 8
ROUNDED = 0.6
"""Steps of a tenth of six sigma: of such values a test of normality says only that they are rounded."""

WORDS: Final[Mapping[str, str]] = {
    "few": N_("Only {points:.0f} points: limits from fewer than {few:.0f} are provisional."),
    "autocorrelated": N_(
        "Neighbouring values resemble each other (autocorrelation {r:.2f}): limits from moving ranges are "
        "too narrow and make false alarms. Measure less often, or chart the residuals of a model."
    ),
    "opposed": N_(
        "Neighbouring values swing to and fro (autocorrelation {r:.2f}), as after over-adjustment: limits "
        "from moving ranges are too wide."
    ),
    "skewed": N_(
        "The values are not normal (skewness {skew:.2f}, p = {p:.2g}): single points cross a limit too "
        "often on one side. Plot means of subgroups, or see which distribution fits."
    ),
    "not normal": N_(
        "The values are not normal (p = {p:.2g}): limits of single values are only rough. Plot means of "
        "subgroups."
    ),
    "coarse": N_(
        "The gauge is coarse: its steps of {step:.4g} are as large as sigma within ({sigma:.4g}), so ranges "
        "say little. Read one more digit."
    ),
    "in turn": N_(
        "Each value resembles the one {turn:.0f} before it (correlation {r:.2f}): several streams, "
        "such as cavities or heads, seem to be mixed in turn. Chart each by itself."
    ),
    "two heaps": N_(
        "The values lie in two heaps: several streams seem to be mixed. Find what tells them apart, and "
        "chart each."
    ),
    "between": N_(
        "Subgroups differ by more than their own spread explains (F = {f:.1f}): with limits from the spread "
        "within, many points would lie beyond. Chart between and within."
    ),
    "streams within": N_(
        "Means vary less than the spread within explains (F = {f:.2f}): each subgroup seems to mix several "
        "streams. Let a subgroup come from one stream."
    ),
    "overdispersed": N_(
        "Counts vary {ratio:.1f} times as much as chance gives (variance): the usual limits would be too "
        "narrow."
    ),
    "underdispersed": N_(
        "Counts vary only {ratio:.2f} times as much as chance gives: they are not independent, or were made "
        "to fit."
    ),
    "rare": N_(
        "On average {mean:.2f} are counted in a sample: too few for limits. Chart what lies between two "
        "events."
    ),
}


@dataclass(frozen=True)
class Finding:
    """What the data show: its ``code``, and the ``values`` of its sentence."""

    code: str
    values: Mapping[str, float] = field(default_factory=dict)

    def words(self, language: str | None = None) -> str:
        """The finding as a sentence."""
        return translator(language)(WORDS[self.code]).format(**self.values)


@dataclass(frozen=True, kw_only=True, eq=False)
class Recommendation(Result):
    """A kind of chart for these data.

    ``name`` is the characteristic, ``kind`` the proposed chart, ``usual`` the one that the layout alone would
    have, ``points`` how many points it has and ``size`` the largest subgroup or sample. ``findings`` are the
    warnings.
    """

    NAME: ClassVar[str] = "recommendation"

    name: str
    kind: str
    usual: str
    points: int
    size: float
    findings: tuple[Finding, ...]

    @property
    def warnings(self) -> tuple[str, ...]:
        """Every finding as a sentence."""
        return tuple(finding.words() for finding in self.findings)

    def headline(self, language: str | None = None) -> str:
        t = translator(language)
        title = t(kind_named(self.kind).words.title)
        said = t(N_("{name}: use a chart of kind {kind} ({title}).")).format(
            name=self.name, kind=self.kind, title=title
        )
        if not self.findings:
            return f"{said} {t(N_('Nothing in the data speaks against it.'))}"
        return " ".join([said, *(finding.words(language) for finding in self.findings)])

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        t = translator(language)
        columns = (
            Column("what", t(N_("What")), align="left"),
            Column("answer", t(N_("Answer")), align="left"),
        )
        words = kind_named(self.kind).words
        rows = [
            (t(N_("Kind")), self.kind),
            (t(N_("Question")), t(words.purpose)),
            (t(N_("Needs")), t(words.needs)),
            *((t(N_("Use instead")), t(other)) for other in words.instead),
            (t(N_("Points")), f"{self.points}"),
            (t(N_("Largest size")), f"{self.size:g}"),
        ]
        return (Table.build(t(N_("Recommended chart")), columns, rows),)

    def explain(self, language: str | None = None) -> str:
        t = translator(language)
        return t(
            N_(
                "Counts of a sample take p or u, subgroups up to eight values ranges, larger ones standard "
                "deviations, single values moving ranges. A warning is given where chance would show as "
                "much once in a thousand times: autocorrelation at lag one beyond 3.3 / √n, normality by "
                "Anderson and Darling, streams in turn by the autocorrelation at two to eight, two heaps by "
                "Sarle's coefficient, between and within by the F of a one-way analysis, dispersion by "
                "chi-square over the points."
            )
        )


def recommend(
    frame: Frame,
    *,
    value: str | Sequence[str] | None = None,
    subgroup: str | None = None,
    size: int | None = None,
    n: str | float | None = None,
    counts: Literal["defectives", "defects"] = "defectives",
) -> Recommendation:
    """Which chart suits these data, and what about them would mislead it?

    Parameters
    ----------
    frame : Frame
        Data in time order, in any layout that ``control_chart`` takes.
    value : str or list of str, optional
        The column, or the columns of wide data.
    subgroup, size : str, int, optional
        The column that names the subgroup, or how many rows make one.
    n : str or float, optional
        The items or units inspected: then the values are counts.
    counts : {"defectives", "defects"}
        What is counted, where ``n`` is given.

    Returns
    -------
    Recommendation
        The kind, and what speaks against trusting it, in words.

    Raises
    ------
    DataError
        For data that no chart can take.
    UnknownName
        For an unknown column, or another word for ``counts``.

    Examples
    --------
    >>> recommend([9.9, 10.2, 10.0, 9.8, 10.1, 10.3, 9.7, 10.0]).kind
    'i-mr'
    """
    if n is not None:
        return _of_counts(frame, value, n, counts)
    if subgroup is None and size is None and not is_wide(frame, value):
        name = value if isinstance(value, str) or value is None else value[0]
        return _of_single(frame, Sample.of(frame, name))
    groups = Subgroups.of(frame, value=value, subgroup=subgroup, size=size)
    return _of_subgroups(frame, groups)


def _of_single(frame: Frame, sample: Sample) -> Recommendation:
    values = sample.present
    sigma = float(np.abs(np.diff(values)).mean()) / d2(2) if len(values) > 1 else 0.0
    steps = _coarse(values, sigma)
    shape = [] if 0 < _step(values) >= ROUNDED * sigma else _in_shape(values)
    found = [*_few(len(values)), *_in_order(values), *shape, *steps]
    return Recommendation(
        name=sample.name,
        kind="i-mr",
        usual="i-mr",
        points=len(values),
        size=1.0,
        findings=tuple(found),
        backend=backend_of(frame),
    )


def _of_subgroups(frame: Frame, groups: Subgroups) -> Recommendation:
    sizes = groups.sizes[groups.sizes > 0]
    largest = int(sizes.max())
    usual = "i-mr" if largest == 1 else "xbar-r" if largest <= RANGES_UP_TO else "xbar-s"
    found = _few(len(sizes))
    kind = usual
    if largest > 1:
        values = groups.values
        number = np.repeat(np.arange(len(sizes)), sizes)
        centers = np.bincount(number, weights=values) / sizes
        away = values - centers[number]
        free = len(values) - len(sizes)
        within = float((away**2).sum()) / free if free else 0.0
        between = float((sizes * (centers - values.mean()) ** 2).sum()) / max(len(sizes) - 1, 1)
        if within > 0 and len(sizes) > 2:
            f = between / within
            if float(f_sf(f, len(sizes) - 1, free)) < SURE and f > 3:
                found.append(Finding("between", {"f": f}))
                kind = "i-mr-r" if usual == "xbar-r" else "i-mr-s"
            elif 1 - float(f_sf(f, len(sizes) - 1, free)) < SURE:
                found.append(Finding("streams within", {"f": f}))
            found += _coarse(values, math.sqrt(within))
    return Recommendation(
        name=groups.name,
        kind=kind,
        usual=usual,
        points=len(sizes),
        size=float(largest),
        findings=tuple(found),
        backend=backend_of(frame),
    )


def _of_counts(
    frame: Frame, value: str | Sequence[str] | None, n: str | float, nature: Literal["defectives", "defects"]
) -> Recommendation:
    if nature not in ("defectives", "defects"):
        raise UnknownName(str(nature), ("defectives", "defects"), what=N_("count"), argument="counts")
    name = value if isinstance(value, str) or value is None else value[0]
    data = Counts.of(frame, name, n, nature=nature)
    known = ~np.isnan(data.counts)
    count, sizes = data.counts[known], data.sizes[known]
    level = bool((sizes == sizes[0]).all())
    usual = ("np" if level else "p") if nature == "defectives" else ("c" if level else "u")
    found, kind = _few(len(count)), usual
    ratio, p = _dispersion(count, sizes, nature)
    if count.mean() < 1:
        found.append(Finding("rare", {"mean": float(count.mean())}))
        kind = "g" if nature == "defectives" else "t"
    elif p < SURE:
        found.append(Finding("overdispersed", {"ratio": ratio}))
        kind = "laney-p" if nature == "defectives" else "laney-u"
    elif p > 1 - SURE:
        found.append(Finding("underdispersed", {"ratio": ratio}))
    return Recommendation(
        name=data.name,
        kind=kind,
        usual=usual,
        points=len(count),
        size=float(sizes.max()),
        findings=tuple(found),
        backend=backend_of(frame),
    )


def _dispersion(count: Floats, sizes: Floats, nature: str) -> tuple[float, float]:
    """Variance over that of chance, and the chance of as much."""
    rate = float(count.sum() / sizes.sum())
    chance = rate * sizes * (1 - rate if nature == "defectives" else 1.0)
    if len(count) < 2 or not (chance > 0).all():
        return 1.0, 0.5
    square = float(((count - rate * sizes) ** 2 / chance).sum())
    return square / (len(count) - 1), float(chi2_sf(square, len(count) - 1))


def _few(points: int) -> list[Finding]:
    return [Finding("few", {"points": points, "few": FEW})] if points < FEW else []


def _in_order(values: Floats) -> list[Finding]:
    """Whether the order of the values tells more than chance."""
    n = len(values)
    if n < FEW or values.min() == values.max():
        return []
    beyond = 3.3 / math.sqrt(n)
    first = autocorrelation(values)
    centered = values - values.mean()
    total = float(centered @ centered)
    turns = {lag: float(centered[lag:] @ centered[:-lag]) / total for lag in range(2, LONGEST_TURN + 1)}
    turn = max(turns, key=lambda lag: turns[lag])
    if turns[turn] > max(beyond, first + beyond):
        return [Finding("in turn", {"turn": turn, "r": turns[turn]})]
    if first > beyond:
        return [Finding("autocorrelated", {"r": first})]
    return [Finding("opposed", {"r": first})] if first < -beyond else []


def _in_shape(values: Floats) -> list[Finding]:
    """Whether the values look normal, or like two heaps."""
    n = len(values)
    if n < FEW or values.min() == values.max():
        return []
    p = anderson_darling(values).p
    if p is None or p >= SURE:
        return []
    z = (values - values.mean()) / values.std()
    skew, peak = float((z**3).mean()), float((z**4).mean())
    if (skew * skew + 1) / peak > 5 / 9 and peak < 2.4:
        return [Finding("two heaps")]
    if abs(skew) > 0.5:
        return [Finding("skewed", {"skew": skewness(values), "p": p})]
    return [Finding("not normal", {"p": p})]


def _coarse(values: Floats, sigma: float) -> list[Finding]:
    """Whether the smallest step between values is as large as sigma within."""
    step = _step(values)
    return [Finding("coarse", {"step": step, "sigma": sigma})] if 0 < step >= sigma else []


def _step(values: Floats) -> float:
    """The smallest step between values of which most come more than once; zero where they do not."""
    different = np.unique(values)
    if not 2 <= len(different) < 0.5 * len(values):
        return 0.0
    return float(np.diff(different).min())
