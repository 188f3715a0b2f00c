"""The same data under two conventions, line by line, and why the numbers differ."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, TypeAlias

from gemba.stats.capability.indices import EACH
from gemba.stats.capability.result import Capability
from gemba.stats.capability.study import capability
from gemba.stats.capability.tables import LABELS
from gemba.stats.capability.words import FORMULAS
from gemba.stats.charts import CONVENTIONS, ControlChart, control_chart, convention_named
from gemba.stats.data import Frame, backend_of
from gemba.stats.results import N_, NN_, Column, Result, Table, Translate, translator

EQUAL = 1e-12
Why = Literal["same", "estimator", "within", "cpm", "interval", "chart", "signals", "missing"]
Pair: TypeAlias = tuple[float | str | None, float | str | None]
REASONS: dict[Why, str] = {
    "same": N_("the same in both"),
    "estimator": N_("{first}: {first_sigma}. {second}: {second_sigma}"),
    "within": N_("stands on sigma within, which differs"),
    "cpm": N_("another sigma in Cpm, or another target"),
    "interval": N_("another index, other degrees of freedom, or a bias that is kept"),
    "chart": N_("the lines stand on sigma, which differs"),
    "signals": N_("the limits differ, and so does what lies beyond them"),
    "missing": N_("only one of them gives this figure"),
}
FIGURES = {
    "mean": N_("mean"),
    "target": N_("target"),
    "sigma within": N_("sigma within"),
    "degrees of freedom within": N_("degrees of freedom within"),
    "sigma overall": N_("sigma overall"),
    "ppm within": N_("ppm within"),
    "ppm overall": N_("ppm overall"),
}
BOUNDS = {"lower": N_("{index} lower"), "upper": N_("{index} upper")}


@dataclass(frozen=True)
class Difference:
    """One figure under both conventions, and why they differ."""

    quantity: str
    first: float | str | None
    second: float | str | None
    why: Why

    @property
    def relative(self) -> float | None:
        """How far the second lies from the first, as a share of the first."""
        if not isinstance(self.first, float) or not isinstance(self.second, float) or self.first == 0:
            return None
        return self.second / self.first - 1


@dataclass(frozen=True, kw_only=True, eq=False)
class ConventionComparison(Result):
    """The same data under two conventions.

    ``name`` is the characteristic, ``first`` and ``second`` are the conventions, ``kind`` the chart, or
    ``None`` for a capability study. ``methods`` are the estimators of sigma. ``lines`` has every figure with
    the reason of its difference.
    """

    NAME: ClassVar[str] = "convention comparison"

    name: str
    kind: str | None
    first: str
    second: str
    methods: tuple[str, str]
    lines: tuple[Difference, ...]

    @property
    def different(self) -> tuple[Difference, ...]:
        """The figures that differ."""
        return tuple(line for line in self.lines if line.why != "same")

    def headline(self, language: str | None = None) -> str:
        t = translator(language)
        about = {"name": self.name, "first": self.first, "second": self.second, "all": len(self.lines)}
        if not self.different:
            words = N_(
                "{name}: {first} and {second} agree in all {all} figures. With these data their ways come to "
                "the same."
            )
            return t(words).format(**about)
        differing = len(self.different)
        words = t.counted(
            NN_(
                "{name}: {first} and {second} differ in {count} of {all} figures.",
                "{name}: {first} and {second} differ in {count} of {all} figures.",
            ),
            differing,
        )
        return " ".join([words.format(**about, count=differing), *self._lead(t)])

    def _lead(self, t: Translate) -> Iterator[str]:
        """The figure that people ask about, where it differs."""
        wanted = ("Cpk", "Ppk", "sigma")
        line = next((one for name in wanted for one in self.different if one.quantity == name), None)
        if line is not None and isinstance(line.first, float) and isinstance(line.second, float):
            yield t(N_("{quantity}: {one:.4g} and {other:.4g}.")).format(
                quantity=line.quantity, one=line.first, other=line.second
            )

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        t = translator(language)
        columns = (
            Column("quantity", t(N_("Figure")), align="left"),
            Column("first", self.first, digits=6),
            Column("second", self.second, digits=6),
            Column("percent", t(N_("Difference, %")), decimals=2),
            Column("why", t(N_("Why")), align="left"),
        )
        rows = []
        for line in self.lines:
            percent = None if line.relative is None else 100 * line.relative
            rows.append((_called(line.quantity, t), line.first, line.second, percent, self._why(line, t)))
        return (Table.build(t(N_("The same data under two conventions")), columns, rows),)

    def _why(self, line: Difference, t: Translate) -> str:
        sigmas = [t(FORMULAS[method]) for method in self.methods]
        filled = {"first": self.first, "second": self.second}
        return t(REASONS[line.why]).format(**filled, first_sigma=sigmas[0], second_sigma=sigmas[1])

    def explain(self, language: str | None = None) -> str:
        t = translator(language)
        told = [t(CONVENTIONS[name].words) for name in (self.first, self.second)]
        told.append(
            t(
                N_(
                    "A convention settles only what was not asked for by name. Both answers come from the "
                    "same data and the same formulas; what differs is the estimator of sigma, its degrees "
                    "of freedom, and the target where none is given."
                )
            )
        )
        return "\n".join(told)


def compare_conventions(
    frame: Frame, first: str = "minitab", second: str = "qcc", *, kind: str | None = None, **asked: Any
) -> ConventionComparison:
    """Why do two authorities, or two programs, print different numbers for the same data?

    Parameters
    ----------
    frame : Frame
        The data.
    first, second : {"gemba", "minitab", "jmp", "aiag", "iso22514", "qcc"}
        The conventions.
    kind : str, optional
        A kind of control chart; without it a capability study is compared.
    asked
        Further arguments of ``control_chart`` or ``capability``.

    Returns
    -------
    ConventionComparison
        Each figure under both, the difference, and its reason.

    Raises
    ------
    UnknownName
        For an unknown convention.
    DataError
        For what ``control_chart`` or ``capability`` refuses.

    Notes
    -----
    The ways are those that the authorities and programs document; ``explain()`` says what each takes.

    Examples
    --------
    >>> rings = [[74.03, 74.00, 74.02], [74.00, 73.99, 74.01], [73.99, 74.02, 74.00], [74.01, 73.99, 74.00]]
    >>> found = compare_conventions(rings, "minitab", "aiag", lsl=73.95, usl=74.05)
    >>> found.different[0].quantity
    'sigma within'
    """
    names = tuple(convention_named(one).name for one in (first, second))
    if kind is None:
        studies = [capability(frame, **asked, convention=name) for name in names]
        lines = tuple(_of_studies(*studies))
        label, methods = studies[0].name, tuple(one.within.method for one in studies)
    else:
        charts = [control_chart(kind, frame, **asked, convention=name) for name in names]
        lines = tuple(_of_charts(*charts))
        label, methods = charts[0].name, tuple(one.limits.method for one in charts)
    return ConventionComparison(
        name=label,
        kind=kind,
        first=names[0],
        second=names[1],
        methods=(methods[0], methods[1]),
        lines=lines,
        backend=backend_of(frame),
    )


def _called(quantity: str, t: Translate) -> str:
    """A figure of a study in words; that of a chart by its name."""
    index, _, bound = quantity.rpartition(" ")
    if index in LABELS.values() and bound in BOUNDS:
        return t(BOUNDS[bound]).format(index=index)
    return t(FIGURES[quantity]) if quantity in FIGURES else quantity


def _line(quantity: str, values: Pair, why: Why) -> Difference:
    first, second = values
    if first is None or second is None:
        same, why = first == second, "missing"
    elif isinstance(first, float) and isinstance(second, float):
        unknown = math.isnan(first) and math.isnan(second)
        same = unknown or math.isclose(first, second, rel_tol=EQUAL)
    else:
        same = first == second
    return Difference(quantity, first, second, "same" if same else why)


def _of_studies(first: Capability, second: Capability) -> Iterator[Difference]:
    yield _line("mean", (first.mean, second.mean), "same")
    yield _line("target", (first.tolerance.target, second.tolerance.target), "cpm")
    yield _line("sigma within", (first.sigma_within, second.sigma_within), "estimator")
    yield _line("degrees of freedom within", (first.within.df, second.within.df), "interval")
    yield _line("sigma overall", (first.sigma_overall, second.sigma_overall), "same")
    one, other = first.intervals, second.intervals
    for name in EACH:
        if getattr(first, name) is None and getattr(second, name) is None:
            continue
        why: Why = "cpm" if name == "cpm" else "within"
        yield _line(LABELS[name], (getattr(first, name), getattr(second, name)), why)
        for bound in ("lower", "upper"):
            bounds = (getattr(one.get(name), bound, None), getattr(other.get(name), bound, None))
            yield _line(f"{LABELS[name]} {bound}", bounds, "interval")
    within = tuple(None if part is None else part.total for part in (first.ppm_within, second.ppm_within))
    yield _line("ppm within", (within[0], within[1]), "within")
    yield _line("ppm overall", (first.ppm_overall.total, second.ppm_overall.total), "same")


def _of_charts(first: ControlChart, second: ControlChart) -> Iterator[Difference]:
    yield _line("sigma", (first.limits.sigma, second.limits.sigma), "estimator")
    for one, other in zip(first.panels, second.panels, strict=True):
        for line in ("center", "lcl", "ucl"):
            for place in (0, len(one.points) - 1) if one.steps else (0,):
                at = f", point {place + 1}" if one.steps else ""
                values = float(getattr(one, line)[place]), float(getattr(other, line)[place])
                yield _line(f"{line} of {one.name}{at}", values, "chart")
        yield _line(f"signals of {one.name}", (_fired(first, one.name), _fired(second, one.name)), "signals")


def _fired(chart: ControlChart, panel: str) -> str:
    points = sorted({point for found in chart.violations.of(panel) for point in found.fired})
    return (", ".join(map(str, points[:12])) or "-") + (" ..." if len(points) > 12 else "")
