"""Late, corrected, voided and re-measured readings, in every position of every rule's window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import sqrt

import pytest

from charted.plant import INSPECTOR, Plant
from gemba.quality.control.collecting.models import Stream
from gemba.quality.control.collecting.reading import Reading
from gemba.quality.control.monitoring import services
from gemba.quality.control.monitoring.keeping import read_stream
from gemba.quality.control.monitoring.models import Point, Signal, StreamState
from gemba.quality.records.trail import verify
from gemba.stats.charts import judge, known_limits

pytestmark = pytest.mark.django_db
NOISE = [50.0, 51.2, 49.5, 48.7, 50.6]
PATTERNS = {
    "1": [54.0],
    "2": [50.4, 50.9, 50.3, 50.8, 50.2, 50.7, 50.9, 50.4, 50.6],
    "3": [48.9, 49.4, 49.8, 50.1, 50.5, 50.9],
    "4": [50.9, 49.1] * 7,
    "5": [52.5, 50.1, 52.6],
    "6": [51.5, 51.4, 50.2, 51.6, 51.5],
    "7": [50.2, 49.7, 49.9, 50.4, 50.3, 49.6, 50.1, 50.5, 49.8, 49.7, 50.2, 50.6, 49.9, 49.5, 50.3],
    "8": [51.5, 48.4, 48.5, 51.6, 48.3, 51.4, 51.7, 48.2],
}
KINDS = ("reading", "correction", "remeasure", "void")


@dataclass
class Case:
    """One stream: its tidy values, where it goes wrong, how, and what comes to mend it."""

    rule: str
    place: int
    kind: str
    tidy: list[list[float]]
    reading: int = 0

    @property
    def name(self) -> str:
        return f"{self.rule}-{self.place}-{self.kind}"


def cases(size: int) -> list[Case]:
    spread = [[0.0], [-0.5, 0.5], [-0.5, 0.0, 0.5]][size - 1]
    return [
        Case(rule, place, kind, [[value + off for off in spread] for value in NOISE + pattern + NOISE])
        for rule, pattern in PATTERNS.items()
        for place in range(len(NOISE), len(NOISE) + len(pattern))
        for kind in KINDS
    ]


def first_sending(plant: Plant, case: Case) -> tuple[list[Reading], Reading]:
    """What is sent at first, and the reading that is to be amended or comes late."""
    sent: list[Reading] = []
    odd: Reading | None = None
    for number, group in enumerate(case.tidy):
        for member, value in enumerate(group):
            here = number == case.place and member == 0
            if here and case.kind == "void":
                odd = plant.reading(57.0, stream={"case": case.name})
                sent.append(odd)
            wrong = here and case.kind in ("correction", "remeasure")
            made = plant.reading(f"{43.0 if wrong else value:.3f}", stream={"case": case.name})
            if here and case.kind == "reading":
                odd = made
                continue
            if wrong:
                odd = made
            sent.append(made)
    assert odd is not None
    return sent, odd


def expected(case: Case, size: int) -> list[str]:
    """The rules that fire at each point of the tidy series, by the statistics floor."""
    if size == 1:
        limits = known_limits("i-mr", mean=50.0, sigma=1.0)
        chart = judge(limits, [group[0] for group in case.tidy], rules="nelson")
    else:
        values = [round(value, 3) for group in groups_of(case) for value in group]
        names = [number for number, group in enumerate(groups_of(case)) for _ in group]
        limits = known_limits("xbar-r", mean=50.0, sigma=sqrt(size))
        chart = judge(limits, {"v": values, "g": names}, value="v", subgroup="g", rules="nelson")
    found = [chart.violations.codes_at(panel.name) for panel in chart.panels]
    return [
        ";".join(
            f"{panel.name}:{','.join(codes[number])}"
            for panel, codes in zip(chart.panels, found, strict=True)
            if number in codes
        )
        for number in range(1, len(chart.panels[0].points) + 1)
    ]


def groups_of(case: Case) -> Sequence[Sequence[float]]:
    """The subgroups as they form: a voided reading keeps its place in the subgroup that it came into."""
    if case.kind != "void":
        return case.tidy
    size = len(case.tidy[0])
    flat: list[float | None] = [value for group in case.tidy for value in group]
    flat.insert(case.place * size, None)
    cut = [flat[start : start + size] for start in range(0, len(flat) // size * size, size)]
    return [[value for value in group if value is not None] for group in cut]


@pytest.mark.parametrize("size", [1, 3])
def test_the_judgement_is_that_of_the_tidy_series_and_the_old_one_is_still_there(size: int) -> None:
    kind = "i-mr" if size == 1 else "xbar-r"
    plant = Plant(chart_kind=kind, subgroup_size=size, stream_keys="case", rules="nelson")
    sigma = 1.0 if size == 1 else sqrt(size)
    listed = cases(size)
    plant.deliver([plant.reading(50.0, stream={"case": case.name}, purpose="set-up") for case in listed])
    plant.deliver([plant.reading("50.0", stream={"case": "warm"})])
    plant.know_limits(known_limits(kind, mean=50.0, sigma=sigma))
    late = {}
    for case in listed:
        sent, odd = first_sending(plant, case)
        ids = plant.deliver(sent)
        if case.kind == "reading":
            late[case.name] = odd
        else:
            case.reading = ids[sent.index(odd)]
    before = Point.objects.count()
    mend(plant, listed, late)
    plant.work()
    streams = {row.key.removeprefix("case="): row.pk for row in Stream.objects.all()}
    wrong = [c.name for c in listed if plant.fired(streams[c.name]) != expected(c, size)]
    assert wrong == []
    assert all(c.rule in "".join(expected(c, size)) for c in listed if c.kind != "void" or size == 1)
    assert Point.objects.filter(judgement=1).count() >= before
    assert Point.objects.filter(judgement=2).exists()
    assert not StreamState.objects.filter(rejudge_position__isnull=False).exists()
    assert verify().sound


def mend(plant: Plant, listed: Sequence[Case], late: dict[str, Reading]) -> None:
    """What was left out comes late, what was wrong is corrected or measured again, the rest is voided."""
    plant.deliver(list(late.values()))
    for kind in ("correction", "remeasure"):
        made = [
            plant.reading(f"{case.tidy[case.place][0]:.3f}", kind=kind, about=case.reading, note="again")
            for case in listed
            if case.kind == kind
        ]
        plant.deliver(made, actor=INSPECTOR)
    for case in listed:
        if case.kind == "void":
            plant.amend(case.reading, "", "void")


def test_a_signal_whose_basis_fell_away_is_withdrawn_and_stays_readable() -> None:
    plant = Plant(rules="nelson")
    plant.send(50.0)
    plant.know_limits(known_limits("i-mr", mean=50.0, sigma=1.0))
    typed = plant.send(50.1, 49.8, 505.0, 50.2, 49.9)[2]
    signal = Signal.objects.get()
    plant.amend(typed, "50.5", "correction")
    plant.work()
    assert plant.fired() == [""] * 6
    signal = Signal.objects.select_related("header").get(pk=signal.pk)
    assert (signal.header.state, signal.header.category) == ("withdrawn", "void")
    assert Point.objects.filter(signal=signal.pk, judgement=1).exists()
    plant.send(57.0)
    assert Signal.objects.filter(header__category="open").count() == 1


def closed_short_long_ago() -> tuple[Plant, list[int]]:
    """A subgroup of one that was closed before it was full, and sixty full ones after it."""
    plant = Plant(chart_kind="xbar-r", subgroup_size=2, subgroup_minutes=10)
    plant.send(1.0, subgroup="lot 7")
    plant.now += timedelta(minutes=10)
    services.close_due(plant.now)
    names = [f"lot {number}" for number in range(100, 160)]
    return plant, plant.deliver([plant.reading(5.0, subgroup=name) for name in names for _ in range(2)])


def test_a_straggler_finds_its_subgroup_however_long_ago_that_was_closed() -> None:
    plant, later = closed_short_long_ago()
    plant.amend(later[-1], "6.0", "correction")
    plant.work()
    plant.send(3.0, subgroup="lot 7")
    plant.work()
    assert [(point.subgroup, point.n, point.first) for point in plant.chart()][:2] == [
        ("lot 7", 2, 2.0), ("lot 100", 2, 5.0)
    ]  # fmt: skip
    assert len(plant.chart()) == 61


def test_a_straggler_that_came_long_after_stays_in_its_subgroup_when_later_ones_are_judged_anew() -> None:
    plant, later = closed_short_long_ago()
    plant.send(3.0, subgroup="lot 7")
    plant.work()
    plant.amend(later[-1], "6.0", "correction")
    plant.work()
    held = read_stream(plant.stream)
    assert held is not None
    assert held.cutter.open == {}
    assert [(point.subgroup, point.n) for point in plant.chart()][::60] == [("lot 7", 2), ("lot 159", 2)]
