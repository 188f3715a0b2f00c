"""A chart looked at more closely: other rules, what it overlooks, other conventions, its model over time."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from gemba.quality.control.monitoring.closer import Stage, overlooked, stage_in
from gemba.quality.planning.products import queries as products
from gemba.server.clock import now
from gemba.server.web.capability_card import POINT, Told, told_of
from gemba.server.web.chart_window import Asked, asked_for
from gemba.server.web.page import show, who
from gemba.server.web.studies import Answer, in_words, plain, tried
from gemba.server.web.views.charts import room_of, themed, visible
from gemba.stats import Result, StatsError, compare_conventions, compare_rules
from gemba.stats.capability import capability_over_time
from gemba.stats.capability.over_time import FEWEST_GROUPS
from gemba.stats.charts import CONVENTIONS, convention_named
from gemba.stats.charts.operating import OperatingCharacteristic
from gemba.stats.charts.rules import PRESETS, rule_set


def closer(request: HttpRequest, stream: int) -> HttpResponse:
    """The points of one stage by other rules, what the chart overlooks, its capability by other ways.

    A set of rules or a convention that nobody knows is refused in the words of the statistics.
    """
    row, header = visible(stream, who(request))
    asked = asked_for(request, zone=header.site.zone, now=now())
    stage = _stage(stream, asked, header.title)
    rules, convention = request.GET.get("rules", "nelson"), request.GET.get("convention", "minitab")
    other = rule_set(rules)
    convention_named(convention)
    told = told_of(stream, asked.window, products.specification(header.id, now()), header.title)
    found: dict[str, Answer] = {
        "rules": _of(stage, lambda it: compare_rules(it.chart, [it.definition.spec, other])),
        "overlooked": _overlooked(stage),
        "conventions": told if isinstance(told, str) else tried(lambda: _conventions(told, convention)),
        "model": told if isinstance(told, str) else _over_time(told),
    }
    points = 0 if isinstance(stage, str) else len(stage.chart.panels[0].points)
    data = {
        "stream": stream,
        "key": row.key,
        "characteristic": {"id": header.id, "number": header.number, "title": header.title},
        "product": products.product_of(header.id),
        "points": points,
        "own_limits": isinstance(stage, Stage) and stage.own,
        "asked": {"rules": rules, "convention": convention},
        **{name: plain(answer) for name, answer in found.items()},
    }
    shown = {name: in_words(answer) for name, answer in found.items()}
    return show(request, "closer.html", data, shown=shown, window=asked,
                drawn=isinstance(found["overlooked"], OperatingCharacteristic),
                presets=tuple(PRESETS), conventions_known=tuple(CONVENTIONS)[1:])  # fmt: skip


def closer_figure(request: HttpRequest, stream: int) -> HttpResponse:
    """What the chart overlooks, as Vega-Lite with its words."""
    header = visible(stream, who(request))[1]
    asked = asked_for(request, zone=header.site.zone, now=now())
    found = _overlooked(_stage(stream, asked, header.title))
    if not isinstance(found, OperatingCharacteristic):
        return show(request, "", {"spec": None, "alt": _("No point yet."), "title": ""})
    return show(request, "", themed(request, found.plot(room=room_of(request))))


def _stage(stream: int, asked: Asked, name: str) -> Stage | str:
    try:
        return stage_in(stream, asked.window, name) or _("No point yet.")
    except StatsError as error:
        return str(error)


def _of(stage: Stage | str, study: Callable[[Stage], Result]) -> Answer:
    return stage if isinstance(stage, str) else tried(lambda: study(stage))


def _overlooked(stage: Stage | str) -> Answer:
    if isinstance(stage, str):
        return stage
    words = _("What a chart of kind {kind} overlooks is not computed.")
    return tried(lambda: overlooked(stage)) or words.format(kind=stage.definition.kind.name)


def _conventions(told: Told, convention: str) -> Result:
    return compare_conventions(told.frame, "gemba", convention, **told.columns, **told.limits)


def _over_time(told: Told) -> Answer:
    if len(set(told.frame.get(POINT, ()))) < FEWEST_GROUPS:
        return _("A model over time needs at least {n} subgroups of two readings or more.").format(
            n=FEWEST_GROUPS
        )
    limits = {name: limit for name, limit in told.limits.items() if name != "target"}
    return tried(lambda: capability_over_time(told.frame, **told.columns, **limits))
