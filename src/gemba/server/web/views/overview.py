"""All charts at once: what their alarms cost, which streams are worst, how the streams of one compare."""

from __future__ import annotations

import math
import re
from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from gemba.quality.control.collecting.models import Stream
from gemba.quality.control.monitoring.advice import advice, take_advice
from gemba.quality.control.monitoring.alarms import ChartAlarms, plant_alarms
from gemba.quality.control.monitoring.compared import MOST_STREAMS, ComparedStream, compared
from gemba.quality.control.monitoring.plant import PlantChart, plant_charts, points_a_week
from gemba.quality.control.monitoring.screened import LAST, ScreenedStream, screened
from gemba.quality.people.policies import policy
from gemba.quality.planning.products.specification import CHART_KINDS, CHARTS_OF
from gemba.quality.records import edge
from gemba.quality.records.canonical import to_microseconds
from gemba.quality.records.models import Header
from gemba.quality.records.reading import readable
from gemba.server.access import QUALITY
from gemba.server.clock import now
from gemba.server.web.page import done, show, who
from gemba.server.web.whole import whole
from gemba.stats.charts import KINDS
from gemba.stats.charts.kind import Kind
from gemba.stats.figures import sparkline
from gemba.stats.results import translator
from gemba.stats.screening.findings import FINDINGS, ORDERS

PAGE_STREAMS = 50
TALL = 72.0
"""How high a small chart is where streams are compared."""
MOST_OF_A_WORD = 2
STATES = ("signal", "in control", "collecting")


def kinds(request: HttpRequest) -> HttpResponse:
    """Every kind of chart in its own words, and whether it judges live."""
    return show(request, "kinds.html", {"kinds": kinds_in_words()})


def kinds_in_words() -> list[dict[str, Any]]:
    """What each kind is called, asks, needs, and what to use instead; those that judge live first."""
    live = {kind.name: kind for kind in KINDS if kind.name in CHART_KINDS}
    rest = [kind for kind in KINDS if kind.name not in live]
    return [_kind(kind, live=kind.name in live) for kind in (*live.values(), *rest)]


def _kind(kind: Kind[Any], *, live: bool) -> dict[str, Any]:
    t, words = translator(None), kind.words
    design = [
        f"{setting.name}={setting.default}" for setting in kind.design if setting.default == setting.default
    ]
    return {
        "name": kind.name,
        "title": t(words.title),
        "purpose": t(words.purpose),
        "needs": t(words.needs),
        "instead": [_called(t(other)) for other in words.instead],
        "design": ", ".join(design),
        "data": next((data for data, charts in CHARTS_OF.items() if kind.name in charts), ""),
        "live": live,
    }


def _called(text: str) -> str:
    """A text with the titles of the kinds that it names; one of two letters or less may be a word."""
    titles = {
        kind.name: translator(None)(kind.words.title) for kind in KINDS if len(kind.name) > MOST_OF_A_WORD
    }
    names = "|".join(sorted(map(re.escape, titles), key=len, reverse=True))
    return re.sub(rf"(?<![\w-])({names})(?![\w-])", lambda found: titles[found[0]], text)


def alarms(request: HttpRequest) -> HttpResponse:
    """The false alarms a week of all charts that the reader may see, against what people can look into."""
    moment = to_microseconds(now())
    charts = plant_charts(who(request).sites(QUALITY))
    attention = policy("alarm_attention")
    found = plant_alarms(charts, points_a_week(charts, moment), attention=attention or None)
    budget = found.budget
    start = whole(request.GET.get("after", "")) or 0
    shown = found.charts[start : start + PAGE_STREAMS]
    data = {
        "said": budget.headline(),
        "attention": attention,
        "alarms": budget.alarms,
        "fitting": budget.fitting,
        "advised": None if budget.advised is None else asdict(budget.advised),
        "groups": [asdict(line) for line in budget.lines],
        "offers": [
            {**asdict(offer), "fits": not attention or offer.alarms <= attention} for offer in budget.offers
        ],
        "charts": [_alarms_row(item) for item in shown],
        "uncounted": found.uncounted,
        "collecting": found.collecting,
        "after": str(start + PAGE_STREAMS) if start + PAGE_STREAMS < len(found.charts) else None,
    }
    return show(request, "alarms.html", data)


def _alarms_row(item: ChartAlarms) -> dict[str, Any]:
    return {
        **_chart(item.chart),
        "rules": ", ".join(item.chart.chart.suited[0].codes),
        "points": item.points,
        "arl": item.arl,
        "alarms": item.alarms,
    }


def _chart(chart: PlantChart) -> dict[str, Any]:
    return {
        "stream": chart.stream,
        "key": chart.key,
        "characteristic": {"id": chart.characteristic, "number": chart.number, "title": chart.title},
        "site": chart.site,
        "kind": chart.chart.kind.name,
        "state": chart.state,
    }


def screening(request: HttpRequest) -> HttpResponse:
    """Every stream of measured values, ranked; filters by what was found, by state and by words."""
    asked = request.GET
    order = asked.get("order", "concern")
    order = order if order in ORDERS else "concern"
    charts = plant_charts(who(request).sites(QUALITY))
    ranked = screened(charts, to_microseconds(now()), order=order)
    finding, state, words = (
        asked.get("finding", ""),
        asked.get("state", ""),
        asked.get("q", "").strip().lower(),
    )
    kept = [
        item
        for item in ranked
        if (not finding or finding in item.findings)
        and (not state or item.chart.state == state)
        and (not words or words in f"{item.chart.number} {item.chart.name}".lower())
    ]
    start = whole(asked.get("after", "")) or 0
    shown = kept[start : start + PAGE_STREAMS]
    data = {
        "order": order,
        "finding": finding,
        "state": state,
        "q": words,
        "counts": {name: sum(name in item.findings for item in ranked) for name in FINDINGS},
        "streams": [_screened_row(item) for item in shown],
        "found": len(kept),
        "ranked": len(ranked),
        "counted": len(charts) - len(ranked),
        "after": str(start + PAGE_STREAMS) if start + PAGE_STREAMS < len(kept) else None,
    }
    pictures = {item.chart.stream: _small(item) for item in shown}
    choices: dict[str, Any] = {"orders": ORDERS, "states": STATES, "last": LAST}
    return show(request, "screening.html", data, pictures=pictures, **choices)


def _screened_row(item: ScreenedStream) -> dict[str, Any]:
    asked = item.specification
    return {
        **_chart(item.chart),
        "rank": item.rank,
        "findings": list(item.findings),
        "n": item.n,
        "mean": item.mean,
        "cpk": item.cpk,
        "ppk": item.ppk,
        "stable": item.stable,
        "drift": item.drift,
        "unit": "" if asked is None else asked.unit,
        "decimals": 3 if asked is None else asked.decimals,
    }


def _small(item: ScreenedStream) -> str:
    asked = item.specification
    low, high = (None, None) if asked is None else (asked.lsl, asked.usl)
    words = _("The last %(n)d readings of %(name)s") % {"n": item.n, "name": item.chart.name}
    return sparkline(
        item.values,
        words,
        center=item.mean,
        lcl=None if low is None else float(low),
        ucl=None if high is None else float(high),
    )


def compare(request: HttpRequest, identity: int) -> HttpResponse:
    """The streams of one characteristic side by side on one y axis."""
    readable(identity, who(request))
    header = Header.objects.get(pk=identity)
    charts = plant_charts({"*"}, characteristic=identity)
    found = compared(charts)
    data: dict[str, Any] = {
        "characteristic": {"id": header.pk, "number": header.number, "title": header.title},
        "streams": [] if found is None else [_compared_row(item) for item in found.streams],
        "said": "" if found is None else found.said,
        "floor": None if found is None else found.floor,
        "top": None if found is None else found.top,
        "left_out": 0 if found is None else found.left_out,
    }
    pictures = {}
    if found is not None:
        pictures = {item.chart.stream: _tall(item, found.floor, found.top) for item in found.streams}
    return show(request, "compare.html", data, pictures=pictures, last=LAST, most=MOST_STREAMS)


def _compared_row(item: ComparedStream) -> dict[str, Any]:
    lines = item.lines
    bounds = (math.nan,) * 3 if lines is None else (lines.lcl, lines.center, lines.ucl)
    lcl, center, ucl = map(_finite, bounds)
    return {
        **_chart(item.chart),
        "points": list(item.points),
        "limits": {"lcl": lcl, "center": center, "ucl": ucl},
        "n": item.n,
        "mean": item.mean,
        "low": item.low,
        "high": item.high,
        "sd": item.sd,
    }


def _tall(item: ComparedStream, low: float, high: float) -> str:
    lines = item.lines
    words = _("%(name)s: the last %(n)d points on the common axis")
    return sparkline(
        item.points,
        words % {"name": item.chart.key or item.chart.title, "n": len(item.points)},
        center=None if lines is None else _finite(lines.center),
        lcl=None if lines is None else _finite(lines.lcl),
        ucl=None if lines is None else _finite(lines.ucl),
        axis=(low, high),
        height=TALL,
    )


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def advised(request: HttpRequest, stream: int) -> HttpResponse:
    """Which chart suits what a stream has collected; who may edit the characteristic takes it in one step."""
    row = Stream.objects.select_related("characteristic").filter(pk=stream).first()
    if row is None:
        raise Http404
    readable(row.characteristic_id, who(request))
    header = row.characteristic
    if request.method == "POST":
        kind, actor = request.POST.get("kind", ""), who(request)
        with edge.attempting("advice", actor=actor, now=now(), header=header.pk):
            take_advice(stream=row.pk, kind=kind, actor=actor, now=now())
        address = reverse("record", args=["characteristic", header.pk])
        return done(request, address, _("The chart is changed; somebody else releases it."))
    found = advice(stream)
    if found is None:
        raise Http404
    name = {"number": header.number, "title": header.title, "key": row.key}
    words = next((item for item in kinds_in_words() if item["name"] == found.advised), None)
    return show(request, "advice.html", {**asdict(found), "about": name, "words": words})
