"""Yield of a chain of steps: what passes the first time, step by step and through all of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from gemba.stats.capability.attributes import Model, rate_bound
from gemba.stats.capability.intervals import Interval, check_level
from gemba.stats.data import Counts, Frame, backend_of
from gemba.stats.data.frames import get_numbers
from gemba.stats.distributions import normal_isf
from gemba.stats.results import N_, Column, DataError, Floats, Result, Table, translator


@dataclass(frozen=True)
class StepYield:
    """One step: ``count`` defects or defective items of ``units``.

    ``opportunities`` are the ways in which one unit can be wrong. ``dpu`` are defects a unit, ``dpmo``
    defects a million opportunities, ``passed`` the share of units that go through without a defect, with its
    exact ``interval``. ``z`` is the normal distance of a share as large as that of the wrong opportunities.
    """

    name: str
    count: float
    units: float
    opportunities: float
    dpu: float
    dpmo: float
    passed: float
    interval: Interval
    z: float


@dataclass(frozen=True, kw_only=True, eq=False)
class ThroughputYield(Result):
    """First-pass yield of each step, and the rolled yield of all.

    ``model`` is ``"poisson"`` for defects and ``"binomial"`` for defective items. ``steps`` are in the order
    of the rows. ``confidence`` is that of the intervals. ``z_shift`` was asked to be added to each Z.
    """

    NAME: ClassVar[str] = "throughput yield"

    model: Model
    steps: tuple[StepYield, ...]
    confidence: float
    z_shift: float | None = None

    @property
    def rolled(self) -> float:
        """The share of units that pass every step without a defect, when steps are independent."""
        return math.prod(step.passed for step in self.steps)

    @property
    def interval(self) -> Interval:
        """Of the rolled yield, by the standard error of its logarithm."""
        error = math.sqrt(math.fsum(self._variance(step) for step in self.steps))
        reach = float(normal_isf((1 - self.confidence) / 2)) * error
        return Interval(self.rolled * math.exp(-reach), min(1.0, self.rolled * math.exp(reach)))

    @property
    def normalised(self) -> float:
        """The yield that each step would have if all were alike: the geometric mean."""
        return float(self.rolled ** (1 / len(self.steps)))

    @property
    def worst(self) -> StepYield:
        """The step that lets the fewest units through."""
        return min(self.steps, key=lambda step: step.passed)

    def _variance(self, step: StepYield) -> float:
        """Of the logarithm of a step's yield."""
        if self.model == "poisson":
            return step.count / step.units**2
        return (1 - step.passed) / (step.units * step.passed) if step.passed > 0 else math.inf

    def headline(self, language: str | None = None) -> str:
        t = translator(language)
        words = N_(
            "{rolled:.2f} % of all units pass every step the first time ({lower:.2f} to {upper:.2f} %). "
            "Most is lost at {name}: {passed:.2f} % pass."
        )
        return t(words).format(
            rolled=100 * self.rolled,
            lower=100 * self.interval.lower,
            upper=100 * self.interval.upper,
            name=self.worst.name,
            passed=100 * self.worst.passed,
        )

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        t = translator(language)
        columns = (
            Column("step", t(N_("Step")), align="left"),
            Column("units", t(N_("Units"))),
            Column("count", t(N_("Defects")) if self.model == "poisson" else t(N_("Defective"))),
            Column("dpu", t(N_("DPU")), digits=4),
            Column("dpmo", t(N_("DPMO")), digits=5),
            Column("yield", t(N_("Yield, %")), decimals=2),
            Column("lower", t(N_("Lower")), decimals=2),
            Column("upper", t(N_("Upper")), decimals=2),
            Column("z", t(N_("Z")), decimals=2),
        )
        rows: list[tuple[object, ...]] = [
            (x.name, x.units, x.count, x.dpu, x.dpmo, *_percents(x.passed, x.interval), _finite(x.z))
            for x in self.steps
        ]
        alike = (100 * self.normalised, None, None, None)
        rows.append((t(N_("rolled")), None, None, None, None, *_percents(self.rolled, self.interval), None))
        rows.append((t(N_("each, if all were alike")), None, None, None, None, *alike))
        notes = []
        if self.z_shift is not None:
            notes.append(t(N_("Z contains a shift of {shift:g}.")).format(shift=self.z_shift))
        return (Table.build(t(N_("Yield by step")), columns, rows, notes),)

    def explain(self, language: str | None = None) -> str:
        t = translator(language)
        return t(
            N_(
                "DPU is defects over units, DPMO a million times defects over units times opportunities. "
                "The yield of a step is exp(-DPU) where defects are counted (Poisson), and 1 - p where "
                "defective items are: the first-pass yield, with the exact interval of Garwood (1936) or "
                "Clopper and Pearson (1934). The rolled throughput yield is the product over all steps, "
                "which supposes that steps fail independently; its interval comes from the standard error "
                "of its logarithm. Z is the normal distance beyond which a share as large as DPMO lies, "
                "without a shift unless one is asked for. Reworked units must not be counted as passed: "
                "that is what the rolled yield is for."
            )
        )


def throughput_yield(
    frame: Frame,
    *,
    units: str | float,
    defects: str | None = None,
    defective: str | None = None,
    step: str | None = None,
    opportunities: str | float = 1.0,
    z_shift: float | None = None,
    confidence: float = 0.95,
) -> ThroughputYield:
    """How many units pass each step, and all of them, the first time?

    Parameters
    ----------
    frame : Frame
        One row a step, in their order.
    units : str or float
        The column of units that entered the step, or one number for all.
    defects, defective : str, optional
        The column of defects, or of defective units: one of the two.
    step : str, optional
        The column that names the steps.
    opportunities : str or float
        In how many ways one unit can be wrong: a column, or one number.
    z_shift : float, optional
        Added to each Z, such as 1.5. Default: no shift.
    confidence : float
        Of the intervals.

    Returns
    -------
    ThroughputYield
        DPU, DPMO, yield and Z of each step, and the rolled throughput yield with its interval.

    Raises
    ------
    DataError
        For counts that cannot be, opportunities not above zero, or when not exactly one of ``defects`` and
        ``defective`` is given.
    UnknownName
        For an unknown column.

    Notes
    -----
    Garwood, Biometrika 28 (1936), 437-442; Clopper and Pearson, Biometrika 26 (1934), 404-413.

    Examples
    --------
    >>> line = {"step": ["press", "weld", "paint"], "units": [500, 490, 480], "defects": [5, 24, 12]}
    >>> found = throughput_yield(line, units="units", defects="defects", step="step")
    >>> round(found.rolled, 4), found.worst.name
    (0.9195, 'weld')
    """
    check_level(confidence, argument="confidence")
    if (defects is None) is (defective is None):
        raise DataError(
            N_("a yield comes from defects or from defective units, one of the two"),
            mend=N_("Give the column of defects, or that of defective units"),
            argument="defects",
        )
    model: Model = "poisson" if defective is None else "binomial"
    nature = "defects" if defective is None else "defectives"
    counted = Counts.of(frame, defects or defective, units, nature=nature, label=step)  # type: ignore[arg-type]
    ways = _opportunities(frame, opportunities, len(counted.counts))
    names = counted.labels or tuple(range(1, len(counted.counts) + 1))
    rows = zip(map(str, names), counted.counts.tolist(), counted.sizes.tolist(), ways.tolist(), strict=True)
    steps = [_step(model, row, confidence, z_shift) for row in rows if not math.isnan(row[1])]
    return ThroughputYield(
        model=model, steps=tuple(steps), confidence=confidence, z_shift=z_shift, backend=backend_of(frame)
    )


def _step(
    model: Model, row: tuple[str, float, float, float], confidence: float, shift: float | None
) -> StepYield:
    name, count, units, ways = row
    outside = (1 - confidence) / 2
    low, high = (rate_bound(model, count, units, share) for share in (outside, 1 - outside))
    wrong = count / (units * ways)
    z = float(normal_isf(min(wrong, 1.0))) + (shift or 0.0)
    interval = Interval(_passed(model, high), _passed(model, low))
    return StepYield(
        name, count, units, ways, count / units, 1e6 * wrong, _passed(model, count / units), interval, z
    )


def _passed(model: Model, rate: float) -> float:
    return math.exp(-rate) if model == "poisson" else 1 - rate


def _opportunities(frame: Frame, given: str | float, length: int) -> Floats:
    found = (
        get_numbers(frame, given, argument="opportunities")
        if isinstance(given, str)
        else np.full(length, given)
    )
    if not (np.isfinite(found) & (found > 0)).all():
        raise DataError(
            N_("a unit has at least one opportunity to be wrong"),
            mend=N_("Give a number above zero, or a column of them"),
            argument="opportunities",
            value=float(found[~(np.isfinite(found) & (found > 0))][0]),
        )
    return np.asarray(found, dtype=np.float64)


def _percents(share: float, interval: Interval) -> tuple[float, float, float]:
    return 100 * share, 100 * interval.lower, 100 * interval.upper


def _finite(z: float) -> float | None:
    return z if math.isfinite(z) else None
