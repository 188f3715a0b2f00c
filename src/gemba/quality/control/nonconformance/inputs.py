"""What may be said of a nonconformance, and at which step. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal, TypeAlias

from gemba.stats.results import N_

DetectionPoint: TypeAlias = Literal["", "incoming", "process", "final", "audit", "customer"]
Origin: TypeAlias = Literal["process", "supplier", "customer"]
Severity: TypeAlias = Literal["", "critical", "major", "minor"]
Place: TypeAlias = Literal["stock", "wip", "transit", "customer", "similar"]
Found: TypeAlias = Literal["none", "secured"]
Function: TypeAlias = Literal["engineering", "quality", "customer"]
Decision: TypeAlias = Literal[
    "rework", "repair", "use_as_is", "regrade", "return_to_supplier", "scrap", "sort", "no_fault_found"
]
Ground: TypeAlias = Literal["risk", "recurrence", "cost"]


@dataclass(frozen=True, kw_only=True)
class NonconformanceInput:
    """What a person or a rule says of the finding; everything else the program sets itself.

    ``characteristic`` is the number of the characteristic that was not met, empty where another requirement
    was not. ``customer_decides`` says that the contract gives the customer a word in the review. Quantities
    are decimals in ``unit``.
    """

    title: str
    required: str = ""
    found: str = ""
    place: str = ""
    found_at: datetime | None = None
    detection_point: DetectionPoint = ""
    item: str = ""
    item_revision: str = ""
    lot: str = ""
    serials: str = ""
    origin: Origin = "process"
    party: str = ""
    quantity_inspected: Decimal | None = None
    quantity_nonconforming: Decimal | None = None
    quantity_suspect: Decimal | None = None
    unit: str = "pcs"
    defect_code: str = ""
    severity: Severity = ""
    escape_point: str = ""
    cause_summary: str = ""
    customer_decides: bool = False
    customer_informed: str = ""
    characteristic: str = ""


@dataclass(frozen=True, kw_only=True)
class LocationAnswer:
    """Whether suspect product is at a location, how much, and what was looked at or done."""

    location: Place
    answer: Found
    words: str = ""
    quantity: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Containment:
    """The answers that are still missing, all or some of them.

    ``looked_at_elsewhere`` are the words of every answer that has none of its own.
    """

    locations: tuple[LocationAnswer, ...] = ()
    looked_at_elsewhere: str = ""


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """The word of one function in the review."""

    function: Function
    opinion: str


@dataclass(frozen=True, kw_only=True)
class LineInput:
    """One part of the quantity and what becomes of it."""

    quantity: Decimal
    decision: Decision
    reason: str
    instruction: str = ""
    serials: str = ""


@dataclass(frozen=True, kw_only=True)
class Disposition:
    """The lines that take the place of those not carried out yet; without lines the proposed ones stand."""

    lines: tuple[LineInput, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Execution:
    """What was done of a line: the quantity that came out as decided, the evidence, the cost.

    Less than the line's quantity leaves a rest that is decided on anew. ``reinspection`` is where the
    re-inspection can be read when no characteristic is measured.
    """

    line: int
    quantity: Decimal
    evidence: str
    reinspection: str = ""
    cost: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, kw_only=True)
class CorrectiveAnswer:
    """Whether a corrective action is needed, on which ground, and why."""

    needed: bool = field(metadata={"label": N_("Corrective action")})
    ground: Ground
    why: str


@dataclass(frozen=True, kw_only=True)
class Overturned:
    """The numbers of the lines, with commas, that were carried out and no longer hold."""

    overturned: str = ""


@dataclass(frozen=True, kw_only=True)
class Suspicion:
    """Product of a stream that is suspect, as a rule sees it.

    ``after`` are last good readings, of which the earliest counts, ``None`` when nothing good is known;
    ``last`` are suspect ones, of which the last counts; ``signal`` is the signal of the episode; ``key``
    tells the stream apart.
    """

    stream: int
    key: str
    after: tuple[int | None, ...]
    last: tuple[int, ...]
    signal: int | None = None
