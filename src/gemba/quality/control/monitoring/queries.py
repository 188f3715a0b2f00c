"""Reads of charts and signals, bounded to what is drawn or listed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gemba.quality.control.monitoring.anew import Held, stage_at
from gemba.quality.control.monitoring.drawn import drawn_chart, point_before
from gemba.quality.control.monitoring.judging import Chart
from gemba.quality.control.monitoring.keeping import read_stream
from gemba.quality.control.monitoring.lines import lines_of
from gemba.quality.control.monitoring.models import LimitSet, Signal, StreamState
from gemba.quality.control.monitoring.models import Point as Judged
from gemba.quality.control.monitoring.points import Key, Point, fired_pairs
from gemba.quality.control.monitoring.record import SIGNAL
from gemba.quality.control.monitoring.stored import Stored, points_in, stages_of
from gemba.quality.control.monitoring.stream import Stream
from gemba.quality.control.monitoring.window import DRAWN, NEWEST, Window
from gemba.quality.control.monitoring.words import LastTime, fault_words, signal_words
from gemba.quality.planning.products.specification import Specification
from gemba.quality.records import store
from gemba.quality.records.models import Header
from gemba.stats.charts.kind import Lines
from gemba.stats.figures import Figure


@dataclass(frozen=True)
class Line:
    """The lines of one panel at a point; ``None`` while the chart collects."""

    center: float | None
    lcl: float | None
    ucl: float | None


@dataclass(frozen=True)
class ChartPoint:
    """One point of a chart as it is shown.

    ``name`` is stable, ``at`` the time of its last reading in microseconds; ``fired`` pairs of panel and
    rule; ``judgement`` counts how often it was judged, ``size`` how much was inspected where that is counted.
    """

    name: str
    at: int
    n: int
    values: tuple[float | None, ...]
    lines: tuple[Line, ...]
    limits: int | None
    fired: tuple[tuple[str, str], ...]
    signal: int | None
    readings: tuple[int, int]
    subgroup: str
    judgement: int
    size: float | None = None


@dataclass(frozen=True)
class ChartView:
    """What a chart page shows of one stream.

    ``collected`` of ``needed`` while it has no limits; ``waiting`` how many readings wait in open
    subgroups; ``rejudging`` whether a late or amended reading is still to be judged.
    """

    stream: int
    characteristic: int
    title: str
    site: str
    kind: str
    panels: tuple[str, ...]
    size: int
    rules: tuple[str, ...]
    points: tuple[ChartPoint, ...]
    limits: int | None
    collected: int
    needed: int
    waiting: int
    rejudging: bool
    proposed: int | None
    signals: tuple[int, ...]


@dataclass(frozen=True)
class Look:
    """One look at the chart of a stream, on which all stands that is told of it: read once.

    ``stored`` are the points of the window, ``signals`` those that are not finished, the newest first.
    """

    held: Stream
    header: Header
    stages: Sequence[Held]
    stored: Sequence[Stored]
    signals: Sequence[Signal]

    @property
    def names(self) -> list[str]:
        """The names of the points, in their order."""
        return [f"{item.point.position}.{item.point.sequence}" for item in self.stored]


def look_at(
    stream: int,
    window: Window,
    *,
    header: Header | None = None,
    released: Sequence[Specification] | None = None,
) -> Look | None:
    """Look at the chart of a stream; ``None`` where there is none.

    ``header`` is that of its characteristic and ``released`` are the releases, where they are at hand.
    """
    held = read_stream(stream)
    if held is None:
        return None
    judge = held.judge
    known = {} if judge.limits is None or judge.limits_id is None else {judge.limits_id: judge.limits}
    return Look(
        held=held,
        header=header or Header.objects.get(pk=held.characteristic),
        stages=stages_of(stream, held.characteristic, released=released, known=known),
        stored=points_in(stream, window),
        signals=open_signals(stream=stream),
    )


def chart_view(
    stream: int, *, last: int = DRAWN, before: Key | None = None, window: Window | None = None
) -> ChartView | None:
    """The last points of a stream, before a key when one pages back; ``None`` where there is no chart.

    A ``window`` says all of that, and more.
    """
    asked = window or Window(last=last, before=before or NEWEST)
    look = look_at(stream, asked)
    return None if look is None else view_of(look, last=asked.most)


def view_of(look: Look, *, last: int) -> ChartView:
    """The last points that one has looked at."""
    held, header, stages, stored = look.held, look.header, look.stages, look.stored[-last:]
    chart = held.definition.chart
    points, at = [item.point for item in stored], [stage_at(stages, item.point.key) for item in stored]
    lines = lines_of(points, at, point_before(held, points, stages))
    shown = [_chart_point(item, line, chart) for item, line in zip(stored, lines, strict=True)]
    return ChartView(
        stream=held.id,
        characteristic=held.characteristic,
        title=header.title,
        site=header.site_id,
        kind=chart.kind.name,
        panels=chart.kind.panels,
        size=chart.size,
        rules=chart.rules.codes,
        points=tuple(shown),
        limits=held.judge.limits_id,
        collected=held.collected,
        needed=held.definition.needed,
        waiting=sum(len(group.members) for group in held.cutter.open.values()),
        rejudging=held.rejudge is not None,
        proposed=held.proposed,
        signals=tuple(signal.pk for signal in look.signals),
    )


def chart_figure(
    stream: int,
    *,
    last: int = DRAWN,
    before: Key | None = None,
    language: str | None = None,
    room: float | None = None,
) -> Figure | None:
    """The last points of a stream as a figure of the statistics floor; ``None`` where nothing is to draw.

    ``room`` is the whole width in pixels that the figure shall fill.
    """
    window = Window(last=last, before=before or NEWEST)
    drawn = drawn_chart(stream, window=window, language=language, room=room)
    return None if drawn is None else drawn.figure


def streams_of(characteristic: int) -> list[int]:
    """The charted streams of a characteristic."""
    rows = StreamState.objects.filter(characteristic=characteristic).exclude(state="")
    return list(rows.order_by("stream").values_list("stream", flat=True))


def open_signals(
    *, stream: int | None = None, characteristic: int | None = None, limit: int = 200
) -> list[Signal]:
    """Signals that are not finished, the newest first."""
    every = Signal.objects.select_related("header", "header__site")
    rows = every.filter(header__type=SIGNAL.name, header__category="open")
    if stream is not None:
        rows = rows.filter(stream=stream)
    if characteristic is not None:
        rows = rows.filter(characteristic=characteristic)
    return list(rows.order_by("-header__opened_at", "-pk")[:limit])


def still_open(signals: Iterable[int | None]) -> frozenset[int]:
    """Those of these signals that are not finished: a chart remembers a closed one for its aftermath."""
    wanted = {identity for identity in signals if identity is not None}
    rows = Header.objects.filter(pk__in=wanted, category="open")
    return frozenset(rows.values_list("pk", flat=True))


def open_signals_of(characteristics: Sequence[int]) -> dict[int, tuple[tuple[int, str], ...]]:
    """The signals of these characteristics that are not finished: header and number, in one query."""
    rows = Signal.objects.filter(characteristic__in=list(characteristics), header__category="open")
    found: dict[int, tuple[tuple[int, str], ...]] = {}
    for about, identity, number in rows.order_by("pk").values_list("characteristic", "pk", "header__number"):
        found[about] = (*found.get(about, ()), (identity, str(number)))
    return found


@dataclass(frozen=True)
class Cause:
    """What people found and did about a signal."""

    id: int
    number: str
    state: str
    cause: str
    action: str


def causes_of(signals: Sequence[int]) -> dict[int, Cause]:
    """What was found and done about each of these signals, in one query."""
    rows = Signal.objects.filter(pk__in=set(signals))
    told = rows.values_list("pk", "header__number", "header__state", "cause", "action")
    return {identity: Cause(identity, str(number), *rest) for identity, number, *rest in told}


def signal(identity: int) -> Signal:
    """The signal of a header."""
    return Signal.objects.select_related("header", "header__site").get(pk=identity)


def done_in_words(signal: Signal) -> str:
    """The steps of the reaction plan that were ticked off as done, a line each, with what was noted."""
    done = signal.steps.filter(answer="done").order_by("number")
    return "\n".join(f"{step.text}: {step.words}" if step.words else step.text for step in done)


def limit_set(identity: int) -> LimitSet:
    """The limit set of a header."""
    return LimitSet.objects.select_related("header", "header__site").get(pk=identity)


def stages_offered(stream: int) -> list[tuple[int, str, str]]:
    """Id, number and state of each limit set of a stream that was ever in force, the newest first."""
    rows = LimitSet.objects.filter(stream=stream, header__category__in=("effective", "closed"))
    found = rows.order_by("-pk").values_list("pk", "header__number", "header__state")
    return [(identity, str(number), state) for identity, number, state in found]


def limit_sets_of(stream: int) -> list[LimitSet]:
    """All limit sets of a stream, the newest first."""
    return list(LimitSet.objects.select_related("header").filter(stream=stream).order_by("-pk"))


def last_times(signal: int) -> dict[tuple[str, str], LastTime]:
    """For each panel and rule of a signal: what was found when it last fired on the characteristic before."""
    return {
        (panel, rule): LastTime(str(number), *rest)
        for panel, rule, number, *rest in store.fetch(_LAST_TIMES, [signal])
    }


_LAST_TIMES = """
    SELECT own.panel, own.rule, h.number, s.first_at, h.state, s.event_code, s.cause, s.action
    FROM (SELECT o.panel, o.rule, (
        SELECT r.signal_id FROM monitoring_signalrule r JOIN records_header b ON b.id = r.signal_id
        WHERE r.characteristic = o.characteristic AND r.panel = o.panel AND r.rule = o.rule
        AND r.signal_id < o.signal_id AND NOT b.category = 'void' ORDER BY r.signal_id DESC LIMIT 1
    ) AS last FROM monitoring_signalrule o WHERE o.signal_id = %s) AS own
    JOIN monitoring_signal s ON s.header_id = own.last JOIN records_header h ON h.id = own.last
"""


def words_of(found: Signal, language: str | None = None) -> tuple[str, ...]:
    """A signal as sentences: which rules, which points, and what was found the last time."""
    if found.about == "judge":
        return (fault_words(found.fault, language),)
    zone = found.header.site.zone
    before = last_times(found.pk)
    return signal_words(found.rules, lambda panel, rule: before.get((panel, rule)), zone, language)


def judgements(stream: int, key: Key) -> list[Judged]:
    """Every judgement that a point ever had, the oldest first."""
    return list(Judged.objects.filter(stream=stream, position=key[0], sequence=key[1]).order_by("judgement"))


def _chart_point(item: Stored, lines: Sequence[Lines], chart: Chart) -> ChartPoint:
    point: Point = item.point
    panels = len(chart.kind.panels)
    return ChartPoint(
        name=f"{point.position}.{point.sequence}",
        at=point.at,
        n=point.n,
        values=point.values[:panels],
        lines=tuple(Line(*_known(line[:3])) for line in lines[:panels]),
        size=point.size,
        limits=point.limits,
        fired=fired_pairs(point.fired),
        signal=item.signal,
        readings=(point.first_reading, point.last_reading),
        subgroup=point.subgroup,
        judgement=item.judgement,
    )


def _known(lines: Sequence[float]) -> list[float | None]:
    return [None if line != line else line for line in lines]  # noqa: PLR0124 (NaN is not itself)


def signals_between(stream: int, start: int, end: int) -> int:
    """How many signals of a stream's chart began from ``start`` until before ``end`` (microseconds)."""
    rows = Signal.objects.filter(stream=stream, about="chart", header__opened_at__gte=start)
    return rows.filter(header__opened_at__lt=end).exclude(header__category="void").count()
