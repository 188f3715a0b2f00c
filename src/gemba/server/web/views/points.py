"""One point of a chart: all that is known of it, and what a person does by pointing at it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from gemba.quality.control.collecting.models import Stream
from gemba.quality.control.monitoring import services
from gemba.quality.control.monitoring.history import PointHistory, point_history
from gemba.quality.control.monitoring.lifecycle import STUDYING
from gemba.quality.control.monitoring.models import LimitSet
from gemba.quality.control.monitoring.window import key_of
from gemba.quality.planning.products import queries as products
from gemba.quality.records import edge
from gemba.quality.records.models import Header
from gemba.quality.records.reasons import Reason, Refused
from gemba.server.clock import now
from gemba.server.web.page import done, show, who
from gemba.server.web.point_facts import facts_of
from gemba.server.web.problems import wants_json, worded
from gemba.server.web.views.charts import visible

ACTS: Mapping[str, Callable[..., LimitSet]] = {
    "start_stage": lambda why, **about: services.start_stage(why=why, **about),
    "leave_out": lambda why, **about: services.leave_out(cause=why, **about),
    "take_back": lambda why, **about: services.take_back(why=why, **about),
}
"""What a person may ask of the limits at a point; each answers with a proposal that another signs."""


def chart_point(request: HttpRequest, stream: int, point: str) -> HttpResponse:
    """A point with its readings and judgements; whoever studies limits begins a stage or leaves it out."""
    row, header = visible(stream, who(request))
    key = key_of(point)
    found = None if key is None else point_history(stream, key)
    if found is None:
        raise Http404
    faults: Sequence[Reason] = ()
    if request.method == "POST":
        try:
            made = _act(request, stream, point, header)
        except Refused as refused:
            if wants_json(request):
                raise
            faults = refused.reasons
        else:
            words = _("{number} is proposed from {points} points: another person looks at it and signs.")
            address = reverse("record", args=["limit-set", made.pk])
            return done(request, address, words.format(number=made.header.number, points=made.points))
    return _shown(request, row, header, found, faults)


def _act(request: HttpRequest, stream: int, point: str, header: Header) -> LimitSet:
    what = request.POST.get("what", "")
    with edge.attempting(f"point:{what}", actor=who(request), now=now(), header=header.pk):
        if what not in ACTS:
            raise Refused([Reason("records.field_missing", {"field": "what"})])
        why = request.POST.get("why", "")
        return ACTS[what](stream=stream, point=point, why=why, actor=who(request), now=now())


def _shown(
    request: HttpRequest, row: Stream, header: Header, found: PointHistory, faults: Sequence[Reason]
) -> HttpResponse:
    spec = products.specification(header.pk, now())
    data: dict[str, Any] = {
        "stream": row.pk,
        "key": row.key,
        "characteristic": {"id": header.pk, "number": header.number, "title": header.title},
        "point": facts_of(found),
        "reasons": worded(faults),
    }
    return show(
        request,
        "chart_point.html",
        data,
        status=409 if faults else 200,
        head=header,
        zone=header.site.zone,
        decimals=None if spec is None else spec.decimals,
        may=who(request).has_any(STUDYING, header.site_id),
        typed={"what": request.POST.get("what", ""), "why": request.POST.get("why", "")},
    )
