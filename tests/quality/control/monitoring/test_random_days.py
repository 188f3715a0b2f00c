"""Days in which everything happens in any order: the chart ends as if all had been judged from the start."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from charted.plant import OPERATOR, Plant
from gemba.quality.control.collecting.reading import Reading
from gemba.quality.control.monitoring import rejudging, services
from gemba.quality.control.monitoring.anew import Basis, judge_anew
from gemba.quality.control.monitoring.keeping import read_stream
from gemba.quality.control.monitoring.models import Point, Signal
from gemba.quality.control.monitoring.points import START
from gemba.quality.control.monitoring.points import Point as Judged
from gemba.quality.control.monitoring.series import members_from
from gemba.quality.control.monitoring.stored import closings_from, stages_of
from gemba.quality.records.trail import verify
from gemba.stats.charts import known_limits

pytestmark = pytest.mark.django_db


class Day:
    """A random day on one stream, with two senders."""

    def __init__(self, seed: int, *, size: int, hinted: bool) -> None:
        self.rng = random.Random(seed)  # noqa: S311 (a repeatable day)
        self.hinted = hinted
        kind = "i-mr" if size == 1 else "xbar-r"
        self.size = size
        self.plant = Plant(chart_kind=kind, subgroup_size=size, subgroup_minutes=20, rules="nelson")
        self.numbers = {"press": 0, "hand": 0}
        self.left_out: list[tuple[str, int, str]] = []
        self.voided: set[int] = set()
        self.count = 0
        self.send()
        self.plant.know_limits(known_limits(kind, mean=50.0, sigma=1.0))

    def value(self) -> str:
        return f"{self.rng.gauss(self.rng.choice([50.0, 50.0, 50.8]), 1.0):.3f}"

    def hint(self) -> str:
        self.count += 1
        return f"lot {max(0, self.count - self.rng.randrange(self.size)) // self.size}" if self.hinted else ""

    def send(self) -> None:
        readings = []
        for _ in range(self.rng.randint(1, 9)):
            source = self.rng.choice(["press", "press", "hand"])
            self.numbers[source] += 1
            key = (source, self.numbers[source], self.hint())
            if self.rng.random() < 0.15:
                self.left_out.append(key)
                continue
            readings.append(self.made(*key))
        if readings:
            self.plant.deliver(readings)

    def made(self, source: str, number: int, hint: str) -> Reading:
        return self.plant.reading(self.value(), source=source, sequence=number, subgroup=hint)

    def come_late(self) -> None:
        if self.left_out:
            self.plant.deliver([self.made(*self.left_out.pop(self.rng.randrange(len(self.left_out))))])

    def amend(self) -> None:
        reading = self.rng.choice(self.plant.ids)
        if reading in self.voided:
            return
        kind = self.rng.choice(["correction", "remeasure", "void"])
        if kind == "void":
            self.voided.add(reading)
        self.plant.amend(reading, "" if kind == "void" else self.value(), kind)

    def wait(self) -> None:
        self.plant.now += timedelta(minutes=30)
        services.close_due(self.plant.now)

    def close(self) -> None:
        held = read_stream(self.plant.stream)
        assert held is not None
        for name in list(held.cutter.open)[:1]:
            services.close_subgroup(
                stream=self.plant.stream,
                subgroup=name,
                reason="shift ends",
                actor=OPERATOR,
                now=self.plant.now,
            )

    def judge(self) -> None:
        services.rejudge_due(self.plant.now)

    def pass_by(self) -> None:
        steps = [self.send] * 5 + [self.come_late, self.amend, self.wait, self.close, self.judge]
        for _ in range(60):
            self.rng.choice(steps)()
        self.plant.work()


@pytest.mark.parametrize(
    ("seed", "size", "hinted"),
    [(seed, size, hinted) for seed in range(4) for size, hinted in ((1, False), (3, False), (3, True))],
)
def test_the_chart_is_that_of_a_judgement_from_the_start(
    seed: int, size: int, hinted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rejudging, "CHUNK", 40)
    day = Day(seed, size=size, hinted=hinted)
    day.pass_by()
    stream, characteristic = day.plant.stream, day.plant.characteristic.pk
    members, follows = members_from(stream, START, limit=10_000)
    assert follows is None
    whole = judge_anew(
        Basis(START, stages_of(stream, characteristic), members, closings=closings_from(stream, START))
    )
    assert [described(point) for point, _ in whole.points if point.n] == [
        described(point) for point in day.plant.chart()
    ]
    held = read_stream(stream)
    assert held is not None
    assert {name: group.members for name, group in held.cutter.open.items()} == {
        name: group.members for name, group in whole.cutter.open.items()
    }
    assert verify().sound
    live = [point for point in day.plant.chart() if point.fired]
    states = {signal.pk: signal.header.state for signal in Signal.objects.select_related("header")}
    assert all(states[point.signal] != "withdrawn" for point in live)
    withdrawn = {key for key, state in states.items() if state == "withdrawn"}
    assert set(states) - withdrawn <= {point.signal for point in live}


def described(point: Point | Judged) -> tuple[object, ...]:
    return (
        point.position, point.sequence, point.n, point.first, point.second, point.fired,
        point.first_reading, point.last_reading,
    )  # fmt: skip
