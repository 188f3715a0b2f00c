"""What a fitted model expects at new values, with the two intervals that are often confused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gemba.stats.results import N_, NN_, Column, DataError, Floats, Result, Table, translator


@dataclass(frozen=True, kw_only=True, eq=False)
class Prediction(Result):
    """One element a new row, in the unit of the response.

    ``fit`` and its standard error ``se``; ``mean_lower`` to ``mean_upper`` is the confidence interval of the
    mean response, ``lower`` to ``upper`` the prediction interval of one new response.
    """

    NAME: ClassVar[str] = "prediction"

    response: str
    confidence: float
    fit: Floats
    se: Floats
    mean_lower: Floats
    mean_upper: Floats
    lower: Floats
    upper: Floats

    def headline(self, language: str | None = None) -> str:
        t = translator(language)
        text = t.counted(
            NN_(
                "{response}: {n} prediction with {level:g} % intervals.",
                "{response}: {n} predictions with {level:g} % intervals.",
            ),
            len(self.fit),
        )
        return text.format(response=self.response, n=len(self.fit), level=100 * self.confidence)

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        t = translator(language)
        columns = (
            Column("row", t(N_("Row"))),
            Column("fit", t(N_("Fitted"))),
            Column("se", t(N_("Standard error"))),
            Column("mean_lower", t(N_("Mean, lower"))),
            Column("mean_upper", t(N_("Mean, upper"))),
            Column("lower", t(N_("One value, lower"))),
            Column("upper", t(N_("One value, upper"))),
        )
        arrays = (self.fit, self.se, self.mean_lower, self.mean_upper, self.lower, self.upper)
        rows = list(zip(range(1, len(self.fit) + 1), *arrays, strict=True))
        return (Table.build(t(N_("Predictions")), columns, rows),)

    def explain(self, language: str | None = None) -> str:
        t = translator(language)
        return t(
            N_(
                "The narrow interval holds the mean response at these predictor values, the wide one a "
                "single new response; both by Student's t with the degrees of freedom of the residuals. "
                "Beyond the range of the data they rest on the model alone."
            )
        )


def checked_level(level: float) -> float:
    """A confidence level between 0 and 1."""
    if not 0 < level < 1:
        raise DataError(
            N_("a confidence of {value} is impossible"),
            mend=N_("Give a share between 0 and 1, such as 0.95"),
            argument="confidence",
            value=level,
        )
    return level
