"""The words that every analysis of variance shares."""

from __future__ import annotations

from gemba.stats.results import N_, NN_, Column, translator

LEFT_OUT = NN_(
    "{missing} row with a missing value was left out.", "{missing} rows with a missing value were left out."
)


def anova_columns(language: str | None) -> tuple[Column, ...]:
    """Source, degrees of freedom, sum of squares, mean square, F and p."""
    t = translator(language)
    return (
        Column("source", t(N_("Source")), align="left"),
        Column("df", t(N_("DF"))),
        Column("ss", t(N_("Sum of squares"))),
        Column("ms", t(N_("Mean square"))),
        Column("f", t(N_("F")), decimals=2),
        Column("p", t(N_("p")), digits=3),
    )
