"""Live charts: which there are, and one of them with its signals in words."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from gemba.quality.control.collecting import queries as collecting
from gemba.quality.control.collecting.models import Stream
from gemba.quality.control.collecting.rules import key_parts
from gemba.quality.control.collecting.verdict import beside_of
from gemba.quality.control.monitoring import queries as monitoring
from gemba.quality.control.monitoring.models import StreamState
from gemba.quality.control.monitoring.services import close_subgroup, propose_limits
from gemba.quality.planning.products import queries as products
from gemba.quality.records import edge
from gemba.quality.records.actor import EVERY_SITE, Actor
from gemba.quality.records.canonical import from_microseconds
from gemba.quality.records.models import Header
from gemba.quality.records.names import printed_names
from gemba.quality.records.reading import readable
from gemba.quality.records.reasons import Reason, Refused
from gemba.server.access import QUALITY
from gemba.server.clock import now
from gemba.server.web.page import done, show, who
from gemba.server.web.views.readings import by_hand, taken
from gemba.server.web.whole import whole

PAGE_CHARTS = 50
LISTED = 40
TYPED = ("text", "size", "nominal", "gauge", "lot", "serial", "note")
NARROWEST, WIDEST = 280.0, 1400.0
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
    found = list(rows.select_related("characteristic")[: PAGE_CHARTS + 1])
    keys = dict(Stream.objects.filter(pk__in=[row.stream for row in found]).values_list("pk", "key"))
    shown = [_chart_row(row, keys.get(row.stream, "")) for row in found[:PAGE_CHARTS]]
    more = str(found[PAGE_CHARTS - 1].stream) if len(found) > PAGE_CHARTS else None
    return show(request, "charts.html", {"charts": shown, "after": more})


def _chart_row(row: StreamState, key: str) -> dict[str, Any]:
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
        "signal": row.signal or row.fault_signal,
    }


def _visible(stream: int, actor: Actor) -> tuple[Stream, Header]:
    row = Stream.objects.select_related("characteristic", "characteristic__site").filter(pk=stream).first()
    if row is None:
        raise Http404
    readable(row.characteristic_id, actor)
    return row, row.characteristic


def chart(request: HttpRequest, stream: int) -> HttpResponse:
    """One live chart; a person may close a subgroup early or propose limits."""
    row, header = _visible(stream, who(request))
    if request.method == "POST":
        return _change(request, row, header)
    data = _facts(row, header)
    return show(request, "chart.html", data, head=header, zone=header.site.zone,
                last=_last(request), follows=reverse("chart_side", args=[stream]))  # fmt: skip


def chart_side(request: HttpRequest, stream: int) -> HttpResponse:
    """What stands beside the chart and moves with it."""
    row, header = _visible(stream, who(request))
    part = "words" if request.GET.get("part") == "words" else "side"
    return show(request, f"parts/chart_{part}.html", _facts(row, header), head=header, zone=header.site.zone)


def chart_figure(request: HttpRequest, stream: int) -> HttpResponse:
    """The chart as Vega-Lite with its words; ``theme`` is light, dark or print."""
    _visible(stream, who(request))
    theme = request.GET.get("theme", "light")
    if theme not in ("light", "dark", "print"):
        theme = "light"
    width = request.GET.get("width", "")
    room = float(width) if width.isdigit() and len(width) < 6 else WIDEST
    figure = monitoring.chart_figure(stream, last=_last(request), room=min(max(room, NARROWEST), WIDEST))
    if figure is None:
        return show(request, "", {"spec": None, "alt": _("No point yet."), "title": ""})
    return show(request, "", {"spec": figure.themed(theme), "alt": figure.alt, "title": figure.title})


def _last(request: HttpRequest) -> int:
    last = whole(request.GET.get("last", ""), digits=5)
    return 100 if last is None else min(max(last, 10), 1000)


def _facts(row: Stream, header: Header) -> dict[str, Any]:
    view = monitoring.chart_view(row.pk, last=LISTED)
    spec = products.specification(header.id, now())
    counts = collecting.counts_of_stream(row.pk)
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
        "readings": _readings(row.pk),
    }
    if view is not None:
        data["chart"] = asdict(view) | {"points": [_point(item) for item in reversed(view.points)]}
        data["signals"] = [_signal(item) for item in view.signals]
    return data


def _limits_of(spec: Any) -> dict[str, Any]:
    names = ("lsl", "target", "usl", "unit", "decimals", "version", "data_kind")
    return {name: getattr(spec, name) for name in names}


def _point(item: Any) -> dict[str, Any]:
    fields = asdict(item)
    return fields | {"at": from_microseconds(item.at), "value": item.values[0], "spread": item.values[1]}


def _signal(identity: int) -> dict[str, Any]:
    found = monitoring.signal(identity)
    return {
        "id": identity,
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
        made = propose_limits(stream=stream, why=request.POST.get("why", ""), actor=actor, now=now())
    return done(request, reverse("record", args=["limit-set", made.header.id]), _("Limits are proposed."))


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
