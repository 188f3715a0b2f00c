"""What may be said of a corrective action, and at which step. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, TypeAlias

Risk: TypeAlias = Literal["", "low", "medium", "high"]
Factor: TypeAlias = Literal[
    "machine", "material", "method", "measurement", "environment", "management", "human"
]


@dataclass(frozen=True, kw_only=True)
class CapaInput:
    """What a person or a program says of the problem; ``corrects`` is the number of a nonconformance."""

    title: str
    source: Literal["nonconformance", "signal", "complaint", "audit", "internal"] = "nonconformance"
    corrects: str = ""
    risk: Risk = ""
    shipped: bool = False
    customer: str = ""
    team: str = ""
    problem: str = ""
    where_found: str = ""
    since: str = ""
    how_many: str = ""
    is_not: str = ""


@dataclass(frozen=True, kw_only=True)
class Triage:
    """How much is at risk, and whether product has shipped: then it is contained within a day."""

    risk: Literal["low", "medium", "high"]
    shipped: bool = False


@dataclass(frozen=True, kw_only=True)
class Containment:
    """What keeps the problem from anybody else until the cause is gone.

    A cause that is known by then is noted with it, and verified where there is evidence.
    """

    containment: str
    kind: Literal["occurrence", "non_detection", "systemic"] = "occurrence"
    factor: Factor = "machine"
    cause: str = ""
    evidence: str = ""


@dataclass(frozen=True, kw_only=True)
class CauseInput:
    """A suspected cause."""

    kind: Literal["occurrence", "non_detection", "systemic"]
    factor: Factor
    cause: str


@dataclass(frozen=True, kw_only=True)
class CauseProof:
    """Evidence that a cause switches the problem on and off."""

    number: int
    evidence: str


@dataclass(frozen=True, kw_only=True)
class ActionInput:
    """One thing to be done, by whom, until when."""

    kind: Literal["corrective", "preventive", "containment_removal"] = "corrective"
    what: str = ""
    responsible: str = ""
    due: date | None = None


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The actions, and by which data they will be judged: fixed before anything is done.

    The baseline are the readings of the stream from ``baseline_from`` (else from the first one) until before
    ``baseline_until`` (else until now); the window begins when the implementation is verified, and lasts
    ``window_days``.
    """

    actions: tuple[ActionInput, ...]
    characteristic: str
    stream: str = ""
    metric: Literal["mean", "shift", "sd", "fraction", "rate"]
    target: Decimal
    margin: Decimal | None = None
    baseline_from: datetime | None = None
    baseline_until: datetime | None = None
    window_days: int
    alpha: Decimal = Decimal("0.05")
    power: Decimal = Decimal("0.8")


@dataclass(frozen=True, kw_only=True)
class ActionDone:
    """An action that was done, and where that can be seen."""

    number: int
    evidence: str


@dataclass(frozen=True, kw_only=True)
class ChangeAnswer:
    """Whether a kind of document was brought up to the change; which revision, or why it does not apply."""

    about: Literal["control_plan", "fmea", "document", "training"]
    answer: Literal["updated", "not_applicable"]
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class AcrossInput:
    """A similar product, process or place, and whether the same was done there."""

    place: str
    answer: Literal["applied", "not_applicable"]
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Prevention:
    """Answers of what was changed so that it does not recur, here and elsewhere."""

    changes: tuple[ChangeAnswer, ...] = ()
    across: tuple[AcrossInput, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Extension:
    """How many days more are waited for data."""

    days: int


@dataclass(frozen=True, kw_only=True)
class Closing:
    """What others can learn from it."""

    lessons: str
