"""The design values of a chart, such as the weight of an ewma: their defaults, and what they may be."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, SupportsFloat, TypeAlias, cast

import numpy as np

from gemba.stats.charts.conventions import Convention
from gemba.stats.charts.kind import Kind, Part, Setting, Several
from gemba.stats.charts.kinds.vectors import ALONE_METHODS, describe
from gemba.stats.charts.spread import INDIVIDUAL_METHODS, check_method
from gemba.stats.data import Sample
from gemba.stats.results import N_, DataError, Marked, UnknownName

NSIGMA = 3.0
Mean: TypeAlias = float | Sequence[float] | Mapping[str, float] | np.ndarray[Any, Any]
"""The mean of one variable, or of each of several."""
Scale: TypeAlias = float | Mapping[str, float]
"""A sigma, or one for each part."""
Covariance: TypeAlias = Sequence[Sequence[float]] | np.ndarray[Any, Any]


def settle_design(kind: Kind[Any], given: Mapping[str, Any], nsigma: float) -> tuple[dict[str, Any], float]:
    """Every design value of the kind, those not given at their defaults, and the reach of its limits.

    ``L`` is the field's name for the reach of an ewma, and no design value of its own.

    Raises
    ------
    UnknownName
        For a name that is no design value of this kind; the nearest one is offered.
    DataError
        For a value that cannot be, and for an ``nsigma`` where the limits stand by another value.
    """
    settled = settle_values(kind, given)
    if kind.reach == "nsigma":
        return settled, nsigma
    wanted = settled.pop("L", None) if "L" in given else None
    if kind.reach == "L" and wanted is None:
        settled.pop("L", None)
        return settled, nsigma
    if nsigma not in (NSIGMA, wanted):
        raise DataError(
            N_("the limits of a {kind} chart stand by {reach}, not by nsigma"),
            mend=N_("Leave out nsigma; give {reach}") if kind.reach in settled else N_("Leave out nsigma"),
            argument="nsigma",
            value=nsigma,
            kind=kind.name,
            reach=kind.reach,
        )
    return settled, NSIGMA if wanted is None else float(wanted)


class Designed(Protocol):
    """What has design values: a kind of chart, or a chart whose run length is asked."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def design(self) -> tuple[Setting, ...]:
        """The values that may be chosen."""


def settle_values(kind: Designed, given: Mapping[str, Any]) -> dict[str, Any]:
    """Every design value of the kind, those not given at their defaults."""
    known = {setting.name: setting for setting in kind.design}
    for name in given:
        if not known:
            raise DataError(
                N_("a chart of kind {kind} has no design value {value}"),
                mend=N_("Leave it out"),
                argument=name,
                value=name,
                kind=kind.name,
            )
        if name not in known:
            raise UnknownName(name, known, what=N_("design value of this kind"), argument=name)
    return {name: _settle(setting, given.get(name), kind) for name, setting in known.items()}


def check_known(kind: Kind[Any], method: str | None) -> None:
    """Refuse a sigma method that the kind does not know."""
    if method is not None and method not in kind.methods:
        raise UnknownName(str(method), kind.methods, what=N_("sigma method"), argument="sigma_method")


def choose_method(
    kind: Kind[Any], data: Any, method: str | None, *, unbiased: bool, convention: Convention
) -> str:
    """The sigma method asked, or what the convention takes for the first one that suits the data."""
    methods = kind.methods
    if kind.layout == "means":
        single = isinstance(data, Sample)
        methods = tuple(name for name in methods if (name in INDIVIDUAL_METHODS) is single)
    elif kind.layout == "vectors":
        single = data.groups is None
        methods = tuple(name for name in methods if (name in ALONE_METHODS) is single)
    usual = convention.method(methods[0])
    chosen = method or (usual if usual in methods else methods[0])
    if chosen not in methods:
        raise UnknownName(chosen, methods, what=N_("sigma method for these data"), argument="sigma_method")
    check_method(chosen, methods, unbiased=unbiased)
    return chosen


def check_parameters(
    kind: Kind[Any],
    mean: Mean | None,
    sigma: Scale | None,
    nsigma: float,
    covariance: Covariance | None = None,
) -> None:
    """Refuse historical parameters that cannot be."""
    check_positive(nsigma, "nsigma")
    if kind.layout == "vectors":
        _check_several(kind, mean, sigma, covariance)
        return
    if kind.layout == "runs":
        parts_of(kind, mean, sigma)
        return
    sigma = cast("float | None", sigma)
    _check_single(kind, {"covariance": covariance, "mean": mean, "sigma": sigma})
    mean = None if mean is None else float(cast("float", mean))
    check_positive(sigma, "sigma")
    counts = kind.counted
    if kind.sigma_follows and sigma is not None:
        raise DataError(
            N_("sigma of a {kind} chart follows from its mean and cannot be given"),
            mend=N_("Leave out sigma; give the historical mean"),
            argument="sigma",
            value=sigma,
            kind=kind.name,
        )
    highest = 1.0 if kind.layout == "defectives" else math.inf
    if mean is not None and not (math.isfinite(mean) and (not counts or 0 <= mean <= highest)):
        raise DataError(
            N_("the mean {value} is impossible for a {kind} chart"),
            mend=N_("Give the share of defectives, from 0 to 1")
            if kind.layout == "defectives"
            else N_("Give a finite number, for counts not below zero"),
            argument="mean",
            value=mean,
            kind=kind.name,
        )


def parts_of(kind: Kind[Any], mean: Mean | None, sigma: Scale | None) -> dict[str, Part]:
    """Mean and sigma of each part, as they were given by name; none where neither was."""
    if mean is None and sigma is None:
        return {}
    named = isinstance(mean, Mapping) and isinstance(sigma, Mapping) and mean and set(mean) == set(sigma)
    if not named:
        raise DataError(
            N_("a chart of kind {kind} has a mean and a sigma for each part"),
            mend=N_(
                "Give both by the name of the part, such as mean={{'A': 5.0}}, sigma={{'A': 0.1}}, or neither"
            ),
            argument="sigma" if mean is None else "mean",
            kind=kind.name,
        )
    means, sigmas = cast("Mapping[str, float]", mean), cast("Mapping[str, float]", sigma)
    for name in means:
        check_positive(sigmas[name], "sigma")
        if not math.isfinite(means[name]):
            raise DataError(
                N_("the mean {value} is impossible for a {kind} chart"),
                mend=N_("Give a finite number, for counts not below zero"),
                argument="mean",
                value=means[name],
                kind=kind.name,
            )
    return {str(name): Part(float(means[name]), float(sigmas[name])) for name in means}


def _check_single(kind: Kind[Any], given: Mapping[str, object]) -> None:
    """Refuse what only a chart of several variables has."""
    for name, one in given.items():
        if one is not None and (name == "covariance" or not isinstance(one, SupportsFloat)):
            raise DataError(
                N_("a chart of kind {kind} has one variable, with one mean and one sigma"),
                mend=N_("Give mean and sigma as one number each, or use t2 or mewma"),
                argument=name,
                kind=kind.name,
            )


def _check_several(
    kind: Kind[Any], mean: Mean | None, sigma: Scale | None, covariance: Covariance | None
) -> None:
    if sigma is not None or (mean is None) is not (covariance is None):
        raise DataError(
            N_("historical parameters of a {kind} chart are a mean for each variable and their covariance"),
            mend=N_("Give both, or leave out both; there is no single sigma"),
            argument="sigma" if sigma is not None else "mean" if mean is None else "covariance",
            kind=kind.name,
        )
    if mean is not None and (not isinstance(mean, Sequence | Mapping | np.ndarray) or len(mean) < 2):
        raise DataError(
            N_("{value} is no mean of several variables"),
            mend=N_("Give one number for each variable, or a mapping of name -> mean"),
            argument="mean",
            value=str(mean),
        )


def several_of(mean: Any, covariance: Any, variables: tuple[str, ...]) -> Several:
    """Given parameters of several variables, under the names of the data where there are any."""
    names = variables or (tuple(map(str, mean)) if isinstance(mean, Mapping) else ())
    if isinstance(mean, Mapping):
        for name in names:
            if name not in mean:
                raise UnknownName(name, map(str, mean), what=N_("mean of a variable"), argument="mean")
        mean = [mean[name] for name in names]
    names = names or tuple(f"x{number}" for number in range(1, len(mean) + 1))
    numbers = [_number(value) for value in mean]
    if len(numbers) != len(names) or not all(map(math.isfinite, numbers)):
        raise DataError(
            N_("{value} means are given for {count} variables, and each must be a number"),
            mend=N_("Give one number for each variable: {names}"),
            argument="mean",
            value=len(numbers),
            count=len(names),
            names=", ".join(names),
        )
    return describe(names, numbers, covariance)


def check_positive(number: float | None, argument: str) -> None:
    """Refuse a number that is not above zero and finite."""
    if number is not None and not 0 < number < math.inf:
        raise DataError(
            N_("{value} is no positive number"),
            mend=N_("Give a number above zero, or leave it out"),
            argument=argument,
            value=number,
        )


def _settle(setting: Setting, given: Any, kind: Designed) -> Any:
    if given is None or (isinstance(given, float) and math.isnan(given) and _is_learned(setting)):
        return setting.default
    if setting.choices:
        if given not in setting.choices:
            raise UnknownName(str(given), setting.choices, what=setting.words, argument=setting.name)
        return given
    number = _number(given)
    size = abs(number) if setting.signed else number
    possible = 0 <= size <= setting.most and size < math.inf and (setting.zero or setting.signed or size > 0)
    if not possible or (setting.whole and number != math.floor(number)):
        raise DataError(
            N_("{value} is no {what} of a {kind} chart"),
            mend=_range_words(setting),
            argument=setting.name,
            value=given,
            what=Marked(setting.words),
            kind=kind.name,
            most=f"{setting.most:g}",
            default=f"{setting.default:g}",
        )
    return int(number) if setting.whole else number


def _is_learned(setting: Setting) -> bool:
    return isinstance(setting.default, float) and math.isnan(setting.default)


def _number(given: Any) -> float:
    try:
        return float(given)
    except (TypeError, ValueError):
        return math.nan


def _range_words(setting: Setting) -> str:
    if setting.signed:
        return N_("Give a number between -{most} and {most}, or leave it out and let it be estimated")
    if _is_learned(setting):
        return N_("Give a number of at least 0, or leave it out and let it be estimated")
    if setting.zero:
        return N_("Give a number of at least 0; the default is {default}")
    if setting.whole:
        return N_("Give a whole number above 0; the default is {default}")
    if math.isinf(setting.most):
        return N_("Give a number above 0; the default is {default}")
    return N_("Give a number above 0 and at most {most}; the default is {default}")
