"""A small plant whose door is under test: characteristics, people, a press that sends readings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.test import TestCase

from gemba.quality import loop
from gemba.quality.control.collecting.reading import Reading, Receipt
from gemba.quality.planning.products import services as products
from gemba.quality.planning.products.inputs import CharacteristicInput
from gemba.quality.planning.products.models import Characteristic
from gemba.quality.records.actor import Actor
from gemba.quality.records.models import Site

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
EMIL = Actor("person", "person:1", "Emil", frozenset({("engineer", "*")}))
PIA = Actor("person", "person:2", "Pia", frozenset({("approver", "*")}))
ANNA = Actor("person", "person:3", "Anna", frozenset({("operator", "HAL"), ("inspector", "HAL")}))
BERT = Actor("person", "person:4", "Bert", frozenset({("inspector", "HAL")}))
PRESS = Actor("token", "token:5", "Press", frozenset({("operator", "HAL")}))
STRANGER = Actor("person", "person:6", "Carl", frozenset({("reader", "HAL")}))
ELSEWHERE = Actor("token", "token:7", "Press in Berlin", frozenset({("operator", "BER")}))


class Door:
    """Sends readings through the one door, and lets each transaction be known to the next one."""

    def __init__(self, **asked: object) -> None:
        self.site = Site.objects.get_or_create(code="HAL", name="Halle", zone="Europe/Berlin")[0]
        self.now = NOW
        self.sequence = 0
        self.characteristic = self.make(**asked)  # type: ignore[arg-type]

    @property
    def number(self) -> str:
        return str(self.characteristic.header.number)

    def make(self, *, released: bool = True, site: Site | None = None, **asked: object) -> Characteristic:
        """A characteristic, from 9.90 to 10.10 mm unless other limits are asked for."""
        given = {"name": "Bore", "unit": "mm", "lsl": Decimal("9.90"), "usl": Decimal("10.10")}
        record = products.create_characteristic(
            site=site or self.site,
            given=CharacteristicInput(**(given | asked)),  # type: ignore[arg-type]
            actor=EMIL,
            now=self.now,
        )
        return products.release(characteristic=record, actor=PIA, now=self.now) if released else record

    def reading(self, text: str = "10.00", **more: object) -> Reading:
        """The next reading of the press, or one with a number of its own."""
        if "sequence" not in more:
            self.sequence += 1
        given = {"source": "press", "sequence": self.sequence, "characteristic": self.number, "text": text}
        return Reading(**(given | more))  # type: ignore[arg-type]

    def send(self, *readings: Reading, actor: Actor = PRESS) -> list[Receipt]:
        """Send readings as one batch, a minute after the one before."""
        self.now += MINUTE
        with TestCase.captureOnCommitCallbacks(execute=True):
            return loop.receive(readings, actor=actor, now=self.now)

    def take(self, text: str = "10.00", *, actor: Actor = PRESS, **more: object) -> int:
        """Send one reading that is accepted; returns its id."""
        receipt = self.send(self.reading(text, **more), actor=actor)[0]
        assert (receipt.status, receipt.reasons) == ("accepted", ())
        return int(receipt.reading or 0)

    def hold(self, text: str = "10.00", *, actor: Actor = PRESS, **more: object) -> int:
        """Send one reading that is quarantined; returns the id under which it waits."""
        receipt = self.send(self.reading(text, **more), actor=actor)[0]
        assert receipt.status == "quarantined"
        return int(receipt.quarantine or 0)

    def release(self, quarantined: int, *, mended: Reading | None = None, actor: Actor = ANNA) -> Receipt:
        """Let a person release a reading."""
        self.now += MINUTE
        with TestCase.captureOnCommitCallbacks(execute=True):
            return loop.release_quarantined(
                quarantined=quarantined, mended=mended, reason="seen", actor=actor, now=self.now
            )

    def discard(self, quarantined: int, *, reason: str = "a test", actor: Actor = ANNA) -> None:
        """Let a person discard a reading."""
        loop.discard_quarantined(quarantined=quarantined, reason=reason, actor=actor, now=self.now)


def codes(receipts: Sequence[Receipt]) -> list[tuple[str, ...]]:
    """Status and codes of receipts."""
    return [(r.status, *(reason.code for reason in r.reasons)) for r in receipts]


def changed(reading: Reading, **more: Any) -> Reading:
    """The reading with some fields changed."""
    import msgspec

    return msgspec.structs.replace(reading, **more)
