"""What a released characteristic asks of a value, and how its chart is drawn: plain, frozen. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

DataKind = Literal[
    "continuous",
    "nonconforming-units",
    "nonconformities",
    "pass-fail",
    "time-to-event",
    "ordinal",
    "text",
    "several",
]
DATA_KINDS: tuple[DataKind, ...] = (
    "continuous", "nonconforming-units", "nonconformities", "pass-fail", "time-to-event", "ordinal", "text",
    "several",
)  # fmt: skip
SEVERAL = "several"
"""What is judged of several characteristics together: their readings are its data, it has none of its own."""
CHARTS_OF: Mapping[str, tuple[str, ...]] = {
    "continuous": (
        "xbar-r", "xbar-s", "median", "r", "s", "i-mr", "i-mr-r", "i-mr-s", "ewma", "cusum", "ma", "zone",
        "difference", "z-mr", "levey-jennings", "mr", "residual",
    ),
    "nonconforming-units": ("p", "np", "laney-p"),
    "nonconformities": ("c", "u", "laney-u"),
    "time-to-event": ("g", "t"),
    SEVERAL: ("t2", "mewma", "mcusum", "pca", "regression"),
}  # fmt: skip
"""Which charts suit which kind of data."""
COLLECTED = tuple(kind for kind in CHARTS_OF if kind != SEVERAL)
"""The kinds of data that are measured or counted; no reading is taken for any other."""
CHART_KINDS = tuple(chart for charts in CHARTS_OF.values() for chart in charts)
SPECIAL_CLASSES = ("", "CC", "SC")
SUSPECT_WHEN = ("either", "nonconforming", "beyond", "never")
"""Product is suspect at a nonconforming reading, at a point beyond the limits, at either, or never."""


@dataclass(frozen=True, slots=True)
class ChartDefinition:
    """How the chart of a characteristic is drawn: one chart for each stream.

    ``subgroup_minutes`` is how long an open subgroup waits for its missing values, 0 for ever;
    ``needed_subgroups`` is how many points a chart collects before limits are proposed; ``design`` are the
    design values of its kind as a person wrote them. For counts ``subgroup_size`` is the usual sample.
    ``members`` are the numbers of the characteristics that are judged together, in order.
    """

    characteristic: int
    version: int
    kind: str
    subgroup_size: int
    subgroup_minutes: int
    rules: str
    needed_subgroups: int
    design: str = ""
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReactionPlan:
    """What to do at a signal, whose task it is, in how many working minutes, and when product is suspect."""

    text: str = ""
    role: str = "operator"
    minutes: int = 60
    suspect_when: str = "either"

    def suspects(self, what: str) -> bool:
        """Whether product is suspect when this happens: ``nonconforming`` or ``beyond``."""
        return self.suspect_when in ("either", what)


@dataclass(frozen=True, slots=True)
class Specification:
    """What was asked from ``effective_from`` on, as version ``version`` of the characteristic says.

    Times are microseconds; a limit that does not exist is ``None``.
    """

    characteristic: int
    number: str
    name: str
    site: str
    version: int
    effective_from: int
    data_kind: str
    unit: str
    decimals: int
    lsl: Decimal | None
    usl: Decimal | None
    target: Decimal | None
    natural_low: Decimal | None
    natural_high: Decimal | None
    guard_band: Decimal
    plausible_low: Decimal | None
    plausible_high: Decimal | None
    special_class: str
    stream_keys: tuple[str, ...]
    chart: ChartDefinition | None
    reaction: ReactionPlan = ReactionPlan()


def read_specification(
    *,
    characteristic: int,
    version: int,
    effective_from: int,
    header: Mapping[str, Any],
    fields: Mapping[str, Any],
) -> Specification:
    """The specification that a stored version of a characteristic states."""

    def number(name: str) -> Decimal | None:
        return None if fields[name] is None else Decimal(fields[name])

    return Specification(
        characteristic=characteristic,
        number=header["number"],
        name=fields["name"],
        site=header["site_id"],
        version=version,
        effective_from=effective_from,
        data_kind=fields["data_kind"],
        unit=fields["unit"],
        decimals=fields["decimals"],
        lsl=number("lsl"),
        usl=number("usl"),
        target=number("target"),
        natural_low=number("natural_low"),
        natural_high=number("natural_high"),
        guard_band=number("guard_band") or Decimal(0),
        plausible_low=number("plausible_low"),
        plausible_high=number("plausible_high"),
        special_class=fields["special_class"],
        stream_keys=split_keys(fields["stream_keys"]),
        chart=_read_chart(characteristic, version, fields),
        reaction=ReactionPlan(
            fields["reaction_plan"],
            fields["reaction_role"],
            fields["reaction_minutes"],
            fields["suspect_when"],
        ),
    )


def _read_chart(characteristic: int, version: int, fields: Mapping[str, Any]) -> ChartDefinition | None:
    if not fields["chart_kind"]:
        return None
    return ChartDefinition(
        characteristic=characteristic,
        version=version,
        kind=fields["chart_kind"],
        subgroup_size=fields["subgroup_size"],
        subgroup_minutes=fields["subgroup_minutes"],
        rules=fields["rules"],
        needed_subgroups=fields["needed_subgroups"],
        design=fields["chart_design"],
        members=split_keys(fields["members"]),
    )


def read_design(text: str) -> dict[str, float | str]:
    """The design values in a text such as ``lam=0.1, L=2.7``, by name.

    Raises
    ------
    ValueError
        With the part that is no design value.
    """
    found: dict[str, float | str] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or not name or not value or name in found:
            raise ValueError(part)
        found[name] = _number_or_word(value)
    return found


def _number_or_word(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def split_keys(text: str) -> tuple[str, ...]:
    """The names in a comma-separated text, in its order."""
    return tuple(name.strip() for name in text.split(",") if name.strip())
