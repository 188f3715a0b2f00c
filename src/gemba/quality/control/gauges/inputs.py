"""What may be said of a gauge, and at which step. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, TypeAlias

Holder: TypeAlias = Literal["own", "customer", "supplier"]
Answer: TypeAlias = Literal["", "no_effect", "checked", "suspect"]


@dataclass(frozen=True, kw_only=True)
class GaugeInput:
    """What a person says of a gauge.

    ``tag`` is what stands on its label and what readings name it by. ``permissible_error`` is the largest
    error, in ``unit``, with which it conforms. It is due ``interval_months`` after its last calibration, and
    somebody is told ``notice_days`` before.
    """

    title: str
    tag: str
    serial: str = ""
    kind: str = ""
    maker: str = ""
    belongs_to: Holder = "own"
    location: str = ""
    measuring_range: str = ""
    resolution: Decimal | None = None
    permissible_error: Decimal | None = None
    unit: str = "mm"
    software: str = ""
    interval_months: int = 12
    notice_days: int = 30
    laboratory: str = ""


@dataclass(frozen=True, kw_only=True)
class CalibrationInput:
    """One calibration: the errors are the largest that were found, in the unit of the gauge, with their sign.

    An error is what the gauge shows less what is true.
    """

    calibrated_at: datetime
    performer: str
    certificate: str
    as_found: Decimal | None = None
    as_left: Decimal | None = None
    uncertainty: Decimal | None = None
    procedure: str = ""
    standards: str = ""
    conditions: str = ""


@dataclass(frozen=True, kw_only=True)
class ImpactAnswer:
    """What the error meant for one line of the impact list; ``number`` says which line."""

    number: int
    answer: Answer = ""
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Investigation:
    """The answers to the impact list, all or some of them; a line without an answer stays open."""

    impacts: tuple[ImpactAnswer, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Restriction:
    """What the gauge may be used for, and what not."""

    restriction: str


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What was measured with a gauge on one stream of a characteristic, as the loop brings it.

    ``outside`` are those that would not conform if the error that was found is taken off; ``None`` where
    nobody knows. Times are microseconds.
    """

    characteristic: int
    number: str
    stream: str
    readings: int
    outside: int | None
    first_at: int
    last_at: int
