"""Which time-dependent distribution model of ISO 22514-2 do the data follow, and which index follows?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from gemba.stats.capability.by_distribution import DistributionCapability, capability_by_distribution
from gemba.stats.data import Frame, Subgroups, backend_of
from gemba.stats.data.subgroups import Returning
from gemba.stats.data.tolerance import Number
from gemba.stats.distributions import anderson_darling, f_sf
from gemba.stats.results import N_, Column, DataError, Floats, Result, Table, UnknownName, translator

if TYPE_CHECKING:
    from gemba.stats.figures import Figure

FEWEST_GROUPS = 10
CONTRADICTED = 0.05
LEAST_NORMAL = 8
"""Below so many means their normality is not tested; they count as normal."""


@dataclass(frozen=True)
class TimeModel:
    """A model: what location and spread do, and whether the distribution of all values is normal."""

    name: str
    words: str
    location: str
    spread: str
    normal: bool
    controlled: bool


MODELS: Mapping[str, TimeModel] = {
    one.name: one
    for one in (
        TimeModel(
            "A1", N_("location and spread constant, values normal"), "constant", "constant", True, True
        ),
        TimeModel(
            "A2", N_("location and spread constant, values not normal"), "constant", "constant", False, True
        ),
        TimeModel("B", N_("location constant, spread changes"), "constant", "changes", False, False),
        TimeModel(
            "C1",
            N_("location varies at random and normally, spread constant"),
            "random",
            "constant",
            True,
            False,
        ),
        TimeModel(
            "C2",
            N_("location varies at random, not normally, spread constant"),
            "random",
            "constant",
            False,
            False,
        ),
        TimeModel(
            "C3", N_("location moves systematically, spread constant"), "systematic", "constant", False, False
        ),
        TimeModel(
            "C4",
            N_("location moves systematically and at random, spread constant"),
            "systematic and random",
            "constant",
            False,
            False,
        ),
        TimeModel("D", N_("location and spread both change"), "any", "changes", False, False),
    )
}
"""The models of ISO 22514-2:2017, by their names there. ``controlled`` ones are in statistical control."""


@dataclass(frozen=True)
class ModelTest:
    """One question to the data: ``p`` of its test (``None``: not asked), and whether the answer is yes."""

    question: str
    statistic: float | None
    p: float | None
    found: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class TimeCapability(Result):
    """Capability or performance by a time-dependent distribution model.

    ``model`` is its name, ``given`` whether it was stated and not found. ``tests`` are the questions by which
    the data answer. ``study`` has the percentiles, indices, their bound and the distribution they come from.
    ``groups`` subgroups were used, ``alpha`` is the level of each test.
    """

    NAME: ClassVar[str] = "capability over time"

    name: str
    model: str
    given: bool
    tests: tuple[ModelTest, ...]
    study: DistributionCapability
    groups: int
    alpha: float

    @property
    def capable(self) -> bool | None:
        """Whether the lower bound reaches what was wanted; ``None`` where the process is not in control."""
        reached = self.study.ppk_lower >= self.study.min_ppk
        return reached if MODELS[self.model].controlled else None

    @property
    def index_names(self) -> tuple[str, str]:
        """Capability where the process is in control, performance where it is not."""
        return ("Cp", "Cpk") if MODELS[self.model].controlled else ("Pp", "Ppk")

    @property
    def indices(self) -> Mapping[str, float | None]:
        """Both indices under the names that the model allows."""
        return dict(zip(self.index_names, (self.study.pp, self.study.ppk), strict=True))

    def headline(self, language: str | None = None) -> str:
        t = translator(language)
        filled = {
            "name": self.name,
            "model": self.model,
            "words": t(MODELS[self.model].words),
            "index": self.index_names[1],
            "value": f"{self.study.ppk:.2f}",
            "bound": f"{self.study.ppk_lower:.2f}",
            "confidence": f"{100 * self.study.confidence:g}",
            "wanted": f"{self.study.min_ppk:g}",
            "law": self.study.title(language),
        }
        words = {
            True: N_(
                "{name}: capable. Model {model}: {words}. {index} {value}, at least {bound} with "
                "{confidence} % ({law})."
            ),
            False: N_(
                "{name}: not shown to be capable. Model {model}: {words}. {index} {value}, at least "
                "{bound} with {confidence} % where {wanted} is wanted ({law})."
            ),
            None: N_(
                "{name}: model {model}: {words}. So this is performance, not capability: {index} {value}, "
                "at least {bound} with {confidence} % ({law})."
            ),
        }[self.capable]
        said, p = t(words).format(**filled), self.study.p
        if p is None or p >= CONTRADICTED:
            return said
        return f"{said} {t(N_('The data contradict this distribution (p = {p:.3g}).')).format(p=p)}"

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        t = translator(language)
        columns = (
            Column("question", t(N_("Question")), align="left"),
            Column("statistic", t(N_("Statistic")), digits=4),
            Column("p", t(N_("p")), digits=3),
            Column("answer", t(N_("Answer")), align="left"),
        )
        yes, no = t(N_("yes")), t(N_("no"))
        rows = [(t(one.question), one.statistic, one.p, yes if one.found else no) for one in self.tests]
        model = (
            Column("model", t(N_("Model")), align="left"),
            Column("words", t(N_("What it says")), align="left"),
        )
        here = Column("here", t(N_("These data")), align="left")
        mark = t(N_("as stated")) if self.given else t(N_("as found"))
        listed = [(one.name, t(one.words), mark if one.name == self.model else "") for one in MODELS.values()]
        indices = (Column("index", t(N_("Index")), align="left"), Column("value", t(N_("Value")), decimals=3))
        shown = [*self.indices.items(), (t(N_("Lower bound of the second")), self.study.ppk_lower)]
        return (
            Table.build(t(N_("Indices")), indices, shown),
            Table.build(t(N_("How the model was chosen")), columns, rows),
            Table.build(t(N_("Time-dependent distribution models")), (*model, here), listed),
            *self.study.tables(language),
        )

    def explain(self, language: str | None = None) -> str:
        t = translator(language)
        return t(
            N_(
                "ISO 22514-2:2017 names eight models of how location and spread behave in time. Location: "
                "one-way analysis of variance of the subgroups. Spread: Brown and Forsythe (1974), as "
                "Hines and O'Hara Hines (2000) mended it for small subgroups (of pairs it cannot be "
                "asked), or standard deviations that follow a line in time. A move is systematic when the "
                "means follow a line in time, or each other (lag one beyond the normal limit); what is "
                "random beside it is told, off that line, by successive differences of the means. Normality: "
                "Anderson-Darling, of the values about their subgroup means, and of the means. Each test "
                "is made at alpha = {alpha:g}. A1 and C1 are judged by the normal distribution of all "
                "values, the others by the best fitting one and its percentiles. Indices are called Cp and "
                "Cpk only for models in statistical control (A1, A2), else Pp and Ppk."
            )
        ).format(alpha=self.alpha)

    def plot(self, *, language: str | None = None) -> Figure:
        """All values with the distribution that the model takes."""
        from gemba.stats.capability.picture_distribution import draw

        return draw(self.study, language, self.headline(language), N_("Capability of {name} over time"))


def capability_over_time(
    frame: Frame,
    *,
    value: str | None = None,
    subgroup: str | None = None,
    size: int | None = None,
    lsl: Number | None = None,
    usl: Number | None = None,
    model: str | None = None,
    distribution: str = "best",
    confidence: float = 0.95,
    min_ppk: float = 1.33,
    alpha: float = 0.01,
    returning: Returning | None = None,
) -> TimeCapability:
    """Which model do the values follow in time, and which index follows from it?

    Parameters
    ----------
    frame : Frame
        Measurements in time order, in subgroups.
    value, subgroup, size, returning
        As in ``capability``.
    lsl, usl : number or text, optional
        Specification limits.
    model : {"A1", "A2", "B", "C1", "C2", "C3", "C4", "D"}, optional
        What is known of the process; without it the data are asked.
    distribution : str
        For models whose values are not normal, as in ``capability_by_distribution``.
    confidence, min_ppk : float
        Of the lower bound, and what it must reach.
    alpha : float
        Level of each test.

    Returns
    -------
    TimeCapability
        The model, the tests that chose it, and the indices under the name that the model allows.

    Raises
    ------
    UnknownName
        For a model that does not exist.
    DataError
        For fewer than ten subgroups of two values or more, and what ``capability_by_distribution`` refuses.

    Notes
    -----
    ISO 22514-2:2017; the tests are named in ``explain()``.

    Examples
    --------
    >>> drift = [[10 + 0.1 * i + d for d in (-0.2, 0.05, 0.15, -0.1, 0.1)] for i in range(20)]
    >>> found = capability_over_time(drift, lsl=8, usl=14)
    >>> found.model, found.index_names
    ('C3', ('Pp', 'Ppk'))
    """
    if model is not None and model not in MODELS:
        raise UnknownName(str(model), MODELS, what=N_("model"), argument="model")
    alone = value is None or isinstance(value, str)
    layout = {"value": value, "subgroup": subgroup, "size": size, "returning": returning}
    subgroups = Subgroups.of(frame, **layout)  # type: ignore[arg-type]
    groups = _groups(subgroups)
    tests = _asked(groups, alpha)
    chosen = model or _chosen(tests)
    law = "normal" if MODELS[chosen].normal else distribution
    ordered = subgroups.values.tolist()
    study = capability_by_distribution(
        {subgroups.name: ordered} if alone else ordered,
        subgroups.name if alone else None,
        lsl=lsl,
        usl=usl,
        distribution=law,
        confidence=confidence,
        min_ppk=min_ppk,
    )
    return TimeCapability(
        name=subgroups.name,
        model=chosen,
        given=model is not None,
        tests=tests,
        study=study,
        groups=len(groups),
        alpha=alpha,
        backend=backend_of(frame),
    )


def _groups(subgroups: Subgroups) -> list[Floats]:
    ends = np.cumsum(subgroups.sizes)
    parts = np.split(subgroups.values, ends[:-1])
    found = [part for part in parts if len(part) > 1]
    if len(found) < FEWEST_GROUPS:
        raise DataError(
            N_("{count} subgroups of two values or more do not show how location and spread behave in time"),
            mend=N_("Give at least {fewest}, better 25 of 5 values: say subgroup=, or size="),
            argument="subgroup",
            count=len(found),
            fewest=FEWEST_GROUPS,
        )
    return found


def _asked(groups: list[Floats], alpha: float) -> tuple[ModelTest, ...]:
    """Every question, in the order of its number in ``_chosen``."""
    means = np.array([group.mean() for group in groups])
    places = np.arange(len(means), dtype=np.float64)
    spreads = np.array([group.std(ddof=1) for group in groups])
    slope = _line_test(places, means)
    reach = 2.5758 / math.sqrt(len(means))
    follows = _lag_one(means)
    beside = _successive(_off_line(places, means), groups)
    residuals = np.concatenate([group - group.mean() for group in groups])
    return (
        _tested(N_("Does the location change?"), _one_way(groups), alpha),
        _spread_test(groups, alpha),
        _tested(N_("Does the spread follow a line in time?"), _line_test(places, spreads), alpha),
        _tested(N_("Do the means follow a line in time?"), slope, alpha),
        ModelTest(N_("Does each mean resemble the one before?"), follows, None, abs(follows) > reach),
        _tested(N_("Is there random variation of the location beside it?"), beside, alpha),
        _normal(N_("Are the values about their means not normal?"), residuals, alpha),
        _normal(N_("Are the means not normal?"), means, alpha),
    )


def _chosen(tests: tuple[ModelTest, ...]) -> str:
    location, spread, growing, line, follows, random, skewed, skewed_means = (test.found for test in tests)
    spread = spread or growing
    if not location:
        return "B" if spread else "A2" if skewed else "A1"
    if spread:
        return "D"
    if line or follows:
        return "C4" if random else "C3"
    return "C2" if skewed_means else "C1"


def _tested(question: str, found: tuple[float, float], alpha: float) -> ModelTest:
    return ModelTest(question, found[0], found[1], found[1] < alpha)


def _normal(question: str, values: Floats, alpha: float) -> ModelTest:
    if len(values) < LEAST_NORMAL or np.ptp(values) == 0:
        return ModelTest(question, None, None, False)
    test = anderson_darling(values)
    return ModelTest(question, test.statistic, test.p, test.p is not None and test.p < alpha)


def _spread_test(groups: list[Floats], alpha: float) -> ModelTest:
    """Brown and Forsythe's test without the deviation that the median makes zero, so that it sees anything.

    W. G. S. Hines and R. J. O'Hara Hines, Biometrics 56 (2000), 451-454. Pairs have no degree of freedom
    left.
    """
    question = N_("Does the spread change?")
    deviations = [_deviations(group) for group in groups]
    if sum(map(len, deviations)) == len(deviations):
        return ModelTest(question, None, None, found=False)
    return _tested(question, _one_way(deviations), alpha)


def _deviations(group: Floats) -> Floats:
    found = np.sort(np.abs(group - np.median(group)))
    if len(found) % 2 == 0:  # the two in the middle are alike: one of them, for both
        found[1] *= math.sqrt(2)
    return found[1:]


def _one_way(groups: list[Floats]) -> tuple[float, float]:
    """F of the means of groups, and its p."""
    sizes = np.array([len(group) for group in groups], dtype=np.float64)
    means = np.array([group.mean() for group in groups])
    whole = float((sizes * means).sum() / sizes.sum())
    between = float((sizes * (means - whole) ** 2).sum()) / (len(groups) - 1)
    within = math.fsum(float(((group - group.mean()) ** 2).sum()) for group in groups)
    return _ratio(
        between, within / (sizes.sum() - len(groups)), len(groups) - 1, float(sizes.sum()) - len(groups)
    )


def _line_test(places: Floats, means: Floats) -> tuple[float, float]:
    """F of a straight line through the means, and its p."""
    away, turned = places - places.mean(), means - means.mean()
    explained = float(away @ turned) ** 2 / float(away @ away)
    rest = float(turned @ turned) - explained
    if rest <= 1e-12 * explained:  # what is left is rounding
        rest = 0.0
    return _ratio(explained, rest / (len(means) - 2), 1, len(means) - 2)


def _off_line(places: Floats, means: Floats) -> Floats:
    """What of the means is left beside the straight line through them."""
    away, turned = places - places.mean(), means - means.mean()
    return np.asarray(turned - away * (float(away @ turned) / float(away @ away)))


def _lag_one(means: Floats) -> float:
    away = means - means.mean()
    whole = float(away @ away)
    return float(away[1:] @ away[:-1]) / whole if whole > 0 else 0.0


def _successive(means: Floats, groups: list[Floats]) -> tuple[float, float]:
    """Half the mean squared successive difference of the means over what the spread within explains.

    Its degrees of freedom are about 2 (k - 1)^2 / (3 k - 4): J. von Neumann and others, Annals of
    Mathematical Statistics 12 (1941), 153-162.
    """
    sizes = np.array([len(group) for group in groups], dtype=np.float64)
    freedom = float((sizes - 1).sum())
    within = math.fsum(float(((group - group.mean()) ** 2).sum()) for group in groups) / freedom
    k = len(means)
    half = float((np.diff(means) ** 2).mean()) / 2
    return _ratio(half, within * float((1 / sizes).mean()), 2 * (k - 1) ** 2 / (3 * k - 4), freedom)


def _ratio(upper: float, lower: float, df1: float, df2: float) -> tuple[float, float]:
    if lower <= 0:
        return (math.inf, 0.0) if upper > 0 else (0.0, 1.0)
    return upper / lower, float(f_sf(upper / lower, df1, df2))
