"""Westgard's rules over several control materials that are measured in the same runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from gemba.stats.charts.rules import WESTGARD_WARNING, RuleSet, find_violations
from gemba.stats.data import Frame, backend_of, get_numbers
from gemba.stats.results import N_, Column, DataError, Floats, Result, Table, UnknownName, sealed, translator

_WITHIN = RuleSet("within", tuple(rule for rule in WESTGARD_WARNING.rules if rule.code != "R-4s"))
_ACROSS = RuleSet("across", tuple(WESTGARD_WARNING[code] for code in ("4-1s", "10x")))
_WARNING = "1-2s"


@dataclass(frozen=True)
class RunFinding:
    """One rule at one run.

    ``run`` is its number from 1, ``rule`` the code, ``materials`` are those that make it fire: one where the
    runs of one material do, several where the rule reaches across.
    """

    run: int
    rule: str
    materials: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class ControlRuns(Result):
    """Runs judged by several control materials.

    ``materials`` are their names, ``z`` holds the runs of each: how many standard deviations a result lies
    from its mean. ``findings`` are all rules that fire, run by run.
    """

    NAME: ClassVar[str] = "control runs"

    materials: tuple[str, ...]
    z: tuple[Floats, ...]
    findings: tuple[RunFinding, ...]

    @property
    def rejected(self) -> tuple[int, ...]:
        """The runs at which a rule fires that rejects."""
        return tuple(sorted({found.run for found in self.findings if found.rule != _WARNING}))

    @property
    def warned(self) -> tuple[int, ...]:
        """The runs at which only the warning 1-2s fires."""
        return tuple(sorted({found.run for found in self.findings} - set(self.rejected)))

    def headline(self, language: str | None = None) -> str:
        """How many runs are rejected, and which is the first."""
        t = translator(language)
        if not self.rejected:
            return t(N_("None of {count} runs is rejected; {warned} have a warning.")).format(
                count=len(self.z[0]), warned=len(self.warned)
            )
        words = t(N_("{rejected} of {count} runs are rejected, first run {first}; {warned} have a warning."))
        return words.format(
            rejected=len(self.rejected), count=len(self.z[0]), first=self.rejected[0], warned=len(self.warned)
        )

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        """A row for each rule that fires at a run."""
        t = translator(language)
        columns = [
            Column("run", t(N_("Run"))),
            Column("rule", t(N_("Rule")), align="left"),
            Column("materials", t(N_("Materials")), align="left"),
        ]
        rows = [(found.run, found.rule, ", ".join(found.materials)) for found in self.findings]
        return (Table.build(t(N_("Rules that fire")), columns, rows),)

    def explain(self, language: str | None = None) -> str:
        """Which rules look at one material, and which reach across."""
        t = translator(language)
        return " ".join(
            t(words)
            for words in (
                N_("1-2s, 1-3s, 2-2s, 4-1s and 10x are asked of the runs of each material."),
                N_("2-2s and R-4s are asked of the materials of one run too: both on one side, or apart."),
                N_(
                    "4-1s and 10x also of all results in their order, run after run and material by material."
                ),
                N_("Source: Westgard, Barry, Hunt and Groth, Clinical Chemistry 27(3), 1981, 493-501."),
            )
        )


def westgard(
    frame: Frame,
    *,
    value: Sequence[str],
    mean: Mapping[str, float] | Sequence[float],
    sigma: Mapping[str, float] | Sequence[float],
) -> ControlRuns:
    """Which runs do several control materials reject?

    Parameters
    ----------
    frame : Frame
        A row for each run.
    value : sequence of str
        The column of each control material, two or more.
    mean, sigma : mapping or sequence of float
        Mean and standard deviation of each material, by name or in the order of ``value``.

    Returns
    -------
    ControlRuns
        ``rejected``, ``warned``, and every rule that fires with its materials.

    Raises
    ------
    DataError
        For fewer than two materials, and a mean or sigma that is missing or cannot be.
    UnknownName
        For a mapping without one of the materials.

    Examples
    --------
    >>> runs = westgard(
    ...     {"low": [2.1, 10.0], "high": [19.0, 26.5]}, value=["low", "high"], mean=[5, 20], sigma=[1, 2]
    ... )
    >>> runs.rejected, [(found.rule, found.materials) for found in runs.findings if found.run == 2][-1]
    ((2,), ('2-2s', ('low', 'high')))
    """
    names = tuple(value)
    if isinstance(value, str) or len(names) < 2:
        raise DataError(
            N_("several control materials are needed"),
            mend=N_("Name the column of each, or use kind='levey-jennings' for one"),
            argument="value",
        )
    rows = np.column_stack([get_numbers(frame, name, argument="value") for name in names])
    middle, spread = _numbers(mean, names, "mean"), _numbers(sigma, names, "sigma")
    if not (spread > 0).all():
        raise DataError(
            N_("{value} is no standard deviation"),
            mend=N_("Give a number above zero for each material"),
            argument="sigma",
            value=float(spread[~(spread > 0)][0]),
        )
    z = (rows - middle) / spread
    found = {*_within(z, names), *_in_one_run(z, names), *_across(z, names)}
    order = {code: place for place, code in enumerate(WESTGARD_WARNING.codes)}

    def rank(one: RunFinding) -> tuple[int, int, list[int]]:
        return one.run, order[one.rule], [names.index(name) for name in one.materials]

    return ControlRuns(
        backend=backend_of(frame),
        materials=names,
        z=tuple(sealed(column.copy()) for column in z.T),
        findings=tuple(sorted(found, key=rank)),
    )


def _within(z: Floats, names: tuple[str, ...]) -> Iterator[RunFinding]:
    for place, name in enumerate(names):
        for violation in find_violations("i", z[:, place], 0.0, 1.0, None, None, _WITHIN):
            yield from (RunFinding(run, violation.rule, (name,)) for run in violation.fired)


def _in_one_run(z: Floats, names: tuple[str, ...]) -> Iterator[RunFinding]:
    for run, row in enumerate(z.tolist(), start=1):
        high = tuple(name for name, value in zip(names, row, strict=True) if value > 2)
        low = tuple(name for name, value in zip(names, row, strict=True) if value < -2)
        for side in (high, low):
            if len(side) > 1:
                yield RunFinding(run, "2-2s", side)
        if high and low:
            yield RunFinding(run, "R-4s", tuple(name for name in names if name in high + low))


def _across(z: Floats, names: tuple[str, ...]) -> Iterator[RunFinding]:
    results = np.ascontiguousarray(z).ravel()
    for violation in find_violations("i", results, 0.0, 1.0, None, None, _ACROSS):
        for run in sorted({(point - 1) // len(names) + 1 for point in violation.fired}):
            yield RunFinding(run, violation.rule, names)


def _numbers(given: Mapping[str, float] | Sequence[float], names: tuple[str, ...], argument: str) -> Floats:
    if isinstance(given, Mapping):
        for name in names:
            if name not in given:
                raise UnknownName(name, map(str, given), what=N_("control material"), argument=argument)
        given = [given[name] for name in names]
    numbers = np.array(given, dtype=np.float64)
    if numbers.shape != (len(names),) or not np.isfinite(numbers).all():
        raise DataError(
            N_("{count} numbers are given for {value} control materials, and each must be one"),
            mend=N_("Give one number for each of: {names}"),
            argument=argument,
            value=len(names),
            count=numbers.size,
            names=", ".join(names),
        )
    return numbers
