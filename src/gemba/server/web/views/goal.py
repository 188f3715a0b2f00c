"""The characteristics of one product together: which are capable, and whether place or spread is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from gemba.quality.control.monitoring.plant import plant_charts
from gemba.quality.control.monitoring.window import Window
from gemba.quality.planning.products import queries as products
from gemba.quality.planning.products.models import Product
from gemba.quality.records.canonical import to_microseconds
from gemba.quality.records.models import Header
from gemba.quality.records.reading import readable
from gemba.server.clock import now
from gemba.server.web.capability_card import study_or_why
from gemba.server.web.page import show, who
from gemba.server.web.studies import in_words, plain
from gemba.server.web.views.charts import room_of, themed
from gemba.stats import Capability
from gemba.stats.capability import CapabilityTogether

MOST = 60
"""So many streams stand in one picture."""
WINDOW = Window(last=250)
MIN_CPK = 1.33


def goal(request: HttpRequest, identity: int) -> HttpResponse:
    """Every stream of a product with its capability, the least capable first."""
    header = _product(request, identity)
    studies, aside, left_out = _studied(identity)
    data: dict[str, Any] = {
        "product": {"id": header.pk, "number": header.number, "title": header.title},
        "streams": list(studies),
        "aside": aside,
        "left_out": left_out,
        **(plain(_together(studies)) if studies else {}),
    }
    return show(request, "goal.html", data, shown=_shown(studies), most=MOST)


def goal_figure(request: HttpRequest, identity: int) -> HttpResponse:
    """The goal plot as Vega-Lite with its words."""
    _product(request, identity)
    studies = _studied(identity)[0]
    if not studies:
        return show(request, "", {"spec": None, "alt": _("No point yet."), "title": ""})
    return show(request, "", themed(request, _together(studies).plot(room=room_of(request))))


def _product(request: HttpRequest, identity: int) -> Header:
    _kind, record = readable(identity, who(request))
    if not isinstance(record, Product):
        raise Http404
    return record.header


def _studied(product: int) -> tuple[dict[int, Capability], list[dict[str, Any]], int]:
    """The study of each stream, the least capable first; those without one, and why; how many did not fit."""
    owned = products.characteristics_of(product)
    charts = [
        chart for chart in plant_charts({"*"}) if chart.characteristic in owned and not chart.chart.joined
    ]
    asked = products.specifications(owned)
    found: dict[int, Capability] = {}
    aside = []
    for chart in charts[:MOST]:
        spec = products.in_force(asked.get(chart.characteristic, ()), to_microseconds(now()))
        study = study_or_why(chart.stream, WINDOW, spec, chart.name)
        if isinstance(study, str):
            aside.append({"stream": chart.stream, "name": chart.name, "why": study})
        else:
            found[chart.stream] = study
    ranked = dict(sorted(found.items(), key=lambda item: item[1].ppk))
    return ranked, aside, max(0, len(charts) - MOST)


def _together(studies: Mapping[int, Capability]) -> CapabilityTogether:
    return CapabilityTogether(studies=tuple(studies.values()), min_cpk=MIN_CPK, backend="dict")


def _shown(studies: Mapping[int, Capability]) -> dict[str, Any] | None:
    """The table with a way to each chart."""
    if not studies:
        return None
    shown = in_words(_together(studies), whole=True)
    for stream, row in zip(studies, shown["tables"][0]["rows"], strict=True):
        row[0]["stream"] = stream
    return shown
