"""What is measured: the value of a stream at a moment, the same for the same seed. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from gemba.demo.book import SHIFT_HOURS, SITES, STORIES, Measured, Story
from gemba.quality.control.collecting.reading import Reading
from gemba.stats.constants import d2

DAY = timedelta(days=1)
SHIFT = timedelta(hours=SHIFT_HOURS)
TRIES, APART = 60, timedelta(milliseconds=90)
"""How often, and how far apart, another moment is looked at: closer ones have the same chance."""
LOT_DAYS, FIRST_LOT = 6, 2220
AWAY_DAYS = 6
"""How long a gauge that drifted is at metrology before it comes back."""
OF_THE_PIECE, OF_ITS_OWN = 0.8, 0.6
"""How much of chance two measurements of one piece have in common, and how much each has alone."""
CREW = ("M. Koch", "S. Lindner", "T. Adeyemi")
"""Who measures: early, late and night shift."""


def effect(story: Story, day: float) -> float:
    """How far a story has moved its stream on a day, in standard deviations."""
    if day < story.begins:
        return 0.0
    if story.kind == "change":
        return story.size
    if day >= story.ends:
        return 0.0
    if story.kind == "trend":
        return story.size * (day - story.begins) / (story.ends - story.begins)
    if story.kind == "relapse" and day > story.back:
        return story.size * (story.ends - day) / (story.ends - story.back)
    return story.size


@dataclass(frozen=True)
class Point:
    """One point of a stream: when it is measured, on which day of the plant, and what moves it.

    ``push`` moves it beside its stories, in standard deviations; ``noise`` is how much of them chance has.
    ``serial`` names the piece where more than this is measured on it.
    """

    measured: Measured
    key: str
    at: datetime
    day: float
    push: float = 0.0
    noise: float = 1.0
    serial: str = ""


def value_at(point: Point, random: Random) -> str:
    """The value as a gauge shows it."""
    measured = point.measured
    moved = _moved(point)
    value = measured.centre + measured.sigma * (moved + point.noise * _noise(random))
    if measured.natural_low:
        value = max(value, float(measured.natural_low))
    return f"{value:.{measured.decimals}f}"


def _moved(point: Point) -> float:
    """How far a point is moved from the centre, in standard deviations."""
    place = (point.measured.code, point.key)
    return point.push + sum(effect(story, point.day) for story in STORIES if (story.code, story.key) == place)


def _noise(random: Random) -> float:
    """Mean 0, standard deviation 1, never beyond 2.45: chance alone seldom gives a signal."""
    return 6**0.5 * (random.random() + random.random() - 1)


def lot_on(measured: Measured, day: float) -> str:
    """The lot of material in use: a new one every few days, and in a story its own."""
    for story in STORIES:
        if story.lot and story.code == measured.code and story.begins <= day < story.ends:
            return story.lot
    return f"{measured.lots}-{FIRST_LOT + int(day // LOT_DAYS)}" if measured.lots else ""


def gauge_of(measured: Measured, key: str, day: float) -> str:
    """The gauge in use; where one drifted, another one until it is back from metrology."""
    place = measured.keys.index(key)
    away = any(s.name == "gauge-drift" and (s.code, s.key) == (measured.code, key)
               and s.ends <= day < s.ends + AWAY_DAYS for s in STORIES)  # fmt: skip
    return "TW-05" if away else measured.gauges[min(place, len(measured.gauges) - 1)]


def readings_of(point: Point, number: str, seed: int) -> Iterator[Reading]:
    """The readings of one point, still without source and sequence."""
    measured, at = point.measured, point.at
    zone = ZoneInfo(SITES[measured.site][1])
    random = Random(f"{seed}|{measured.code}|{point.key}|{point.day:.6f}")  # noqa: S311 (a play, no secret)
    if point.serial:
        piece = Random(f"{seed}|{point.serial}")  # noqa: S311
        point = replace(point, push=point.push + OF_THE_PIECE * _noise(piece), noise=point.noise * OF_ITS_OWN)
    for _ in range(measured.size):
        yield Reading(
            source="",
            sequence=0,
            characteristic=number,
            text=value_at(point, random),
            stream={measured.key: point.key} if measured.key else {},
            measured_at=at,
            operator=CREW[at.hour // SHIFT_HOURS % len(CREW)],
            gauge=gauge_of(measured, point.key, point.day),
            lot=lot_on(measured, point.day),
            serial=point.serial,
            subgroup=f"{at.astimezone(zone):%m-%d %H:%M:%S}" if measured.size > 1 else "",
        )


def calm_point(point: Point, turn: int, seed: int) -> Point:
    """A point of shortly before that is an ordinary one, in its turn; the point itself where none is found.

    Two lie above the centre, then two below, their ranges wide and narrow by turns: chance alone makes no
    run and goes beyond no limit, so that what signals was meant to.
    """
    measured = point.measured
    moved = _moved(point)
    for step in range(TRIES):
        tried = replace(point, at=point.at - step * APART, day=point.day - step * APART / DAY)
        drawn = readings_of(tried, "", seed)
        scaled = [(float(item.text) - measured.centre) / measured.sigma - moved for item in drawn]
        if _is_ordinary(scaled, turn):
            return tried
    return point


def _is_ordinary(scaled: Sequence[float], turn: int) -> bool:
    size = len(scaled)
    least, most = (0.6, 1.4) if size == 1 else (0.3, 2.0)
    side = 1 if turn % 4 < 2 else -1
    if not least < side * sum(scaled) / size**0.5 < most:
        return False
    wide = 1.0 if size == 1 else (max(scaled) - min(scaled)) / d2(size)
    return size == 1 or (0.2 < wide < 1 if turn % 2 else 1 < wide < 1.8)


def points_of_a_shift(measured: Measured, ends: datetime) -> list[datetime]:
    """When the points of a shift are measured."""
    return [ends - SHIFT * (2 * part + 1) / (2 * measured.often) for part in reversed(range(measured.often))]
