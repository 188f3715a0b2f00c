"""What may be said of a requirement, and at which step. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class RequirementInput:
    """All that a person or an integration may say of a requirement; the program sets the rest.

    Limits are decimals in ``unit``, ``None`` where there is none. Without an ``owner`` it is the proposer's.
    """

    title: str
    owner: str = ""
    source: Literal["customer", "statute", "standard", "interested", "internal"] = "customer"
    customer: str = ""
    contract: str = ""
    voice: str = ""
    need: str = ""
    kano: Literal["", "basic", "performance", "delight"] = ""
    importance: Literal["low", "medium", "high"] = "medium"
    severity: Literal["", "critical", "major", "minor"] = ""
    special_class: Literal["", "CC", "SC"] = ""
    product: str = ""
    market: str = ""
    statement: str = ""
    measure: str = ""
    definition: str = ""
    unit: str = ""
    target: Decimal | None = None
    lower: Decimal | None = None
    upper: Decimal | None = None
    verification: str = ""
    criterion: str = ""


@dataclass(frozen=True, kw_only=True)
class Feasibility:
    """The answer to the question before a commitment: can it be made and verified, and why."""

    feasible: Literal["yes", "no"]
    feasibility: str


@dataclass(frozen=True, kw_only=True)
class ImpactAnswer:
    """What becomes of one record that stands on the requirement, in words too."""

    record: str
    answer: Literal["unaffected", "changed"]
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Impacts:
    """Answers to lines of the impact list."""

    impacts: tuple[ImpactAnswer, ...]


@dataclass(frozen=True, kw_only=True)
class Successor:
    """The number of the requirement that takes the place of this one."""

    successor: str
