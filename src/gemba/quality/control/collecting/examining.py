"""Looking at each reading: what is taken and as what, what is held back and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, TypeAlias

import msgspec

from gemba.quality.control.collecting.amendments import (
    Target,
    amendment_reasons,
    find_targets,
    needs_second_person,
)
from gemba.quality.control.collecting.beside import beside
from gemba.quality.control.collecting.definitions import Known, Streams, known_characteristics
from gemba.quality.control.collecting.measuring import Gauges
from gemba.quality.control.collecting.reading import Reading
from gemba.quality.control.collecting.rules import (
    are_plain,
    form_reasons,
    is_plain,
    key_reasons,
    stream_reasons,
    time_reasons,
)
from gemba.quality.control.collecting.sheet import Sheet
from gemba.quality.control.collecting.verdict import (
    Asked,
    Weighed,
    exact_number,
    weigh,
    weigh_closely,
    weigh_counted,
)
from gemba.quality.planning.products.specification import COLLECTED
from gemba.quality.records.actor import EVERY_SITE, Actor
from gemba.quality.records.canonical import canonical_json, to_microseconds
from gemba.quality.records.reasons import Reason
from gemba.quality.records.work import Work

COLLECTORS = ("operator", "inspector", "engineer", "quality_manager")
"""The roles that may enter readings."""
_MINUTE = timedelta(minutes=1)
_NO_VALUE = (float("nan"), "", "")
_When: TypeAlias = tuple[int | None, int | None]
"""A moment in microseconds with the minutes of its zone, both ``None`` where nobody knows it."""
_NEVER: _When = (None, None)


class Taken(msgspec.Struct, frozen=True, gc=False):
    """A reading that nothing stands against, before it has an id.

    Purpose, validity and subgroup are those that hold: an amendment keeps those of its reading, and once
    excluded, a reading is not brought back by an amendment. A ``usual`` one is a first reading of production
    with a plain value.
    """

    place: int
    reading: Reading
    actor: str
    characteristic: int
    stream: int
    asked: Asked
    value: float
    qualifier: str
    verdict: str
    measured_at: int | None
    offset: int | None
    purpose: str
    validity: str
    subgroup: str
    about: int | None
    context: str
    beside: str | None = None
    usual: bool = False


USUAL: Mapping[str, object] = {
    "qualifier": "",
    "purpose": "production",
    "validity": "valid",
    "about": None,
    "context": "",
    "beside": None,
}
"""What a usual reading has in these fields."""


class Held(NamedTuple):
    """A reading that waits for a person; ``site`` is empty where nobody knows it."""

    place: int
    reading: Reading
    actor: str
    site: str
    reasons: tuple[Reason, ...]


class Barred(NamedTuple):
    """A reading that cannot be kept at all."""

    place: int
    reading: Reading
    reasons: tuple[Reason, ...]


class Examiner:
    """Knows what a transaction needs of the store, so that each look is short.

    ``at`` is when the readings came, ``second`` says that a second person stands behind them.
    """

    def __init__(self, work: Work, sheet: Sheet, *, at: int, second: bool = False) -> None:
        self._at = at
        self._second = second
        self._sheet = sheet
        self._known = known_characteristics(work, set(sheet["characteristic"]))
        self._targets = find_targets({about for about in sheet["about"] if about is not None})
        self._streams = Streams(work)
        self._gauges = Gauges(sheet, sites={known.site for known in self._known.values()}, at=at)
        self._seen: dict[int, Mapping[str, Known]] = {}

    def look_over(self, actors: Sequence[Actor], places: Sequence[int]) -> list[Taken | Held | Barred]:
        """What becomes of each reading, in the order of these places; one as usual is through at a glance."""
        readings, glanced = self._sheet.readings, self._glance_over(actors)
        found: list[Taken | Held | Barred] = []
        for place in places:
            taken = glanced[place]
            found.append(self._look_closer(place, readings[place], actors[place]) if taken is None else taken)
        return found

    def _glance_over(self, actors: Sequence[Actor]) -> list[Taken | None]:
        """Each reading as it is taken, when everything about it is usual."""
        sheet, doubtful = self._sheet, self._gauges.doubtful
        plain = are_plain(sheet)
        read = zip(
            sheet.readings, actors, sheet["characteristic"], sheet["gauge"], sheet["measured_at"], strict=True
        )
        found: list[Taken | None] = []
        last: datetime | None = None
        when: _When | None = _NEVER
        for place, (reading, actor, number, gauge, moment) in enumerate(read):
            known = (self._seen.get(id(actor)) or self._visible(actor)).get(number)
            taken = None
            if (
                known is not None
                and known.in_force
                and gauge not in doubtful
                and (plain or is_plain(reading))
            ):
                if moment is not last and not _is_same(moment, last):
                    last, when = moment, _when(moment)
                if when is not None:
                    taken = self._glance(place, reading, actor.id, known, when)
            found.append(taken)
        return found

    def _glance(self, place: int, reading: Reading, actor: str, known: Known, when: _When) -> Taken | None:
        at, offset = when
        asked = known.only
        if asked is None:
            asked = known.asked(self._at if at is None or at > self._at else at)
        stream = asked.streams.get(tuple(reading.stream.items()))
        weighed = weigh(asked, reading.text, reading.unit)
        if stream is None or weighed is None or not asked.usual:
            return None
        value, qualifier, verdict = weighed
        return Taken(
            place, reading, actor, known.id, stream, asked, value, qualifier, verdict, at, offset,
            "production", "valid", reading.subgroup, None, "", None, True,
        )  # fmt: skip

    def _visible(self, actor: Actor) -> Mapping[str, Known]:
        items = self._known.items()
        seen = {number: known for number, known in items if actor.has_any(COLLECTORS, known.site)}
        self._seen[id(actor)] = seen
        return seen

    def _look_closer(self, place: int, reading: Reading, actor: Actor) -> Taken | Held | Barred:
        known = (self._seen.get(id(actor)) or self._visible(actor)).get(reading.characteristic)
        barred = [*_role_reasons(actor), *key_reasons(reading)]
        if barred:
            return Barred(place, reading, tuple(barred))
        reasons = [*form_reasons(reading), *time_reasons(reading.measured_at)]
        if known is None:
            about = {"number": reading.characteristic[:80]}
            reasons += [Reason("collecting.characteristic_unknown", about)]
            reasons += stream_reasons(reading.stream, None)
            return Held(place, reading, actor.id, _only_site(actor), tuple(reasons))
        target = None if reading.about is None else self._targets.get(reading.about)
        asked = known.asked(self._asked_at(reading, target))
        reasons += self._reasons(reading, actor, known, asked, target)
        stands, wrong = beside(asked, reading, None if target is None else target.beside)
        if reading.kind != "void" and asked.spec.data_kind in COLLECTED:
            reasons += wrong
        weighed = _weigh_any(asked, reading, stands)
        if isinstance(weighed, list) or reasons:
            reasons += weighed if isinstance(weighed, list) else ()
            return Held(place, reading, actor.id, known.site, tuple(reasons))
        taken = self._take(place, reading, actor, asked, weighed, target)
        return taken if stands is None else msgspec.structs.replace(taken, beside=stands)

    def _reasons(
        self, reading: Reading, actor: Actor, known: Known, asked: Asked, target: Target | None
    ) -> list[Reason]:
        number, amends = reading.characteristic, reading.kind in {"correction", "remeasure", "void"}
        reasons = list(stream_reasons(reading.stream, None if amends else asked.spec))
        reasons += self._gauges.reasons(reading, known.site, self._asked_at(reading, target))
        if not known.in_force:
            reasons.append(Reason("collecting.not_released", {"number": number, "state": known.state}))
        if asked.spec.data_kind not in COLLECTED:
            about = {"number": number, "kind": asked.spec.data_kind}
            reasons.append(Reason("collecting.attribute_data", about))
        if amends:
            reasons += amendment_reasons(
                reading,
                number=number,
                site=known.site,
                characteristic=known.id,
                target=target,
                actor=actor,
            )
            if target is not None and not self._second and needs_second_person(reading, target):
                reasons.append(Reason("collecting.second_person", {"kind": reading.kind}))
        return reasons

    def _take(
        self,
        place: int,
        reading: Reading,
        actor: Actor,
        asked: Asked,
        weighed: Weighed,
        target: Target | None,
    ) -> Taken:
        moment, names = reading.measured_at, asked.spec.stream_keys if target is None else ()
        at = None if moment is None else to_microseconds(moment)
        rest = {name: value for name, value in reading.stream.items() if name not in names}
        first = target or reading
        return Taken(
            place=place,
            reading=reading,
            actor=actor.id,
            characteristic=asked.spec.characteristic,
            stream=target.stream if target else self._streams.find(asked, reading.stream),
            asked=asked,
            value=weighed[0],
            qualifier=weighed[1],
            verdict=weighed[2],
            measured_at=target.measured_at if target and at is None else at,
            offset=None if moment is None else (moment.utcoffset() or timedelta()) // _MINUTE,
            purpose=first.purpose,
            validity=first.validity if first.validity != "valid" else reading.validity,
            subgroup=first.subgroup,
            about=target.id if target else None,
            context=canonical_json(rest) if rest else "",
        )

    def _asked_at(self, reading: Reading, target: Target | None) -> int:
        """When what is asked counts: when it was measured; a correction keeps the moment of its reading."""
        moment = reading.measured_at
        if target is not None and (reading.kind != "remeasure" or moment is None):
            return target.received_at if target.measured_at is None else target.measured_at
        if moment is None or moment.utcoffset() is None:
            return self._at
        return min(self._at, to_microseconds(moment))


def _is_same(moment: datetime | None, last: datetime | None) -> bool:
    """Whether it is the same moment, told in the same zone."""
    return moment is not None and last is not None and moment == last and moment.tzinfo is last.tzinfo


def _when(moment: datetime | None) -> _When | None:
    """The moment; ``None`` where its zone is not known."""
    if moment is None:
        return _NEVER
    zone = moment.utcoffset()
    return None if zone is None else (to_microseconds(moment), zone // _MINUTE if zone else 0)


def _weigh_any(asked: Asked, reading: Reading, stands: str | None) -> Weighed | list[Reason]:
    if reading.kind == "void" or asked.spec.data_kind not in COLLECTED:
        return _NO_VALUE
    if not asked.continuous:
        size = None if stands is None else exact_number(stands)
        return weigh_counted(asked, reading.text, size, confirmed=reading.confirmed)
    return weigh_closely(asked, reading.text, reading.unit, confirmed=reading.confirmed)


def _role_reasons(actor: Actor) -> list[Reason]:
    if actor.kind == "system" or actor.sites(COLLECTORS):
        return []
    return [Reason("records.role_missing", {"roles": ", ".join(COLLECTORS)})]


def _only_site(actor: Actor) -> str:
    sites = actor.sites(COLLECTORS) - {EVERY_SITE}
    return next(iter(sites)) if len(sites) == 1 else ""
