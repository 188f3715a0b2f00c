"""What may be said of a competence and of who has it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Proof = Literal["read", "test", "observed", "certificate"]
Role = Literal[
    "",
    "reader",
    "operator",
    "inspector",
    "engineer",
    "approver",
    "quality_manager",
    "auditor",
    "access_administrator",
    "system_administrator",
]


@dataclass(frozen=True, kw_only=True)
class CompetenceInput:
    """What somebody must be able to do; ``title`` is its name.

    Where ``needed_as`` names a role, no step is taken in that role without it; ``needed_for`` narrows that to
    one kind of record by its name. ``valid_months`` is how long a proof holds, 0 for good.
    """

    title: str
    owner: str = ""
    description: str = ""
    proof: Proof = "observed"
    valid_months: int = 12
    needed_as: Role = ""
    needed_for: str = ""


@dataclass(frozen=True, kw_only=True)
class QualificationInput:
    """That somebody (``owner``) has shown a competence: when, and what shows it."""

    owner: str
    competence: str
    proved_on: date
    evidence: str


@dataclass(frozen=True, kw_only=True)
class Amendment:
    """A draft set right: for another competence another draft is made."""

    owner: str
    proved_on: date
    evidence: str


@dataclass(frozen=True, kw_only=True)
class Renewal:
    """That it was shown anew."""

    proved_on: date
    evidence: str
