"""What may be said of a control plan. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Phase: TypeAlias = Literal["prototype", "pre_launch", "safe_launch", "production"]
Method: TypeAlias = Literal["", "chart", "check_sheet", "error_proofing", "all", "first_piece", "parameter"]
SpecialClass: TypeAlias = Literal["", "CC", "SC"]
Owner: TypeAlias = Literal["operator", "inspector", "engineer", "quality_manager"]


@dataclass(frozen=True, kw_only=True)
class LineInput:
    """One line of the plan.

    ``characteristic`` is a number or a name; its special class and specification are filled in where they are
    left out. ``gauge`` is the number or the tag of a gauge, or a kind of gauge in words. Each line of
    ``containment`` is a step that is ticked off.
    """

    number: int
    step: str = ""
    operation: str = ""
    machine: str = ""
    characteristic: str = ""
    special_class: SpecialClass = ""
    specification: str = ""
    technique: str = ""
    gauge: str = ""
    sample_size: str = ""
    frequency: str = ""
    method: Method = ""
    containment: str = ""
    call: str = ""
    resume: str = ""
    owner: Owner = "operator"
    id: int | None = None


@dataclass(frozen=True, kw_only=True)
class PlanInput:
    """What a person says of a plan; ``product`` is the number or the name of the product or its family."""

    title: str
    phase: Phase = "production"
    product: str = ""
    product_revision: str = ""
    process: str = ""
    customer: str = ""
    supplier_code: str = ""
    team: str = ""
    contact: str = ""
    review_months: int = 12
    lines: tuple[LineInput, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RevisionInput(PlanInput):
    """The next revision of a plan, as the program begins it."""

    revision: int
