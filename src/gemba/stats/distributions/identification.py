"""Which distribution do the values follow? Fits of many families, with their distance from the data."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from gemba.stats.data import Frame, Sample, backend_of
from gemba.stats.distributions.families import FAMILIES, USUAL, Fit, family_named
from gemba.stats.distributions.fitting import chance_of, distance, fit_family, log_likelihood
from gemba.stats.results import N_, Column, DataError, Floats, Result, Table, sealed, signed, translator

if TYPE_CHECKING:
    from gemba.stats.figures import Figure

ALPHA = 0.05
FEWEST = 5


@dataclass(frozen=True)
class Fitted:
    """One family and how well it fits.

    ``fit`` are its parameters (``None`` where there is no fit, and ``problem`` says why), ``loglik`` the
    greatest log-likelihood, ``aic`` the same with its price of two a parameter, ``a_squared`` Anderson and
    Darling's distance and ``p`` its chance if the family is right, ``None`` for those with a threshold.
    ``gain`` is the p-value of the threshold itself, by the likelihood ratio, where there is one.
    """

    family: str
    fit: Fit | None
    loglik: float
    aic: float
    a_squared: float
    p: float | None
    gain: float | None = None
    problem: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Identification(Result):
    """Distributions fitted to one characteristic, the best first.

    ``name`` is the characteristic, ``values`` are its values from the smallest, ``n`` and ``missing`` count
    them. ``fits`` has one entry a family, ordered by Akaike's criterion; families without a fit come last.
    """

    NAME: ClassVar[str] = "distribution identification"

    name: str
    values: Floats
    n: int
    missing: int
    fits: tuple[Fitted, ...]

    @property
    def best(self) -> Fitted:
        """The family with the smallest AIC."""
        return self.fits[0]

    def __getitem__(self, family: str) -> Fitted:
        """The entry of a family by its name."""
        return next(one for one in self.fits if one.family == family_named(family).name)

    def headline(self, language: str | None = None) -> str:
        t = translator(language)
        best = self.best
        said = [
            t(N_("{name}: {family} fits best of {count} tried (A² = {distance:.3f}{p}).")).format(
                name=self.name,
                family=t(FAMILIES[best.family].title),
                count=sum(one.fit is not None for one in self.fits),
                distance=best.a_squared,
                p="" if best.p is None else f", p = {signed(f'{best.p:.3g}')}",
            )
        ]
        if best.p is not None and best.p < ALPHA:
            said.append(
                t(
                    N_(
                        "But the data contradict it: none of them may be right, or several processes are "
                        "mixed."
                    )
                )
            )
        normal = next((one for one in self.fits if one.family == "normal"), None)
        if normal is not None and best.family != "normal" and normal.p is not None:
            words = (
                N_("The data contradict a normal distribution (p = {p:.3g}).")
                if normal.p < ALPHA
                else N_("A normal distribution is not contradicted (p = {p:.3g}) and is the simpler choice.")
            )
            said.append(t(words).format(p=normal.p))
        return " ".join(said)

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        t = translator(language)
        columns = (
            Column("family", t(N_("Distribution")), align="left"),
            Column("a_squared", t(N_("A²")), decimals=4),
            Column("p", t(N_("p")), digits=3),
            Column("gain", t(N_("p of threshold")), digits=3),
            Column("aic", t(N_("AIC")), decimals=2),
            Column("parameters", t(N_("Parameters")), align="left"),
        )
        rows = [
            (
                t(FAMILIES[one.family].title),
                _known(one.a_squared),
                one.p,
                one.gain,
                _known(one.aic),
                _told(one, language),
            )
            for one in self.fits
        ]
        notes = (t(N_("p is simulated for samples of this size, but for normal and lognormal.")),)
        return (Table.build(t(N_("Distributions, the best first")), columns, rows, notes),)

    def explain(self, language: str | None = None) -> str:
        t = translator(language)
        return t(
            N_(
                "Each family is fitted by greatest likelihood (normal and lognormal: standard deviation "
                "with n - 1). Anderson and Darling's A² is the distance between data and fit, with most "
                "weight on the tails. Its p is that of D'Agostino and Stephens (1986) for normal and "
                "lognormal; for the others it is the share of simulated samples of this size, each with its "
                "own fit, that lie as far away. With a threshold no p is known; there the likelihood ratio "
                "says whether the threshold is worth its parameter. The order is that of Akaike's "
                "criterion, which charges two for each parameter. A fit that the data do not contradict is "
                "not proved: choose a family that the physics suggests among those that fit."
            )
        )

    def plot(self, *, language: str | None = None) -> Figure:
        from gemba.stats.distributions.identification_picture import draw

        return draw(self, language)


def identify_distribution(
    frame: Frame, value: str | None = None, *, distributions: Sequence[str] = ()
) -> Identification:
    """Which distribution do the values follow?

    Parameters
    ----------
    frame : Frame
        Where the numbers are.
    value : str, optional
        The column; not needed for bare numbers.
    distributions : sequence of str
        Names of the families to try; twelve when left out. ``beta`` (values between zero and one),
        ``folded-normal`` (deviations without their sign) and ``normal-mixture`` (two streams that nobody can
        tell apart) are tried only when they are named.

    Returns
    -------
    Identification
        Parameters, distance and p-value of each, the best first.

    Raises
    ------
    DataError
        For fewer than five values, equal values, text or infinity, or when no family can be fitted.
    UnknownName
        For an unknown family.

    Notes
    -----
    A^2 by Anderson and Darling (1954); greatest likelihood by Newton's method in 1 / scale, where it is
    concave (Burridge 1981); Akaike (1974). D'Agostino and Stephens, Goodness-of-Fit Techniques (1986).

    Examples
    --------
    >>> found = identify_distribution([3.1, 5.2, 1.4, 0.7, 2.2, 9.8, 1.9, 4.0], distributions=["weibull"])
    >>> round(found.best.fit.parameters["shape"], 3)
    1.397
    """
    sample = Sample.of(frame, value, at_least=FEWEST)
    present = np.sort(sample.present)
    if present[0] == present[-1]:
        raise DataError(
            N_("all values are equal, so they follow no distribution"),
            mend=N_("Check the resolution of the gauge, or that this is the right column"),
            column=value,
            argument=None if value else "value",
        )
    names = [family_named(name, "distributions").name for name in distributions] or list(USUAL)
    fits = [_fitted(present, name) for name in names]
    if all(one.fit is None for one in fits):
        return _refuse(present, names)
    return Identification(
        name=sample.name,
        values=sealed(present),
        n=len(present),
        missing=sample.missing,
        fits=tuple(sorted(fits, key=lambda one: one.aic)),
        backend=backend_of(frame),
    )


def _refuse(present: Floats, names: Sequence[str]) -> Identification:
    """Say why the first family has no fit."""
    fit_family(present, FAMILIES[names[0]])
    raise AssertionError(names)


def _fitted(present: Floats, name: str) -> Fitted:
    family = FAMILIES[name]
    try:
        fit = fit_family(present, family)
    except DataError as error:
        return Fitted(name, None, -math.inf, math.inf, math.inf, None, problem=error.problem)
    loglik = log_likelihood(present, fit, family)
    found = distance(present, fit)
    simple = FAMILIES.get(name.rsplit("-", 1)[0]) if family.threshold else None
    gain = _gain(present, loglik, simple.name) if simple is not None and present[0] > 0 else None
    chance = chance_of(found, len(present), family, fit)
    return Fitted(name, fit, loglik, 2 * family.count - 2 * loglik, found, chance, gain)


def _gain(present: Floats, loglik: float, simple: str) -> float:
    """The p-value of a further parameter, by the likelihood ratio with one degree of freedom."""
    from scipy.special import chdtrc

    family = FAMILIES[simple]
    before = log_likelihood(present, fit_family(present, family), family)
    return float(chdtrc(1.0, max(0.0, 2 * (loglik - before))))


def _known(number: float) -> float | None:
    return number if math.isfinite(number) else None


def _told(one: Fitted, language: str | None) -> str:
    t = translator(language)
    if one.fit is None:
        if FAMILIES[one.family].threshold or one.family == "normal-mixture":
            return t(N_("no fit: the likelihood has no maximum"))
        if FAMILIES[one.family].special is not None:
            return t(N_("no fit: values outside what it can have"))
        return t(N_("no fit: needs values above zero"))
    return one.fit.told(t)
