"""Days pass in the demo plant: it is founded, it is measured, the loop runs, its people react."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from msgspec.structs import replace

from gemba.demo.asked import agree_on
from gemba.demo.book import BY_CODE, MEASURED, PAIR, SITES, TOGETHER, Measured
from gemba.demo.crew import Crew
from gemba.demo.mark import Mark, make_mark, say_ready
from gemba.demo.metrology import buy_gauges
from gemba.demo.people import ENGINEER, INSPECTOR, MANAGER, SETUP, hire, known, proof_of
from gemba.demo.planned import meet_parties, plan_control, plan_products
from gemba.demo.skills import train
from gemba.demo.values import DAY, SHIFT, Point, calm_point, points_of_a_shift, readings_of
from gemba.quality import loop
from gemba.quality.control.collecting import queries as collecting
from gemba.quality.control.collecting.reading import Reading
from gemba.quality.control.collecting.rules import key_parts
from gemba.quality.control.gauges.services import watch_due
from gemba.quality.control.monitoring.services import run_due
from gemba.quality.improvement.capa.services import judge_due
from gemba.quality.people.competences.services import watch_running_out
from gemba.quality.people.sites import create_site
from gemba.quality.planning.controlplans.services import review_due
from gemba.quality.planning.products import queries as products
from gemba.quality.planning.products.inputs import CharacteristicInput
from gemba.quality.planning.products.models import Characteristic
from gemba.quality.planning.products.services import create_characteristic, release
from gemba.quality.records.models import Site
from gemba.quality.records.outbox import deliver_due
from gemba.quality.records.tasks import escalate_due

FIRST_PIECE = 1000
MOST_ROUNDS = 50
"""How often in a shift the loop is asked whether more is due, before something must be wrong."""


def found_plant(mark: Mark) -> None:
    """The empty plant: its mark, its sites, its people, and what is measured there."""
    make_mark(mark)
    now = mark.start
    sites = {
        code: create_site(code=code, name=name, zone=zone, actor=SETUP, now=now)
        for code, (name, zone) in SITES.items()
    }
    hire(sites, now=now)
    meet_parties(sites, now=now)
    plan_products(sites, now=now)
    train(sites, now=now)
    buy_gauges(sites, now=now)
    agreed: dict[str, str] = {}
    numbers = {}
    for measured in MEASURED:
        asked = agree_on(measured, sites[measured.site], agreed, now=now)
        agreed[measured.code] = asked
        numbers[measured.code] = _specify(measured, sites[measured.site], asked, now)
    numbers[TOGETHER] = _judge_together(sites[BY_CODE[PAIR[0]].site], numbers, now)
    plan_control(sites, numbers, proof=proof_of(MANAGER, now=now), now=now)
    _settle(now)


def _specify(measured: Measured, site: Site, asked: str, now: datetime) -> str:
    given = CharacteristicInput(
        name=measured.name,
        product=measured.product,
        process=measured.line,
        step=measured.step,
        unit=measured.unit,
        decimals=measured.decimals,
        lsl=_decimal(measured.lsl),
        target=_decimal(measured.target),
        usl=_decimal(measured.usl),
        natural_low=_decimal(measured.natural_low),
        special_class=measured.special,
        chart_kind=measured.chart,
        subgroup_size=measured.size,
        rules=measured.rules,
        needed_subgroups=25 if measured.size > 1 else 50,
        stream_keys=measured.key,
        reaction_plan=measured.plan,
        reaction_role="inspector",
        reaction_minutes=240,
        suspect_when=measured.suspect,
        verifies=asked,
    )
    made = create_characteristic(site=site, given=given, actor=known(ENGINEER), now=now)
    release(characteristic=made, actor=known(MANAGER), now=now)
    return str(made.header.number)


def _judge_together(site: Site, numbers: Mapping[str, str], now: datetime) -> str:
    """Two characteristics of one piece on one chart."""
    first, last = (BY_CODE[code] for code in PAIR)
    given = CharacteristicInput(
        name=f"{first.name}, {last.name.lower()}",
        product=last.product,
        process=last.line,
        step=last.step,
        data_kind="several",
        members=", ".join(numbers[code] for code in PAIR),
        chart_kind="t2",
        subgroup_minutes=24 * 60,
        needed_subgroups=50,
        reaction_plan="Take the pump apart. Look how the bearing sits.",
        reaction_role="inspector",
        reaction_minutes=240,
        suspect_when="never",
    )
    made = create_characteristic(site=site, given=given, actor=known(ENGINEER), now=now)
    release(characteristic=made, actor=known(MANAGER), now=now)
    return str(made.header.number)


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None


@dataclass
class Plant:
    """A demo plant at work: what it measures under which number, and what each line has sent so far."""

    mark: Mark
    codes: tuple[str, ...] = tuple(BY_CODE)
    numbers: dict[str, str] = field(default_factory=dict)
    sent: dict[str, int] = field(default_factory=dict)
    made: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rows = Characteristic.objects.filter(header__state="released").values_list("name", "header__number")
        by_name = {name: str(number) for name, number in rows}
        self.numbers = {m.code: by_name[m.name] for m in MEASURED if m.code in self.codes}
        for line in {m.line for m in MEASURED}:
            self.sent[line] = collecting.control_totals(line).last or 0
        ids = products.ids_by_number(self.numbers[code] for code in PAIR if code in self.numbers)
        for code in PAIR:
            if code in self.numbers:
                self.made[code] = collecting.counts_of_characteristic(ids[self.numbers[code]]).readings
        self.actor = known(INSPECTOR)
        self._crew: Crew | None = None

    def streams(self) -> dict[int, tuple[str, str]]:
        """Each stream that has readings -> the code and the key of what is measured."""
        found: dict[int, tuple[str, str]] = {}
        for record in Characteristic.objects.filter(header__number__in=self.numbers.values()):
            measured = next(m for m in MEASURED if m.name == record.name)
            for stream in collecting.streams_of(record.pk):
                found[stream.pk] = (measured.code, key_parts(stream.key).get(measured.key, ""))
        return found

    def send(
        self, measured: Measured, key: str, at: datetime, *, push: float = 0.0, turn: int | None = None
    ) -> Iterator[Reading]:
        """One point of a stream as the line sends it; with its ``turn`` an ordinary one."""
        day = (at - self.mark.start) / DAY
        number = self.numbers[measured.code]
        point = Point(measured, key, at, day, push, serial=self._serial(measured))
        point = point if turn is None else calm_point(point, turn, self.mark.seed)
        for made in readings_of(point, number, self.mark.seed):
            self.sent[measured.line] += 1
            yield replace(made, source=measured.line, sequence=self.sent[measured.line])

    def _serial(self, measured: Measured) -> str:
        """The next piece on which more than this is measured; empty where nothing else is."""
        if measured.code not in PAIR:
            return ""
        self.made[measured.code] = self.made.get(measured.code, 0) + 1
        return f"P20-{FIRST_PIECE + self.made[measured.code]}"

    def shift(self, ends: datetime) -> None:
        """One shift passes: everything is measured, the loop runs, people react."""
        readings = [
            reading
            for measured in MEASURED
            if measured.code in self.numbers
            for at in points_of_a_shift(measured, ends)
            for key in measured.keys
            for reading in self.send(measured, key, at)
        ]
        loop.receive(readings, actor=self.actor, now=ends)
        for look in (watch_due, watch_running_out, judge_due, review_due):
            look(ends)
        _settle(ends)
        self.crew().work(ends)
        _settle(ends)

    def crew(self) -> Crew:
        """The people, who know every stream there is."""
        if self._crew is None:
            self._crew = Crew(self.mark, self.streams())
        return self._crew

    def live(self, since: datetime, until: datetime, passed: Callable[[datetime], None]) -> None:
        """Let the shifts between two moments pass; ``passed`` is told of each end as it comes."""
        ends = since + SHIFT
        while ends <= until:
            passed(ends)
            self.shift(ends)
            ends += SHIFT


def _settle(now: datetime) -> None:
    """The loop runs until nothing is due."""
    for _ in range(MOST_ROUNDS):
        if not deliver_due(now) + run_due(now):
            break
    escalate_due(now)


def make_plant(
    *,
    now: datetime,
    days: int,
    seed: int,
    passed: Callable[[datetime], None] = lambda _ends: None,
    codes: tuple[str, ...] = tuple(BY_CODE),
) -> Mark:
    """A plant that has lived so many days until now; ``codes`` are those of what is measured."""
    mark = Mark(now - timedelta(days=days), days, seed)
    found_plant(mark)
    Plant(mark, codes).live(mark.start, now, passed)
    say_ready(now)
    return mark
