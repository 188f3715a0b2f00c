"""Live charts: which there are, and one of them with its signals in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from gemba.quality.control.collecting import queries as collecting
from gemba.quality.control.collecting.models import Stream
from gemba.quality.control.collecting.rules import key_parts
from gemba.quality.control.collecting.verdict import beside_of
from gemba.quality.control.monitoring import queries as monitoring
from gemba.quality.control.monitoring.drawn import drawn_chart
from gemba.quality.control.monitoring.happenings import Happening
from gemba.quality.control.monitoring.limit_sets import points_between
from gemba.quality.control.monitoring.measured import measured
from gemba.quality.control.monitoring.models import Signal, StreamState
from gemba.quality.control.monitoring.points import Key
from gemba.quality.control.monitoring.queries import ChartView, Look
from gemba.quality.control.monitoring.services import close_subgroup, propose_limits
from gemba.quality.control.monitoring.sparks import sparks_of
from gemba.quality.control.monitoring.together import together
from gemba.quality.control.monitoring.unjudged import unjudged_parts
from gemba.quality.improvement.capa import queries as capas
from gemba.quality.planning.products import queries as products
from gemba.quality.planning.products.specification import Specification
from gemba.quality.records import edge
from gemba.quality.records.actor import EVERY_SITE, Actor
from gemba.quality.records.canonical import from_microseconds, to_microseconds
from gemba.quality.records.models import Header
from gemba.quality.records.names import printed_names
from gemba.quality.records.reading import refuse_stranger
from gemba.quality.records.reasons import Reason, Refused
from gemba.server.access import QUALITY
from gemba.server.clock import now
from gemba.server.web.capability_card import card_of, study_of
from gemba.server.web.chart_window import COUNTS, DAYS, Asked, asked_for
from gemba.server.web.page import done, show, who
from gemba.server.web.views.readings import by_hand, taken
from gemba.server.web.whole import whole
from gemba.stats.charts import kind_named
from gemba.stats.figures import Figure

PAGE_CHARTS = 50
LISTED = 40
MOST_SIBLINGS = 60
TYPED = ("text", "size", "nominal", "part", "gauge", "lot", "serial", "note")
NARROWEST, WIDEST = 200.0, 1400.0
"""The least and the most room that a figure fills, in pixels."""


def charts(request: HttpRequest) -> HttpResponse:
    """Every chart that the reader may see: those with open signals first in the eye."""
    actor = who(request)
    rows = StreamState.objects.exclude(state="").order_by("stream")
    sites = actor.sites(QUALITY)
    if EVERY_SITE not in sites:
        rows = rows.filter(characteristic__site__in=sites)
    after = whole(request.GET.get("after", ""))
    if after is not None:
        rows = rows.filter(stream__gt=after)
    found = list(rows.select_related("characteristic").defer("state")[: PAGE_CHARTS + 1])
    keys = dict(Stream.objects.filter(pk__in=[row.stream for row in found]).values_list("pk", "key"))
    live = monitoring.still_open(signal for row in found for signal in (row.signal, row.fault_signal))
    shown = [_chart_row(row, keys.get(row.stream, ""), live) for row in found[:PAGE_CHARTS]]
    more = str(found[PAGE_CHARTS - 1].stream) if len(found) > PAGE_CHARTS else None
    sparks = {} if request.path.endswith(".json") else sparks_of([row["stream"] for row in shown])
    return show(request, "charts.html", {"charts": shown, "after": more}, sparks=sparks)


def _chart_row(row: StreamState, key: str, live: frozenset[int]) -> dict[str, Any]:
    header: Header = row.characteristic
    return {
        "stream": row.stream,
        "characteristic": {"id": header.id, "number": header.number, "title": header.title},
        "site": header.site_id,
        "key": key,
        "collected": row.collected,
        "needed": row.needed,
        "limits": row.limits,
        "proposed": row.proposed,
        "signal": next((one for one in (row.signal, row.fault_signal) if one in live), None),
        "answered": row.signal is not None and row.signal not in live,
    }


def visible(stream: int, actor: Actor) -> tuple[Stream, Header]:
    """A stream with the header of its characteristic, for whoever may read that."""
    row = Stream.objects.select_related("characteristic", "characteristic__site").filter(pk=stream).first()
    if row is None:
        raise Http404
    refuse_stranger(row.characteristic, actor)
    return row, row.characteristic


def chart(request: HttpRequest, stream: int) -> HttpResponse:
    """One live chart; a person may close a subgroup early or propose limits."""
    row, header = visible(stream, who(request))
    if request.method == "POST":
        return _change(request, row, header)
    asked = asked_for(request, zone=header.site.zone, now=now())
    released = products.releases(header.pk)
    look = monitoring.look_at(stream, asked.window, header=header, released=released)
    data = {**_facts(row, header, asked, released, look), "window": asked.to_dict(),
            "streams": _siblings(row), "stages": _stages(stream), "about": _about(header)}  # fmt: skip
    return show(request, "chart.html", data, head=header, zone=header.site.zone, asked=asked,
                shown=_shown(look),
                counts_offered=COUNTS, days_offered=DAYS,
                follows=f"{reverse('chart_side', args=[stream])}?{asked.query}")  # fmt: skip


def chart_side(request: HttpRequest, stream: int) -> HttpResponse:
    """The pieces of the chart's page that move with it, all in one answer."""
    row, header = visible(stream, who(request))
    asked = asked_for(request, zone=header.site.zone, now=now())
    released = products.releases(header.pk)
    look = monitoring.look_at(stream, asked.window, header=header, released=released)
    data = _facts(row, header, asked, released, look)
    return show(request, "parts/chart_follows.html", data, head=header, zone=header.site.zone, asked=asked)


def chart_figure(request: HttpRequest, stream: int) -> HttpResponse:
    """The chart as Vega-Lite with its words; ``theme`` is light, dark or print."""
    header = visible(stream, who(request))[1]
    asked = asked_for(request, zone=header.site.zone, now=now())
    also = [
        Happening(at, _("{number} took effect").format(number=number))
        for number, at in capas.took_effect(stream)
    ]
    drawn = drawn_chart(stream, window=asked.window, also=also, room=room_of(request))
    if drawn is None:
        return show(request, "", {"spec": None, "alt": _("No point yet."), "title": "", "points": []})
    return show(request, "", themed(request, drawn.figure) | {"points": list(drawn.names)})


def chart_histogram(request: HttpRequest, stream: int) -> HttpResponse:
    """The histogram of the capability card as Vega-Lite with its words."""
    header = visible(stream, who(request))[1]
    asked = asked_for(request, zone=header.site.zone, now=now())
    study = study_of(stream, asked.window, products.specification(header.id, now()), header.title)
    if study is None:
        return show(request, "", {"spec": None, "alt": _("No histogram."), "title": ""})
    return show(request, "", themed(request, study.plot_histogram(room=room_of(request))))


def themed(request: HttpRequest, figure: Figure) -> dict[str, Any]:
    """A figure as the page takes it, in the theme that it asks for."""
    theme = request.GET.get("theme", "")
    spec = figure.themed(theme if theme in ("light", "dark", "print") else "light")
    return {"spec": spec, "alt": figure.alt, "title": figure.title}


def room_of(request: HttpRequest) -> float:
    """The width in pixels that a figure fills."""
    width = whole(request.GET.get("width", ""), digits=5)
    return WIDEST if width is None else min(max(float(width), NARROWEST), WIDEST)


def _shown(look: Look | None) -> dict[str, Any] | None:
    """The first and the last of the points that the figure shows, from which limits can be proposed."""
    names = [] if look is None else look.names
    return {"first": names[0], "last": names[-1], "count": len(names)} if names else None


def _siblings(row: Stream) -> list[dict[str, Any]]:
    """The streams of the same characteristic, this one among them."""
    return [
        {"stream": item.pk, "key": item.key}
        for item in collecting.streams_of(row.characteristic_id)[:MOST_SIBLINGS]
    ]


def _stages(stream: int) -> list[dict[str, Any]]:
    """The stages to choose from: each limit set that was ever in force, the newest first."""
    return [
        {"id": identity, "number": number, "state": state}
        for identity, number, state in monitoring.stages_offered(stream)
    ]


def _about(header: Header) -> dict[str, str]:
    """Of which product and at which process step the characteristic is measured."""
    found = products.characteristic(header.pk)
    return {"product": found.product, "process": found.process, "step": found.step}


def _facts(
    row: Stream, header: Header, asked: Asked, released: Sequence[Specification], look: Look | None
) -> dict[str, Any]:
    view = None if look is None else monitoring.view_of(look, last=min(asked.last, LISTED))
    spec = products.in_force(released, to_microseconds(now()))
    counts = collecting.counts_of_stream(row.pk)
    layout = None if view is None else kind_named(view.kind).layout
    data: dict[str, Any] = {
        "stream": row.pk,
        "key": row.key,
        "characteristic": {"id": header.id, "number": header.number, "title": header.title},
        "specification": None if spec is None else _limits_of(spec),
        "beside": None if spec is None else beside_of(spec),
        "counts": asdict(counts),
        "conform": counts.readings - counts.nonconform - counts.undecided,
        "chart": None,
        "signals": [],
        "answered": look is not None and look.held.signal is not None,
        "readings": _readings(row.pk),
        "capability": card_of(None if look is None else measured(look.held, look.stored), spec, header.title),
        "together": _together(row.pk) if layout == "vectors" else None,
        "unjudged": unjudged_parts(row.pk) if layout == "runs" else (),
    }
    if look is not None and view is not None:
        raw = kind_named(view.kind).course is not None
        data["chart"] = vars(view) | {"points": _points(view), "raw": raw}
        data["signals"] = [_signal(item) for item in look.signals]
    return data


def _together(stream: int) -> dict[str, Any] | None:
    """What is judged together here, and the items that are not complete."""
    found = together(stream)
    if found is None:
        return None
    incomplete = {
        name: [asdict(item) | {"since": from_microseconds(item.since)} for item in items]
        for name, items in (("waiting", found.waiting), ("left_out", found.left_out))
    }
    return asdict(found) | incomplete


def _limits_of(spec: Any) -> dict[str, Any]:
    names = ("lsl", "target", "usl", "unit", "decimals", "version", "data_kind")
    return {name: getattr(spec, name) for name in names}


def _points(view: ChartView) -> list[dict[str, Any]]:
    """The points of the table, the newest first, with what is known of each."""
    known = monitoring.causes_of([item.signal for item in view.points if item.signal is not None])
    ends = {reading for item in view.points for reading in item.readings}
    rows = {row.id: row for row in collecting.readings_named(sorted(ends))}
    return [
        {
            **vars(item),
            "lines": [vars(line) for line in item.lines],
            "at": from_microseconds(item.at),
            "value": item.values[0],
            "spread": item.values[1] if len(item.values) > 1 else None,
            "cause": asdict(known[item.signal]) if item.signal in known else None,
            "notes": _notes(rows[reading] for reading in dict.fromkeys(item.readings) if reading in rows),
        }
        for item in reversed(view.points)
    ]


def _notes(rows: Iterable[collecting.Row]) -> list[str]:
    """What was remarked when the readings were taken, and when they were amended."""
    return [item.note for row in rows for item in (row, *row.amendments) if item.note]


def _signal(found: Signal) -> dict[str, Any]:
    return {
        "id": found.pk,
        "number": found.header.number,
        "state": found.header.state,
        "severity": found.severity,
        "points": found.points,
        "first_at": from_microseconds(found.first_at),
        "words": list(monitoring.words_of(found)),
    }


def _readings(stream: int) -> list[dict[str, Any]]:
    rows = collecting.latest_readings(stream, limit=12)[::-1]
    names = printed_names(row.operator for row in rows)
    return [
        {
            "id": row.id,
            "text": row.holds.text,
            "unit": row.holds.unit,
            "verdict": row.holds.verdict,
            "void": row.void,
            "measured_at": from_microseconds(row.measured_at) if row.measured_at else None,
            "received_at": from_microseconds(row.received_at),
            "operator": names.get(row.operator, row.operator),
            "source": row.source,
            "amended": bool(row.amendments),
        }
        for row in rows
    ]


def _change(request: HttpRequest, row: Stream, header: Header) -> HttpResponse:
    actor, what, stream = who(request), request.POST.get("what"), row.pk
    if what == "reading":
        return done(request, reverse("chart", args=[stream]), _type_in(request, row, header))
    with edge.attempting(f"chart:{what}", actor=actor, now=now()):
        if what == "close":
            close_subgroup(stream=stream, subgroup=request.POST.get("subgroup", ""),
                           reason=request.POST.get("reason", ""), actor=actor, now=now())  # fmt: skip
            return done(request, reverse("chart", args=[stream]), _("The subgroup is closed."))
        if what != "propose":
            raise Refused([Reason("records.field_missing", {"field": "what"})])
        since = _since(request)
        made = propose_limits(stream=stream, between=_between(request), since=since, holds_from=since,
                              why=request.POST.get("why", ""), actor=actor, now=now())  # fmt: skip
    return done(request, reverse("record", args=["limit-set", made.header.id]), _("Limits are proposed."))


def _between(request: HttpRequest) -> tuple[Key, Key] | None:
    """The first and the last of the points that limits shall stand on; ``None`` for the present stage."""
    if request.POST.get("from") in ("stage", "since"):
        return None
    return points_between(request.POST.get("first", "").strip(), request.POST.get("last", "").strip())


def _since(request: HttpRequest) -> datetime | None:
    """The moment from which limits shall hold and their points count, where a form names one."""
    if request.POST.get("from") != "since":
        return None
    try:
        found = datetime.fromisoformat(request.POST.get("since", ""))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Refused([Reason("records.not_moment", {"field": "since"})])
    return found


def _type_in(request: HttpRequest, row: Stream, header: Header) -> str:
    """A reading that a person reads off and types."""
    actor, moment, typed = who(request), now(), request.POST
    made = by_hand(
        actor,
        moment,
        characteristic=str(header.number),
        stream=key_parts(row.key),
        measured_at=moment,
        **{name: typed.get(name, "").strip() for name in TYPED},
    )
    return taken(made, actor=actor, moment=moment, header=header.pk)
