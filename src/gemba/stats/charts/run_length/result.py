"""A run length study: how long to a false alarm, and how soon a shift is found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from gemba.stats.charts.rules import RuleSet
from gemba.stats.results import N_, Column, Result, Table, Translate, signed, translator

if TYPE_CHECKING:
    from gemba.stats.figures import Figure

SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
POINTS = (1, 2, 3, 5, 10, 20, 50)
CHAIN = N_(
    "A Markov chain on the zones between the limits, with the memory of every rule: exact but for rounding."
)
POLYNOMIALS = N_(
    "A Markov chain on zones and moves, with the last value's density in each zone as a polynomial. Two more "
    "nodes a zone change it by the share named as its error, so it is close, not exact."
)
EQUATION = N_(
    "An integral equation solved on Gauss and Legendre's nodes. More nodes change it by the share named as "
    "its error, so it is close, not exact."
)
ASSUMED = N_(
    "The points are independent and normal, and mean and sigma are known. Estimated limits, autocorrelation "
    "and skewed data give other run lengths, mostly more false alarms."
)
COUNTED = N_(
    "The run length counts points from the first one that is judged (zero state) to the first signal; the "
    "shift is there from the first point and is measured in sigma of single values."
)
SOURCES = {
    "shewhart": N_("Source: Champ and Woodall, Technometrics 29(4), 1987, 393-399."),
    "ewma": N_(
        "Sources: Crowder, Technometrics 29(4), 1987, 401-407; Lucas and Saccucci, Technometrics 32(1), "
        "1990, 1-12."
    ),
    "cusum": N_(
        "Sources: Brook and Evans, Biometrika 59, 1972, 539-549; Lucas and Crosier, Technometrics 24(3), "
        "1982, 199-205. Both sums together by their renewal at zero."
    ),
    "mcusum": N_(
        "Source: Crosier, Technometrics 30(3), 1988, 291-303, for the sum; its run length by the distance of "
        "the sum from zero, and under a shift by its place along and beside it. The shift is the distance by "
        "the covariance."
    ),
    "mewma": N_(
        "Sources: Rigdon, Journal of Statistical Computation and Simulation 52, 1995, 351-365; Runger and "
        "Prabhu, Journal of the American Statistical Association 91, 1996, 1701-1706. The limit stands as in "
        "the long run, and the shift is the distance by the covariance."
    ),
}


@dataclass(frozen=True)
class AtShift:
    """The run length at one shift.

    ``arl`` is its average, ``sd`` its standard deviation, ``quantiles`` the points after which 5, 25, 50, 75
    and 95 % of all charts have signalled, ``found`` the chance of a signal within 1, 2, 3, 5, 10, 20 and 50
    points.
    """

    shift: float
    arl: float
    sd: float
    quantiles: tuple[float, ...]
    found: tuple[float, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class RunLength(Result):
    """How long a chart runs to its first signal.

    ``kind`` is the chart, ``design`` its design values, ``rules`` what judges the points of a Shewhart chart
    (``None`` for others) and ``nsigma`` its limits, ``n`` the size of its subgroups. ``shifts`` has one entry
    a shift. ``error`` is the relative error of the averages as told by a finer computation, 0 where the
    method is exact but for rounding. ``target`` is the run length for which a limit was sought, else
    ``None``.
    """

    NAME: ClassVar[str] = "run length"

    kind: str
    design: Mapping[str, float | str]
    rules: RuleSet | None
    nsigma: float | None
    n: int
    shifts: tuple[AtShift, ...]
    error: float
    target: float | None = None

    @property
    def arl(self) -> tuple[float, ...]:
        """The average run length at each shift."""
        return tuple(at.arl for at in self.shifts)

    def headline(self, language: str | None = None) -> str:
        t = translator(language)
        said = [self.judged(t) + "."]
        for at in self.shifts:
            if at.shift == 0:
                words = t(
                    N_("In control one false alarm in {arl} points on average, half of them within {median}.")
                )
                said.append(words.format(arl=points_shown(at.arl), median=points_shown(at.quantiles[2])))
        ahead = [at for at in self.shifts if at.shift > 0]
        if ahead:
            at = min(ahead, key=lambda one: abs(one.shift - 1))
            words = t(N_("A shift of {shift:g} sigma is found after {arl} points on average."))
            said.append(words.format(shift=at.shift, arl=points_shown(at.arl)))
        return " ".join(said)

    def judged(self, t: Translate) -> str:
        """The chart and its design in words."""
        values = [
            f"{name}={value:g}" if isinstance(value, float | int) else f"{name}={value}"
            for name, value in self.design.items()
        ]
        if self.rules is not None:
            return t(N_("Rules {codes} with limits at {nsigma:.6g} sigma")).format(
                codes=", ".join(self.rules.codes), nsigma=self.nsigma
            )
        return f"{self.kind} {', '.join(values)}"

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        t = translator(language)
        shift = Column("shift", t(N_("Shift")))
        columns = [
            shift,
            Column("arl", t(N_("Average")), digits=5),
            Column("sd", t(N_("Std dev")), digits=5),
            *(Column(f"q{share * 100:.0f}", f"{share:.0%}", decimals=0) for share in SHARES),
        ]
        rows = [(at.shift, at.arl, at.sd, *at.quantiles) for at in self.shifts]
        notes = [t(N_("Percent columns: the points after which so many of all charts have signalled."))]
        if self.error > 0:
            notes.append(t(N_("Relative error of the averages: about {error:.0e}.")).format(error=self.error))
        within = [shift, *(Column(f"within_{count}", str(count), decimals=4) for count in POINTS)]
        found = [(at.shift, *at.found) for at in self.shifts]
        return (
            Table.build(t(N_("Points to a signal")), columns, rows, notes),
            Table.build(t(N_("Chance of a signal within so many points")), within, found),
        )

    def explain(self, language: str | None = None) -> str:
        t = translator(language)
        on_zones = POLYNOMIALS if self.error > 0 else CHAIN
        method = EQUATION if self.rules is None else on_zones
        return " ".join(t(words) for words in (method, COUNTED, ASSUMED, SOURCES[self.kind]))

    def plot(self, *, language: str | None = None) -> Figure:
        from gemba.stats.charts.run_length.picture import draw

        return draw(self, language)


def points_shown(number: float) -> str:
    """A number of points with as many digits as say something."""
    if number >= 1e7:
        return signed(f"{number:.3g}")
    return signed(f"{number:,.0f}" if number >= 100 or number == round(number) else f"{number:.1f}")
