"""What may be said of a characteristic when it is made or edited. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from gemba.quality.planning.products.specification import DataKind


@dataclass(frozen=True, kw_only=True)
class CharacteristicInput:
    """All that a person or an integration may set; everything else the program sets itself.

    Limits are decimals in the unit of the characteristic, ``None`` where there is none.
    ``chart_design`` are design values such as ``lam=0.1, L=2.7``. ``stream_keys`` are names with commas; each
    combination of their values is a stream of its own.
    ``reaction_plan`` is what to do at a signal, by whom, within how many working minutes; ``suspect_when``
    says at what product is suspect, so that a nonconformance is drafted. ``product`` and ``process`` are
    the number or the name of a record, or any other text; ``verifies`` are numbers of requirements,
    ``members`` those of the characteristics that are judged together, in the order in which they are shown.
    """

    name: str
    product: str = ""
    process: str = ""
    step: str = ""
    verifies: str = ""
    data_kind: DataKind = "continuous"
    members: str = ""
    criterion: str = ""
    unit: str = ""
    decimals: int = 3
    lsl: Decimal | None = None
    usl: Decimal | None = None
    target: Decimal | None = None
    natural_low: Decimal | None = None
    natural_high: Decimal | None = None
    guard_band: Decimal | None = None
    plausible_low: Decimal | None = None
    plausible_high: Decimal | None = None
    special_class: Literal["", "CC", "SC"] = ""
    chart_kind: Literal[
        "",
        "xbar-r",
        "xbar-s",
        "median",
        "r",
        "s",
        "i-mr",
        "i-mr-r",
        "i-mr-s",
        "ewma",
        "cusum",
        "ma",
        "zone",
        "difference",
        "z-mr",
        "levey-jennings",
        "mr",
        "residual",
        "p",
        "np",
        "laney-p",
        "c",
        "u",
        "laney-u",
        "g",
        "t",
        "t2",
        "mewma",
        "mcusum",
        "pca",
        "regression",
    ] = ""
    chart_design: str = ""
    subgroup_size: int = 1
    subgroup_minutes: int = 0
    rules: str = "platform"
    needed_subgroups: int = 25
    stream_keys: str = ""
    reaction_plan: str = ""
    reaction_role: str = "operator"
    reaction_minutes: int = 60
    suspect_when: Literal["either", "nonconforming", "beyond", "never"] = "either"


@dataclass(frozen=True, kw_only=True)
class ProductInput:
    """A product or service as a person enters it; ``title`` is its name, parties are numbers or names."""

    title: str
    revision: str = ""
    drawing: str = ""
    customer: str = ""
    supplier: str = ""
    safety: bool = False
    regulated: str = ""
    configuration: Literal["serial", "lot", "none"] = "lot"
    shelf_life: int | None = None
