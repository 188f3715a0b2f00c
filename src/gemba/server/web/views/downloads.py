"""What a page lists that are no records, as a file: coverage, charts, the loop, my desk, the trail.

Each file holds the rows of the JSON twin of its page, all of them, with the filters of the page and the
rights of the reader; only the words over the columns are said here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from gemba.server.clock import now
from gemba.server.web.cells import Cell
from gemba.server.web.language import code_word
from gemba.server.web.moments import plant_zone
from gemba.server.web.problems import problem
from gemba.server.web.tables import MEDIA, Sheet, made_from, written
from gemba.server.web.templatetags.gemba import key_words
from gemba.server.web.views import charts, coverage, trail, work
from gemba.server.web.views.lists import MOST_IN_FILE
from gemba.stats.results import N_

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Field:
    """A column: the word over it, its value in a row of the twin, and what kind of value that is."""

    label: str
    value: Callable[[Row], Any]
    kind: str = "text"


@dataclass(frozen=True)
class Listed:
    """A page with rows: what it is called, its view, where its twin has the rows, its columns."""

    title: str
    view: Callable[[HttpRequest], HttpResponse]
    rows: str
    fields: Sequence[Field]


def _of(name: str) -> Callable[[Row], Any]:
    return lambda row: row[name]


def _in_words(name: str) -> Callable[[Row], str]:
    return lambda row: _(row[name])


def _characteristic(name: str) -> Callable[[Row], Any]:
    return lambda row: row["characteristic"][name]


def _evidence(row: Row) -> str:
    told = [(item["number"], item["ppk"]) for item in row["evidence"]]
    return ", ".join(number if ppk is None else f"{number} (Ppk {ppk:.2f})" for number, ppk in told)


def _until_limits(name: str) -> Callable[[Row], Any]:
    """A count of the study that leads to the first limits; nothing once there are some."""
    return lambda row: None if row["limits"] else row[name]


def _standing(row: Row) -> str:
    """How a chart stands, in the words of its page."""
    if row["signal"]:
        return _("signal open")
    if row["limits"]:
        return _("signal closed") if row["answered"] else _("in control")
    if row["proposed"]:
        return _("limits proposed")
    return _("collecting {collected} of {needed}").format(collected=row["collected"], needed=row["needed"])


LISTED: Mapping[str, Listed] = {
    "coverage": Listed(
        N_("Coverage"),
        coverage.coverage,
        "requirements",
        (
            Field(N_("Number"), _of("number")),
            Field(N_("Requirement"), _of("title")),
            Field(N_("Customer"), _of("customer")),
            Field(N_("Site"), _of("site")),
            Field(N_("Covered"), _of("covered"), "yes_no"),
            Field(N_("Measured"), _of("measured"), "yes_no"),
            Field(N_("Met"), _of("met"), "yes_no"),
            Field(N_("Evidence"), _evidence),
            Field(N_("Gaps"), lambda row: " ".join(gap["text"] for gap in row["gaps"])),
        ),
    ),
    "charts": Listed(
        N_("Charts"),
        charts.charts,
        "charts",
        (
            Field(N_("Number"), _characteristic("number")),
            Field(N_("Characteristic"), _characteristic("title")),
            Field(N_("Stream"), lambda row: key_words(row["key"])),
            Field(N_("Site"), _of("site")),
            Field(N_("State"), _standing),
            Field(N_("Points collected"), _until_limits("collected"), "whole"),
            Field(N_("Points needed"), _until_limits("needed"), "whole"),
        ),
    ),
    "loop": Listed(
        N_("The loop"),
        work.loop,
        "reactions",
        (
            Field(N_("When this happens, that follows"), _in_words("sentence")),
            Field(N_("Fired"), _of("done"), "whole"),
            Field(N_("Last"), _of("last_at"), "moment"),
            Field(N_("Waiting"), _of("waiting"), "whole"),
            Field(N_("Failed"), _of("failed"), "whole"),
        ),
    ),
    "desk": Listed(
        N_("My desk"),
        work.listed,
        "tasks",
        (
            Field(N_("What is to be done"), _of("text")),
            Field(N_("Record"), lambda row: (row["record"] or {}).get("number") or ""),
            Field(N_("Due"), _of("due_at"), "moment"),
            Field(N_("For"), _of("holder")),
            Field(N_("Why"), lambda row: row["why"] or row["opened_by"]),
            Field(N_("Site"), _of("site")),
        ),
    ),
    "trail": Listed(
        N_("Trail"),
        trail.trail,
        "entries",
        (
            Field(N_("When"), _of("at"), "moment"),
            Field(N_("Who"), _of("name")),
            Field(N_("What"), _of("done")),
            Field(N_("Record"), lambda row: (row["record"] or {}).get("number") or ""),
            Field(N_("Title"), lambda row: (row["record"] or {}).get("title") or ""),
            Field(N_("Version"), _of("version"), "whole"),
            Field(N_("Why"), _of("reason")),
            Field(N_("Refused because"), lambda row: " ".join(row["refused"])),
            Field(N_("Client"), _of("client")),
        ),
    ),
}
"""Name in the address -> the list."""


def coverage_table(request: HttpRequest, form: str) -> HttpResponse:
    """Every requirement in force, with its evidence and its gaps."""
    return _table(request, "coverage", form)


def charts_table(request: HttpRequest, form: str) -> HttpResponse:
    """Every live chart and how it stands."""
    return _table(request, "charts", form)


def loop_table(request: HttpRequest, form: str) -> HttpResponse:
    """The reactions with their counts."""
    return _table(request, "loop", form)


def desk_table(request: HttpRequest, form: str) -> HttpResponse:
    """What is on somebody's list."""
    return _table(request, "desk", form)


def trail_table(request: HttpRequest, form: str) -> HttpResponse:
    """The entries of the trail that the filters leave."""
    return _table(request, "trail", form)


def _table(request: HttpRequest, name: str, form: str) -> HttpResponse:
    if form not in MEDIA:
        raise Http404
    listed, zone, asked = LISTED[name], plant_zone(), request.GET.copy()
    rows = []
    for row in _rows(request, listed):
        rows.append([Cell("", _(item.label), item.kind, item.value(row)) for item in listed.fields])
        if len(rows) > MOST_IN_FILE:
            words = _("A file holds at most {most} rows, and this list has more: narrow it by its filters.")
            return problem(request, 422, "list.long", words.format(most=MOST_IN_FILE))
    about = [
        *made_from(_(listed.title), request, zone),
        *((_("Filter"), f"{code_word(key)} = {text}") for key, text in asked.items() if text),
        (_("Rows"), str(len(rows))),
    ]
    heads = [_(item.label) for item in listed.fields]
    return written(Sheet(f"{name}-{now().date()}", heads, rows, zone, about), form)


def _rows(request: HttpRequest, listed: Listed) -> Iterator[Row]:
    """The rows of the JSON twin of a page, page after page."""
    asked = request.GET.copy()
    asked.pop("after", None)
    request.path = f"{request.path.rpartition('.')[0]}.json"
    while True:
        request.GET = asked  # type: ignore[assignment]
        data = json.loads(listed.view(request).content)
        yield from data[listed.rows]
        if not data.get("after"):
            return
        asked = asked.copy()
        asked["after"] = data["after"]
