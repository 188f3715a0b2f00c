"""What a reader of a chart should know beside the verdict: kept as values, put into words when shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gemba.stats.results import N_, NN_, Forms, translator

CAUTIONS: Mapping[str, str | Forms] = {
    "constant": N_(
        "Sigma is zero: the values show no spread within the points, so the limits of panel {panel} lie on "
        "its centre line. Check the resolution of the gauge."
    ),
    "extreme": N_(
        "The mean is {mean}, at the end of its scale, so sigma is zero and the limits lie on the centre "
        "line. Take larger samples."
    ),
    "few": N_("The limits stand on few points ({count}). Treat them as provisional until there are 20."),
    "large_subgroups": N_(
        "Subgroups of {size} are large for a range chart, which uses only two values of each. "
        "From 9 values on use standard deviations: xbar-s or i-mr-s."
    ),
    "missing": NN_("{count} value is missing and left out.", "{count} values are missing and left out."),
    "empty": NN_(
        "{count} point has no value. Its place on the axis stays empty.",
        "{count} points have no value. Their places on the axis stay empty.",
    ),
    "single": NN_(
        "{count} subgroup has one value, which shows no spread.",
        "{count} subgroups have one value each, which shows no spread.",
    ),
    "rare": N_(
        "A sample has only {expected} defectives or defects on average. Below 5 the normal limits are "
        "coarse. Take larger samples."
    ),
}


@dataclass(frozen=True)
class Caution:
    """One warning as a value: its code and what it speaks of."""

    code: str
    values: Mapping[str, str | int | float] = field(default_factory=dict)

    def words(self, language: str | None = None) -> str:
        """The warning as a sentence."""
        shown = {k: f"{v:.3g}" if isinstance(v, float) else v for k, v in self.values.items()}
        t, words = translator(language), CAUTIONS[self.code]
        if isinstance(words, tuple):
            return t.counted(words, float(self.values["count"])).format(**shown)
        return t(words).format(**shown)
