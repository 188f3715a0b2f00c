"""The operating characteristic of a chart: how likely is a point within the limits?"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from gemba.stats.charts.fit import known_limits
from gemba.stats.constants import range_cdf
from gemba.stats.distributions.normal import normal_cdf
from gemba.stats.results import N_, Column, DataError, Floats, Result, Table, UnknownName, sealed, translator

if TYPE_CHECKING:
    from gemba.stats.figures import Figure

_OF_MEANS = ("xbar", "xbar-r", "xbar-s", "i-mr")
_SPREADS = ("r", "s")
_SHARES = ("p", "np")
_RATES = ("c", "u")
KINDS = (*_OF_MEANS, *_SPREADS, *_SHARES, *_RATES)

WORDS = {
    "shift": N_("Shift of the mean in sigma"),
    "ratio": N_("New sigma over old"),
    "share": N_("Share of defectives"),
    "rate": N_("Defects per unit"),
}


@dataclass(frozen=True, kw_only=True, eq=False)
class OperatingCharacteristic(Result):
    """How likely one point lies within the limits.

    ``kind`` is the chart, ``n`` its size, ``nsigma`` the reach of its limits. ``at`` are the states
    of the process (``state`` says whether shifts, ratios of sigma, shares or rates),
    ``accept`` the chance of a point within the limits there. ``limits`` are those of the plotted points: in
    sigma of single values from the mean for means, in old sigma for spreads, as they are for counts.
    """

    NAME: ClassVar[str] = "operating characteristic"

    kind: str
    state: str
    n: float
    nsigma: float
    limits: tuple[float, float]
    at: Floats
    accept: Floats

    @property
    def signal(self) -> Floats:
        """The chance that one point signals."""
        return 1.0 - self.accept

    @property
    def arl(self) -> Floats:
        """Points to a signal on average; infinite where none ever comes."""
        with np.errstate(divide="ignore"):
            return 1.0 / self.signal

    def headline(self, language: str | None = None) -> str:
        """Where half of all points signal."""
        t = translator(language)
        seen = np.flatnonzero(self.signal >= 0.5)
        if not seen.size:
            return t(N_("No state that was asked is seen by half of all points.")).format()
        words = t(N_("{state} of {value:g}: one point signals with a chance of {chance:.0%}."))
        place = int(seen[np.argmin(np.abs(self.signal[seen] - 0.5))])
        return words.format(
            state=t(WORDS[self.state]), value=float(self.at[place]), chance=float(self.signal[place])
        )

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        """A row for each state."""
        t = translator(language)
        columns = [
            Column("at", t(WORDS[self.state])),
            Column("accept", t(N_("Within the limits")), decimals=5),
            Column("signal", t(N_("Signal at one point")), decimals=5),
            Column("arl", t(N_("Points to a signal")), digits=5),
        ]
        known = [value if math.isfinite(value) else None for value in self.arl.tolist()]
        rows = list(zip(self.at.tolist(), self.accept.tolist(), self.signal.tolist(), known, strict=True))
        return (Table.build(t(N_("Operating characteristic")), columns, rows),)

    def explain(self, language: str | None = None) -> str:
        """What is computed and what is assumed."""
        t = translator(language)
        return " ".join(
            t(words)
            for words in (
                N_(
                    "The chance that one point lies within the limits, a point on a limit included: by the "
                    "normal law for means, by the laws of range and chi-square for spreads, by the binomial "
                    "and Poisson's law for counts."
                ),
                N_("The limits are known, points are independent, and only the limits are judged."),
                N_(
                    "Source: Montgomery, Introduction to Statistical Quality Control, 7th ed., sections 6.2 "
                    "and 7.2."
                ),
            )
        )

    def plot(self, *, language: str | None = None, room: float | None = None) -> Figure:
        """The chance within the limits over the state of the process, over ``room`` pixels."""
        from gemba.stats.charts.operating_picture import draw

        return draw(self, language, room)


def operating_characteristic(
    kind: str = "xbar-r",
    *,
    n: float = 1,
    at: float | Sequence[float] | None = None,
    mean: float | None = None,
    nsigma: float = 3.0,
    limits: str = "normal",
) -> OperatingCharacteristic:
    """How likely does a chart overlook it, point by point?

    Parameters
    ----------
    kind : str
        ``"xbar-r"``, ``"xbar-s"``, ``"i-mr"``: shifts of the mean in sigma of single values; ``"r"`` and
        ``"s"``: the new sigma over the old one; ``"p"``, ``"np"``: the share of
        defectives; ``"c"``, ``"u"``: defects.
    n : float
        Values in a subgroup, items in a sample, or units inspected.
    at : float or sequence of float, optional
        The states of the process to ask about; a useful range when left out.
    mean : float, optional
        For counts the share or rate that the limits were made for.
    nsigma : float
        Where the limits stand.
    limits : {"normal", "exact"}
        For counts, as in ``control_chart``.

    Returns
    -------
    OperatingCharacteristic
        The chance within the limits at each state, that of a signal, and the average run length.

    Raises
    ------
    UnknownName
        For an unknown kind.
    DataError
        For numbers that cannot be.

    Examples
    --------
    >>> operating_characteristic("xbar-r", n=5, at=[0, 1, 2]).accept.round(4).tolist()
    [0.9973, 0.7775, 0.0705]
    """
    if kind not in KINDS:
        raise UnknownName(str(kind), KINDS, what=N_("kind with an operating characteristic"), argument="kind")
    counted = kind in _SHARES + _RATES
    if (mean is None) is counted:
        raise DataError(
            N_("a {kind} chart is made for a share or rate")
            if counted
            else N_("a {kind} chart needs no mean here"),
            mend=N_("Give mean") if counted else N_("Leave out mean"),
            argument="mean",
            kind=kind,
        )
    _check_size(kind, n)
    state, chance, lines = _law(kind, n, mean, nsigma, limits)
    states = _states(state, at, mean)
    return OperatingCharacteristic(
        kind=kind,
        state=state,
        n=n,
        nsigma=nsigma,
        limits=lines,
        at=states,
        accept=sealed(np.array([chance(float(one)) for one in states], dtype=np.float64)),
    )


def _check_size(kind: str, n: float) -> None:
    least = 2 if kind in (*_SPREADS, "xbar-r", "xbar-s") else 1
    whole = kind != "u"
    if not (n >= least or (kind == "u" and n > 0)) or (whole and n != int(n)):
        raise DataError(
            N_("{value} is no size for a {kind} chart"),
            mend=N_("Give a whole number of at least {least}"),
            argument="n",
            value=n,
            kind=kind,
            least=least,
        )


def _law(
    kind: str, n: float, mean: float | None, nsigma: float, limits: str
) -> tuple[str, Callable[[float], float], tuple[float, float]]:
    """What the states are, the chance within the limits at each, and the limits."""
    if kind in _OF_MEANS:
        root = math.sqrt(n)
        return "shift", lambda shift: _normal(nsigma, shift * root), (-nsigma / root, nsigma / root)
    design: dict[str, Any] = {} if kind in _SPREADS else {"limits": limits}
    given = {"sigma": 1.0} if kind in _SPREADS else {"mean": mean}
    line = known_limits(kind, nsigma=nsigma, **given, **design).lines(n)[0]
    lines = (line.lcl, line.ucl)
    if kind == "r":
        return "ratio", lambda ratio: _range(lines, ratio, int(n)), lines
    if kind == "s":
        return "ratio", lambda ratio: _deviation(lines, ratio, int(n)), lines
    scale = n if kind in ("p", "u") else 1.0
    least, most = math.ceil(lines[0] * scale - 1e-9), math.floor(lines[1] * scale + 1e-9)
    if kind in _SHARES:
        return "share", lambda share: _binomial(least, most, int(n), share), lines
    return "rate", lambda rate: _poisson(least, most, rate * (n if kind == "u" else 1.0)), lines


def _normal(reach: float, away: float) -> float:
    return float(normal_cdf(reach - away) - normal_cdf(-reach - away))


def _range(lines: tuple[float, float], ratio: float, n: int) -> float:
    low, high = range_cdf(np.array(lines) / ratio, n)
    return float(high - low)


def _deviation(lines: tuple[float, float], ratio: float, n: int) -> float:
    from scipy.special import chdtr

    low, high = chdtr(n - 1, (n - 1) * (np.array(lines) / ratio) ** 2)
    return float(high - low)


def _binomial(least: int, most: int, n: int, share: float) -> float:
    from scipy.stats import binom

    return float(binom.cdf(most, n, share) - binom.cdf(least - 1, n, share))


def _poisson(least: int, most: int, rate: float) -> float:
    from scipy.stats import poisson

    return float(poisson.cdf(most, rate) - poisson.cdf(least - 1, rate))


def _states(state: str, at: float | Sequence[float] | None, mean: float | None) -> Floats:
    if at is None:
        usual = {
            "shift": np.linspace(0.0, 3.0, 25),
            "ratio": np.linspace(0.5, 3.0, 26),
            "share": np.linspace(0.0, min(1.0, 5 * (mean or 0.0) + 0.05), 26),
            "rate": np.linspace(0.0, 4 * (mean or 0.0) + 1, 26),
        }[state]
        return sealed(usual)  # type: ignore[no-any-return]
    listed = np.atleast_1d(np.asarray(at, dtype=np.float64))
    low = {"shift": -math.inf, "ratio": 1e-9, "share": 0.0, "rate": 0.0}[state]
    high = 1.0 if state == "share" else math.inf
    bad = [value for value in listed.tolist() if not (low <= value <= high and math.isfinite(value))]
    if bad or not listed.size:
        raise DataError(
            N_("{value} is no state of this process"),
            mend=N_(
                "Give finite numbers: shifts in sigma, ratios above 0, shares from 0 to 1, or rates from 0"
            ),
            argument="at",
            value=bad[0] if bad else None,
        )
    return sealed(listed)  # type: ignore[no-any-return]
