"""Conventions: what an authority or a program does by itself where others do something else.

A convention only settles what was not asked: a method that is named stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gemba.stats.results import N_, UnknownName

TOTAL = "total"
"""Sigma within is the standard deviation of all values: no difference between within and overall."""


@dataclass(frozen=True)
class Convention:
    """What is taken where nothing is said.

    ``ranges``, ``deviations`` and ``moves`` are the estimators of sigma of charts with ranges, with standard
    deviations and of individuals; ``study`` that of a capability study of subgroups. ``plain_df`` gives the
    interval of Cp n - 1 degrees of freedom where it is from individuals, or always, and ``keeps_bias`` leaves
    the bias of sigma within in it. ``middle`` puts the target in the middle when none is given,
    ``cpm_within`` takes sigma within in Cpm.
    """

    name: str
    words: str
    ranges: str = "Rbar"
    deviations: str = "Sbar"
    moves: str = "average moving range"
    study: str = "pooled"
    plain_df: tuple[str, ...] = ()
    keeps_bias: bool = False
    middle: bool = False
    cpm_within: bool = False

    def method(self, default: str) -> str:
        """What the convention takes where this program takes ``default``."""
        own = {"Rbar": self.ranges, "Sbar": self.deviations, "average moving range": self.moves}
        return own.get(default, default)


CONVENTIONS: Mapping[str, Convention] = {
    one.name: one
    for one in (
        Convention(
            "gemba",
            N_(
                "Gemba: subgroup ranges and standard deviations are averaged with least variance; a study "
                "takes the pooled standard deviation over c4, and the degrees of freedom that the "
                "estimator really has."
            ),
        ),
        Convention(
            "minitab",
            N_(
                "Minitab: the same estimators as Gemba's defaults; the interval of Cp keeps the bias of "
                "sigma within, and takes n - 1 degrees of freedom for individuals."
            ),
            plain_df=("average moving range",),
            keeps_bias=True,
        ),
        Convention(
            "jmp",
            N_(
                "JMP: ranges over d2 and standard deviations over c4 are averaged plainly, whatever the "
                "sizes; of its choices for a study the average of the standard deviations is taken here."
            ),
            ranges="Rbar unweighted",
            deviations="Sbar unweighted",
            study="Sbar unweighted",
        ),
        Convention(
            "aiag",
            N_(
                "AIAG, Statistical Process Control, 2nd ed. (2005): Rbar / d2 within subgroups, on the "
                "chart and in the study."
            ),
            study="Rbar",
        ),
        Convention(
            "iso22514",
            N_(
                "ISO 22514-2:2017: capability stands on the distribution of all values of a stable "
                "process, so that Cp and Cpk are what others call Pp and Ppk; charts as in ISO 7870-2."
            ),
            study=TOTAL,
        ),
        Convention(
            "qcc",
            N_(
                "R's qcc: ranges over d2 are averaged plainly, the target lies in the middle when none is "
                "given, Cpm stands on sigma within, and intervals take n - 1 degrees of freedom."
            ),
            ranges="Rbar unweighted",
            deviations="Sbar unweighted",
            study="Rbar unweighted",
            plain_df=("Rbar unweighted", "average moving range"),
            keeps_bias=True,
            middle=True,
            cpm_within=True,
        ),
    )
}


def convention_named(name: str | None) -> Convention:
    """The convention of a name; Gemba's own where none is asked.

    Raises
    ------
    UnknownName
        For a name that is none; the nearest one is offered.
    """
    if name is None:
        return CONVENTIONS["gemba"]
    found = CONVENTIONS.get(str(name).strip().lower())
    if found is None:
        raise UnknownName(str(name), CONVENTIONS, what=N_("convention"), argument="convention")
    return found
