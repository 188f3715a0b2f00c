"""Several characteristics of one product at once: one table, and one picture of place and spread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from gemba.stats.capability.result import Capability
from gemba.stats.capability.study import capability
from gemba.stats.capability.words import remark_of
from gemba.stats.data import Frame, backend_of
from gemba.stats.results import N_, NN_, Column, DataError, Result, Table, translator

if TYPE_CHECKING:
    from gemba.stats.figures import Figure


@dataclass(frozen=True, kw_only=True, eq=False)
class CapabilityTogether(Result):
    """The capability of several characteristics.

    ``studies`` has one ``Capability`` each, in the order of the specifications; ``min_cpk`` was wanted.
    """

    NAME: ClassVar[str] = "capability of several"

    studies: tuple[Capability, ...]
    min_cpk: float

    def __getitem__(self, name: str) -> Capability:
        """The study of one characteristic."""
        return next(study for study in self.studies if study.name == name)

    @property
    def ranked(self) -> tuple[Capability, ...]:
        """From the least capable to the most: by Ppk, which every study has."""
        return tuple(sorted(self.studies, key=lambda study: study.ppk))

    @property
    def capable(self) -> tuple[Capability, ...]:
        """Those that are stable and of which the lower bound of Cpk reaches what was wanted."""
        return tuple(study for study in self.studies if study.capable)

    def headline(self, language: str | None = None) -> str:
        t = translator(language)
        reached, every = len(self.capable), len(self.studies)
        said = t.counted(
            NN_(
                "{reached} of {every} characteristic is stable and shown to reach {wanted:g}.",
                "{reached} of {every} characteristics are stable and shown to reach {wanted:g}.",
            ),
            every,
        ).format(reached=reached, every=every, wanted=self.min_cpk)
        if reached == every:
            return said
        worst = next(study for study in self.ranked if not study.capable)
        words = N_("Look first at {name}: Ppk {ppk:.2f}.")
        return f"{said} {t(words).format(name=worst.name, ppk=worst.ppk)}"

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        t = translator(language)
        percent = f"{100 * self.studies[0].confidence:g}"
        columns = (
            Column("name", t(N_("Characteristic")), align="left"),
            Column("n", t(N_("Values"))),
            Column("mean", t(N_("Mean")), digits=6),
            Column("cp", "Cp", decimals=2),
            Column("cpk", "Cpk", decimals=2),
            Column("pp", "Pp", decimals=2),
            Column("ppk", "Ppk", decimals=2),
            Column("lower", t(N_("Ppk at least ({percent} %)")).format(percent=percent), decimals=2),
            Column("ppm", t(N_("Expected, ppm")), digits=3),
            Column("remark", t(N_("Remark")), align="left"),
        )
        rows = []
        for one in self.ranked:
            bound = one.confidence_interval("ppk", one.confidence, side="lower").lower
            remark = t(remark_of(one)) if remark_of(one) else ""
            rows.append(
                (
                    one.name,
                    one.n,
                    one.mean,
                    one.cp,
                    one.cpk,
                    one.pp,
                    one.ppk,
                    bound,
                    one.ppm_overall.total,
                    remark,
                )
            )
        return (Table.build(t(N_("Characteristics, the least capable first")), columns, rows),)

    def explain(self, language: str | None = None) -> str:
        t = translator(language)
        return t(
            N_(
                "Each characteristic is a capability study of its own. In the goal plot each stands by its "
                "mean less the target over the width of its tolerance (across), and by its standard "
                "deviation overall over that width (up), so that characteristics of any unit share one "
                "picture: below a slanted line Ppk is at least what the line says. Left and right tell "
                "that the mean is off, up tells that the spread is too wide. Without a target the middle "
                "of the tolerance is aimed at. With one limit, or a target off the middle, twice the "
                "distance from the target to the nearer limit stands for the width; with one limit and no "
                "target there is no place on the plot."
            )
        )

    def plot(self, *, language: str | None = None, room: float | None = None) -> Figure:
        """The goal plot, over ``room`` pixels where that is said."""
        from gemba.stats.capability.picture_goal import goal_figure

        return goal_figure(self, language=language, room=room)


def capability_together(
    frame: Frame, specifications: Mapping[str, Any], *, min_cpk: float = 1.33, **asked: Any
) -> CapabilityTogether:
    """Which of several characteristics are capable, and what is wrong with the others: place or spread?

    Parameters
    ----------
    frame : Frame
        One column each, in time order.
    specifications : mapping
        Column -> its ``lsl``, ``usl`` and ``target``, and any other argument of ``capability``; or
        ``(lsl, usl)`` or ``(lsl, usl, target)``.
    min_cpk : float
        What all of them must reach.
    asked
        Arguments of ``capability`` for all of them, such as ``subgroup`` or ``size``.

    Returns
    -------
    CapabilityTogether
        A study each, a table from the least capable on, and the goal plot.

    Raises
    ------
    DataError
        Without a specification, and for what ``capability`` refuses, with the column named.

    Notes
    -----
    Sources as in ``capability``; the goal plot is that of Six Sigma scorecards and of JMP.

    Examples
    --------
    >>> parts = {"bore": [10.01, 9.99, 10.02, 9.98, 10.0, 10.01], "face": [4.1, 4.3, 4.2, 4.0, 4.2, 4.1]}
    >>> limits = {"bore": {"lsl": 9.9, "usl": 10.1}, "face": {"lsl": 3.9, "usl": 4.4}}
    >>> found = capability_together(parts, limits)
    >>> found.ranked[0].name
    'face'
    """
    if not specifications:
        raise DataError(
            N_("no characteristic has a specification"),
            mend=N_("Give a mapping of column to its limits: lsl, usl and target"),
            argument="specifications",
        )
    studies = tuple(
        capability(frame, **(dict(asked) | {"value": name, "min_cpk": min_cpk} | _stated(name, limits)))
        for name, limits in specifications.items()
    )
    return CapabilityTogether(studies=studies, min_cpk=min_cpk, backend=backend_of(frame))


def _stated(name: str, limits: Any) -> dict[str, Any]:
    """What is said of one characteristic, as arguments."""
    if isinstance(limits, Mapping):
        return dict(limits)
    if isinstance(limits, tuple) and 1 < len(limits) < 4:
        return dict(zip(("lsl", "usl", "target"), limits, strict=False))
    raise DataError(
        N_("{value} is no specification"),
        mend=N_("Give (lsl, usl), or a mapping with lsl, usl and target"),
        argument="specifications",
        column=name,
        value=limits,
    )
