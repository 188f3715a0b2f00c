"""A small plant: people, a characteristic with a chart, a sender, and limits that are in force."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from gemba.quality import loop
from gemba.quality.control.collecting.reading import Reading
from gemba.quality.control.monitoring import services
from gemba.quality.control.monitoring.keeping import save_streams, take_stream
from gemba.quality.control.monitoring.limit_sets import _put_in_force
from gemba.quality.control.monitoring.models import LimitSet, Point, StreamState
from gemba.quality.control.monitoring.record import LIMIT_SET
from gemba.quality.planning.products import services as products
from gemba.quality.planning.products.inputs import CharacteristicInput
from gemba.quality.records.actor import Actor, system
from gemba.quality.records.models import Site
from gemba.quality.records.recorder import change_record, create_record
from gemba.quality.records.signatures import Proof
from gemba.quality.records.work import recording
from gemba.stats.charts import Limits

SETUP = system("setup")
NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
ENGINEER = Actor("person", "person:901", "Eva", frozenset({("engineer", "*")}))
CHECKER = Actor("person", "person:902", "Otto", frozenset({("approver", "*"), ("inspector", "*")}))
OPERATOR = Actor("person", "person:903", "Olga", frozenset({("operator", "*")}))
INSPECTOR = Actor("person", "person:904", "Ines", frozenset({("inspector", "*")}))


class Plant:
    """One characteristic and one sender; each reading comes a minute after the one before."""

    def __init__(self, **chart: Any) -> None:
        self.site = Site.objects.get_or_create(
            code="HAL", defaults={"name": "Halle", "zone": "Europe/Berlin"}
        )[0]
        self.now = NOW
        self.sequence = 0
        self.ids: list[int] = []
        given: dict[str, Any] = {"name": "Diameter", "unit": "mm", "lsl": Decimal(0), "usl": Decimal(100)}
        self.input = CharacteristicInput(**(given | {"chart_kind": "i-mr"} | chart))
        self.characteristic = products.create_characteristic(
            site=self.site, given=self.input, actor=ENGINEER, now=NOW
        )
        products.release(characteristic=self.characteristic, actor=CHECKER, now=NOW)

    def change(self, **chart: Any) -> None:
        """Release the characteristic again with another chart."""
        about: dict[str, Any] = {"actor": ENGINEER, "now": self.now}
        products.start_change(characteristic=self.characteristic, reason="other chart", **about)
        self.input = replace(self.input, **chart)
        products.edit_characteristic(characteristic=self.characteristic, given=self.input, **about)
        self.now += timedelta(minutes=1)
        products.release(characteristic=self.characteristic, actor=CHECKER, now=self.now)

    @property
    def number(self) -> str:
        return str(self.characteristic.header.number)

    @property
    def stream(self) -> int:
        return int(StreamState.objects.get(characteristic=self.characteristic.pk).stream)

    def reading(self, value: float | str, *, sequence: int | None = None, **more: Any) -> Reading:
        """The next reading, or the one with a sequence number that was left out."""
        if sequence is None:
            self.sequence += 1
            sequence = self.sequence
        given: dict[str, Any] = {
            "source": "press",
            "sequence": sequence,
            "characteristic": self.number,
            "text": str(value),
        }
        return Reading(**(given | more))

    def send(self, *values: float | str, actor: Actor = OPERATOR, **more: Any) -> list[int]:
        """Send values as one batch."""
        return self.deliver([self.reading(value, **more) for value in values], actor=actor)

    def send_each(self, *values: float | str) -> None:
        """Send values one by one."""
        for value in values:
            self.send(value)

    def deliver(self, readings: Sequence[Reading], *, actor: Actor = OPERATOR) -> list[int]:
        """Send readings as they are; returns their ids."""
        self.now += timedelta(minutes=1)
        receipts = loop.receive(readings, actor=actor, now=self.now)
        assert [r.status for r in receipts] == ["accepted"] * len(readings), receipts
        ids = [int(receipt.reading or 0) for receipt in receipts]
        self.ids += ids
        return ids

    def amend(self, reading: int, value: str, kind: str, actor: Actor = INSPECTOR) -> None:
        """Correct, re-measure or void a reading; a second person releases what needs one."""
        self.now += timedelta(minutes=1)
        made = self.reading(value, source="desk", kind=kind, about=reading, note="typed wrongly")
        receipt = loop.receive([made], actor=actor, now=self.now)[0]
        if receipt.status == "quarantined":
            quarantined = int(receipt.quarantine or 0)
            loop.release_quarantined(
                quarantined=quarantined, reason="seen by two", actor=CHECKER, now=self.now
            )

    def skip(self) -> int:
        """Leave a sequence number out, to be sent later."""
        self.sequence += 1
        return self.sequence

    def work(self) -> None:
        """Let the background do all that waits."""
        while services.run_due(self.now):
            pass

    def put_limits_in_force(self, *, person: Actor, proof: Proof) -> LimitSet:
        """Approve the proposed limits from now on."""
        self.now += timedelta(minutes=1)
        found = LimitSet.objects.select_related("header", "header__site").get(header__state="proposed")
        return services.approve_limits(
            limit_set=found, valid_from=self.now, actor=person, now=self.now, proof=proof
        )

    def know_limits(self, limits: Limits, only: int | None = None) -> None:
        """Let known limits hold on a stream, or on every one, from now on, as an approved limit set would."""
        mine = StreamState.objects.filter(characteristic=self.characteristic.pk).order_by("pk")
        mine = mine if only is None else mine.filter(pk=only)
        with recording(actor=SETUP, now=self.now) as work:
            for stream in mine.values_list("pk", flat=True):
                record = LimitSet(
                    characteristic=self.characteristic.header, stream=stream, definition=1, kind=limits.kind,
                    size=self.input.subgroup_size, limits=json.dumps(limits.to_dict()), points=2, stable=True,
                    first_position=0, first_sequence=0, last_position=0, last_sequence=0,
                )  # fmt: skip
                create_record(work, LIMIT_SET, record, site=self.site, title="known")
                record.header.state, record.header.category = "approved", "effective"
                change_record(work, record, action="move:approve")
                held = take_stream(work, stream)
                assert held is not None
                _put_in_force(work, held, record, work.at)
                save_streams(work, [held])

    def chart(self, stream: int | None = None) -> list[Point]:
        """The judgements in force, in the order of the stream."""
        latest: dict[tuple[int, int], Point] = {}
        for point in Point.objects.filter(stream=stream or self.stream).order_by("judgement"):
            latest[point.position, point.sequence] = point
        return [latest[key] for key in sorted(latest) if latest[key].n]

    def fired(self, stream: int | None = None) -> list[str]:
        """The rules that fire at each point in force."""
        return [point.fired for point in self.chart(stream)]
