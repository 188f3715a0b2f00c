"""The V-mask: the cusum as it was drawn on paper, with a mask laid over its newest point."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from gemba.stats.charts.design import check_positive
from gemba.stats.charts.fit import control_chart
from gemba.stats.charts.intake import Value
from gemba.stats.data import Frame, backend_of
from gemba.stats.results import N_, NN_, Column, DataError, Floats, Ints, Result, Table, sealed, translator

if TYPE_CHECKING:
    from gemba.stats.figures import Figure


@dataclass(frozen=True, kw_only=True, eq=False)
class VMask(Result):
    """A cumulative sum and the mask that judges it.

    Parameters
    ----------
    name : str
        The characteristic.
    mean, sigma : float
        What the sum is taken from, and its unit.
    k, h : float
        Slope of the arms, and half the opening of the mask at its point, in sigma of the plotted points; the
        same as allowance and decision interval of a ``cusum`` chart.
    sums : array
        The sum of (x - mean) sqrt(n) / sigma up to each point; NaN where a point is missing.
    at : int
        The point over which the mask lies, from 1.
    upward, downward : array of int
        Every point at which the mask, laid over it, is left by an earlier sum: a shift up, a shift down.
    began : int or None
        The first point of the shift that the mask at ``at`` shows.
    """

    NAME: ClassVar[str] = "v-mask"

    name: str
    mean: float
    sigma: float
    k: float
    h: float
    sums: Floats
    at: int
    upward: Ints
    downward: Ints
    began: int | None

    @property
    def lead(self) -> float:
        """The distance from the point to where the arms would meet: h / k."""
        return self.h / self.k

    @property
    def angle(self) -> float:
        """Half the angle between the arms in degrees, where a point and a sigma are drawn of one length."""
        return math.degrees(math.atan(self.k))

    def headline(self, language: str | None = None) -> str:
        """What the mask at its point shows, and at which points it would have signalled."""
        t = translator(language)
        if self.began is None:
            said = t(N_("At point {at} every sum lies inside the mask.")).format(at=self.at)
        else:
            up = self.at in self.upward.tolist()
            words = N_("At point {at} the mask shows a shift up since point {began}.")
            if not up:
                words = N_("At point {at} the mask shows a shift down since point {began}.")
            said = t(words).format(at=self.at, began=self.began)
        signals = sorted({*self.upward.tolist(), *self.downward.tolist()})
        if not signals:
            return said + " " + t(N_("It signals at no point."))
        first = t.counted(
            NN_("It signals at {count} point: {first}.", "It signals at {count} points, first at {first}."),
            len(signals),
        )
        return said + " " + first.format(count=len(signals), first=signals[0])

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        """The sum at every point, the arms of the mask, and where it signals."""
        t = translator(language)
        columns = [
            Column("point", t(N_("Point"))),
            Column("sum", t(N_("Sum")), decimals=3),
            Column("low", t(N_("Lower arm")), decimals=3),
            Column("high", t(N_("Upper arm")), decimals=3),
            Column("signal", t(N_("Signal")), align="left"),
        ]
        up, down = set(self.upward.tolist()), set(self.downward.tolist())
        rows = []
        for point, (total, low, high) in enumerate(zip(self.sums.tolist(), *self.arms(), strict=True), 1):
            signal = t(N_("up")) if point in up else t(N_("down")) if point in down else ""
            rows.append((point, _known(total), _known(low), _known(high), signal))
        return (Table.build(t(N_("Sums and mask")), columns, rows),)

    def arms(self) -> tuple[list[float], list[float]]:
        """The lower and the upper arm over each point before the mask's own; NaN after it."""
        here = float(self.sums[self.at - 1])
        order = np.cumsum(~np.isnan(self.sums))
        reach = [
            self.h + self.k * float(order[self.at - 1] - order[place]) if place < self.at else math.nan
            for place in range(len(self.sums))
        ]
        return [here - one for one in reach], [here + one for one in reach]

    def explain(self, language: str | None = None) -> str:
        """How the mask judges, and that the tabular cusum says the same."""
        t = translator(language)
        return " ".join(
            t(words)
            for words in (
                N_(
                    "The mask opens backwards from its point: half its opening is h there and grows by k a "
                    "point. An earlier sum below the lower arm shows a shift up, one above the upper arm a "
                    "shift down."
                ),
                N_(
                    "A tabular cusum with the same k and h, without head start and reset, signals at the "
                    "same points. It needs no mask, and can go on for ever."
                ),
                N_(
                    "Sources: Barnard, Journal of the Royal Statistical Society B 21, 1959, 239-271; "
                    "Montgomery, Introduction to Statistical Quality Control, 7th ed., section 9.1."
                ),
            )
        )

    def plot(self, *, language: str | None = None) -> Figure:
        """The sums and the mask over its point."""
        from gemba.stats.charts.v_mask_picture import draw

        return draw(self, language)


def v_mask(
    frame: Frame,
    *,
    value: Value = None,
    subgroup: str | None = None,
    size: int | None = None,
    mean: float | None = None,
    sigma: float | None = None,
    k: float = 0.5,
    h: float = 5.0,
    at: int | None = None,
) -> VMask:
    """What does the V-mask show, laid over a point of the cumulative sum?

    Parameters
    ----------
    frame, value, subgroup, size
        As in ``control_chart`` of kind ``cusum``.
    mean, sigma : float, optional
        The target and sigma of single values; estimated from the data when left out.
    k, h : float
        Allowance and decision interval in sigma of the plotted points.
    at : int, optional
        The point over which the mask lies, from 1; the last one with a value when left out.

    Returns
    -------
    VMask
        The sums, the points at which a mask laid over them signals, and since when.

    Raises
    ------
    DataError
        For data that make no chart, and for a point that is not there or has no value.

    Examples
    --------
    >>> mask = v_mask([0.1, -0.2, 0.3, 2.1, 1.9, 2.4, 2.2], mean=0.0, sigma=1.0)
    >>> mask.upward.tolist(), mask.began
    ([7], 4)
    """
    check_positive(k, "k")
    check_positive(h, "h")
    columns = {"value": value, "subgroup": subgroup, "size": size}
    chart = control_chart("ewma", frame, mean=mean, sigma=sigma, lam=1.0, **columns)  # type: ignore[arg-type]
    panel, limits = chart.panels[0], chart.limits
    if not limits.sigma > 0:
        raise DataError(
            N_("sigma is zero, and a sum in sigma is nothing"),
            mend=N_("Give sigma, or values that differ"),
            argument="sigma",
        )
    z = (panel.points - limits.mean) * np.sqrt(panel.sizes) / limits.sigma
    present = ~np.isnan(z)
    sums = np.where(present, np.cumsum(np.where(present, z, 0.0)), np.nan)
    number = _place(at, present)
    places = np.flatnonzero(present)
    upward, began_up = _signals(z[present], k, h)
    downward, began_down = _signals(-z[present], k, h)
    mine = int(np.flatnonzero(places == number - 1)[0])
    began = began_up[mine] if upward[mine] else began_down[mine] if downward[mine] else None
    return VMask(
        backend=backend_of(frame),
        name=chart.name,
        mean=limits.mean,
        sigma=limits.sigma,
        k=float(k),
        h=float(h),
        sums=sealed(sums),
        at=number,
        upward=sealed(places[upward] + 1),
        downward=sealed(places[downward] + 1),
        began=None if began is None else int(places[began]) + 1,
    )


def _signals(z: Floats, k: float, h: float) -> tuple[np.ndarray[tuple[int], np.dtype[np.bool_]], list[int]]:
    """Where the sum has risen out of the mask, and at each point the first one of the steepest rise."""
    found = list(_rises(z.tolist(), k))
    return np.array([rise > h for rise, _ in found], dtype=np.bool_), [began for _, began in found]


def _rises(z: list[float], k: float) -> Iterator[tuple[float, int]]:
    """How far the sum stands above the line of slope k through the lowest earlier point, and its number."""
    total, lowest, began = 0.0, 0.0, 0
    for place, one in enumerate(z):
        total += one - k
        yield total - lowest, began
        if total < lowest:
            lowest, began = total, place + 1


def _place(at: int | None, present: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> int:
    if at is None:
        return int(np.flatnonzero(present)[-1]) + 1
    if at != int(at) or not 1 <= at <= len(present) or not present[int(at) - 1]:
        raise DataError(
            N_("there is no value at point {value} to lay the mask over"),
            mend=N_("Give the number of a point with a value, from 1 to {count}"),
            argument="at",
            value=at,
            count=len(present),
        )
    return int(at)


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
