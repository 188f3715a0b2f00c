"""The list of a record type: narrowed, sorted, page by page; now, or as it was at a past moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from gemba.quality.records.actor import EVERY_SITE
from gemba.quality.records.history import Clock, PastRecord, list_as_of
from gemba.quality.records.models import Site
from gemba.quality.records.names import printed_names
from gemba.quality.records.screen import (
    MOST_ROWS,
    ListPage,
    Query,
    Screen,
    list_page,
    read_query,
    screen_of,
    with_own,
)
from gemba.server.clock import now
from gemba.server.web.cells import Cell, cells, choices_of, heads, past_values, word_over
from gemba.server.web.language import code_word
from gemba.server.web.moments import plant_zone, read_local
from gemba.server.web.page import show, who
from gemba.server.web.places import icon_of
from gemba.server.web.problems import problem
from gemba.server.web.tables import MEDIA, Sheet, made_from, written
from gemba.server.web.whole import whole

PAST_ROWS = 100
FIRST_FILTERS = 4
"""So many filters stand open; the others are behind a line."""
NOT_FILTERS = ("as_of", "clock")
MOST_IN_FILE = 10_000
"""Rows of a list that a file holds; a whole plant is exported by its own command."""


def screen_named(type_name: str) -> Screen:
    """The screen of a type, or 404."""
    found = screen_of(type_name)
    if found is None:
        raise Http404
    return found


def clock_of(request: HttpRequest) -> Clock:
    """Which of the two clocks a past moment is meant by."""
    return "effective" if request.GET.get("clock") == "effective" else "recorded"


def record_list(request: HttpRequest, type_name: str) -> HttpResponse:
    """Records of one type that the reader may see."""
    screen = screen_named(type_name)
    if request.GET.get("as_of"):
        return _past_list(request, screen)
    screen = with_own(screen, who(request))
    query = read_query(screen, _pairs(request))
    found = list_page(screen, query, actor=who(request))
    data = {
        "type": type_name,
        "rows": [vars(row) for row in found.rows],
        "after": found.after,
        "names": dict(found.names),
    }
    return show(request, "list.html", data, **_shown(request, screen, query, found))


def record_table(request: HttpRequest, type_name: str, form: str) -> HttpResponse:
    """All rows of a list as a file: columns, filters, rights and, as of a moment, the past of its page."""
    screen = screen_named(type_name)
    if form not in MEDIA:
        raise Http404
    zone, moment = plant_zone(), None
    if request.GET.get("as_of"):
        moment = read_local(request.GET["as_of"], zone)
        screen = with_own(screen, who(request), at=moment)
        rows = [line["cells"] for line in _past_lines(screen, _all_past(request, screen, moment))]
    else:
        screen = with_own(screen, who(request))
        rows = _all_rows(request, screen)
    if len(rows) > MOST_IN_FILE:
        words = _("A file holds at most {most} rows, and this list has more: narrow it, or use gemba export.")
        return problem(request, 422, "list.long", words.format(most=MOST_IN_FILE))
    heads_of = [str(column["label"]) for column in heads(screen)]
    about = _about(request, screen, len(rows), zone, moment)
    return written(Sheet(f"{type_name}-{now().date()}", heads_of, rows, zone, about), form)


def _all_rows(request: HttpRequest, screen: Screen) -> list[list[Cell]]:
    query = replace(read_query(screen, _pairs(request)), after="", limit=MOST_ROWS)
    rows: list[list[Cell]] = []
    while len(rows) <= MOST_IN_FILE:
        found = list_page(screen, query, actor=who(request))
        rows += cells(screen, (row.values for row in found.rows), found.names)
        if not found.after:
            break
        query = replace(query, after=found.after)
    return rows


def _all_past(request: HttpRequest, screen: Screen, moment: datetime) -> list[PastRecord]:
    sites = _sites(request, screen)
    rows: list[PastRecord] = []
    while len(rows) <= MOST_IN_FILE:
        page = list_as_of(screen.kind.name, moment, clock=clock_of(request), sites=sites, limit=MOST_ROWS,
                          after=rows[-1].id if rows else 0)  # fmt: skip
        rows += page
        if len(page) < MOST_ROWS:
            break
    return rows


def _about(
    request: HttpRequest, screen: Screen, count: int, zone: str, moment: datetime | None
) -> list[tuple[str, str]]:
    """What the list of a workbook is, for whoever finds the file a year later."""
    asked = [(key, text) for key, text in _pairs(request) if text and key not in ("after", "limit")]
    then = (
        ()
        if moment is None
        else (
            (_("As it was on"), f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S}"),
            (_("Which clock"), _("in force then") if clock_of(request) == "effective" else _("known then")),
        )
    )
    return [
        *made_from(_(screen.kind.plural), request, zone),
        *then,
        *((_("Filter"), f"{key} = {text}") for key, text in asked if moment is None),
        (_("Rows"), str(count)),
    ]


def _pairs(request: HttpRequest) -> list[tuple[str, str]]:
    """What the address asks of the list."""
    return [(key, text) for key in request.GET for text in request.GET.getlist(key) if key not in NOT_FILTERS]


def _sites(request: HttpRequest, screen: Screen) -> tuple[str, ...] | None:
    """The sites whose records the reader may see; nothing where that is every one."""
    sites = who(request).sites(screen.kind.readers)
    return None if EVERY_SITE in sites else tuple(sorted(sites))


def _shown(request: HttpRequest, screen: Screen, query: Query, found: ListPage) -> dict[str, Any]:
    actor = who(request)
    sort = query.sort or screen.order
    columns = heads(screen)
    for column in columns:
        column["next"] = f"-{column['name']}" if sort == column["name"] else column["name"]
        column["sorted"] = {column["name"]: "ascending", f"-{column['name']}": "descending"}.get(sort, "")
    drawn = cells(screen, (row.values for row in found.rows), found.names)
    lines = [{"row": row, "cells": line} for row, line in zip(found.rows, drawn, strict=True)]
    filters = _filters(request, screen)
    may_make = screen.create is not None and bool(actor.sites(screen.kind.create_roles))
    return {
        "kind": screen.kind,
        "kind_icon": icon_of(screen.kind.name),
        "columns": columns,
        "lines": lines,
        "filters": filters,
        "more_open": any(item["value"] for item in filters[FIRST_FILTERS:]),
        "query": query,
        "filtered": bool(query.conditions or query.words),
        "may_make": may_make,
        "zone": plant_zone(),
    }


def _filters(request: HttpRequest, screen: Screen) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for item in screen.filters:
        source = screen.source(item.name)
        choices = choices_of(source)
        if source.kind == "site":
            choices = tuple(Site.objects.order_by("code").values_list("code", "name"))
        if source.kind == "category":
            choices = tuple((name, code_word(name)) for name in ("draft", "open", "effective", "closed"))
        if source.kind == "yes_no":
            choices = (("yes", _("yes")), ("no", _("no")))
        label = _(item.label) if item.label else word_over(source)
        if choices or source.kind == "person":
            names = [(item.name, label)]
        elif source.kind == "text":
            names = [(f"{item.name}.has", label)]
        else:
            names = [
                (f"{item.name}.from", _("{label} from").format(label=label)),
                (f"{item.name}.to", _("{label} to").format(label=label)),
            ]
        kind = {"moment": "date", "date": "date"}.get(source.kind, "text")
        for name, words in names:
            found.append(
                {
                    "name": name,
                    "label": words,
                    "choices": choices,
                    "kind": kind,
                    "value": request.GET.get(name, ""),
                }
            )
    return found


def _past_list(request: HttpRequest, screen: Screen) -> HttpResponse:
    zone = plant_zone()
    moment, clock = read_local(request.GET["as_of"], zone), clock_of(request)
    rows = list_as_of(
        screen.kind.name,
        moment,
        clock=clock,
        sites=_sites(request, screen),
        limit=PAST_ROWS + 1,
        after=whole(request.GET.get("after", "")) or 0,
    )
    shown, more = rows[:PAST_ROWS], len(rows) > PAST_ROWS
    data = {
        "type": screen.kind.name,
        "as_of": moment,
        "clock": clock,
        "rows": [_past_row(row) for row in shown],
        "after": str(shown[-1].id) if more else None,
    }
    screen = with_own(screen, who(request), at=moment)
    lines = _past_lines(screen, shown)
    columns = [column | {"sorts": False} for column in heads(screen)]
    return show(
        request,
        "list.html",
        data,
        kind=screen.kind,
        columns=columns,
        lines=lines,
        zone=zone,
        past=moment,
        kind_icon=icon_of(screen.kind.name),
    )


def _past_lines(screen: Screen, rows: Sequence[PastRecord]) -> list[dict[str, Any]]:
    """Past records as a page lists them: with the names of people."""
    names = printed_names(str(row.header.get(name) or "") for row in rows for name in ("owner", "originator"))
    drawn = cells(screen, (past_values(row.header, row.fields) for row in rows), names)
    return [
        {"row": {"id": row.id, "number": row.header.get("number")}, "cells": line}
        for row, line in zip(rows, drawn, strict=True)
    ]


def _past_row(row: PastRecord) -> dict[str, Any]:
    return {
        "id": row.id,
        "number": row.header.get("number"),
        "version": row.version,
        "recorded_at": row.recorded_at,
        "effective_from": row.effective_from,
        "header": dict(row.header),
        "fields": dict(row.fields),
    }
