from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from gemba.quality.records.actions import Asked
from gemba.quality.records.advance import advance
from specimen.models import Specimen


@dataclass(frozen=True, kw_only=True)
class SliceInput:
    thickness: Decimal
    id: int | None = None


@dataclass(frozen=True, kw_only=True)
class SpecimenInput:
    title: str
    weight: Decimal | None = None
    note: str = ""
    due_at: datetime | None = None
    slices: tuple[SliceInput, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Taking:
    weight: Decimal


def take(asked: Asked) -> Specimen:
    """A service of a move that sets a field."""
    record: Specimen = asked.record
    given: Taking = asked.given

    def weigh(specimen: Specimen) -> None:
        specimen.weight = given.weight

    inputs = {"weight": given.weight}
    return advance(record, "take", actor=asked.actor, now=asked.now, inputs=inputs, apply=weigh)
