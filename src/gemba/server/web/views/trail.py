"""The trail of the whole plant, and the search over all records."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from gemba.quality.people.queries import everybody
from gemba.quality.records.actor import EVERY_SITE
from gemba.quality.records.canonical import from_microseconds, to_microseconds
from gemba.quality.records.models import Entry, Header
from gemba.quality.records.names import printed_names
from gemba.quality.records.reasons import told_again
from gemba.quality.records.search import search as find
from gemba.quality.records.types import record_types
from gemba.quality.records.work import read_detail
from gemba.server.access import TRAIL_READERS
from gemba.server.web.doings import done_in_words, kinds_asked
from gemba.server.web.finding import found_anywhere
from gemba.server.web.moments import plant_zone, read_local
from gemba.server.web.page import show, who
from gemba.server.web.whole import whole

PAGE_ROWS = 100
MOST_FOUND = 50
LONGEST_WORDS = 200
MOST_PEOPLE = 300
PROGRAM = "system:"
"""How the actors begin that are no people."""


def trail(request: HttpRequest) -> HttpResponse:
    """Who did what when, newest first; narrowed by person, action, record and time."""
    zone = plant_zone()
    rows = _narrowed(request, zone)
    after = whole(request.GET.get("after", ""))
    if after is not None:
        rows = rows.filter(pk__lt=after)
    found = list(rows[: PAGE_ROWS + 1])
    names = printed_names(entry.actor for entry in found)
    data = {
        "entries": [_row(entry, names.get(entry.actor, entry.actor)) for entry in found[:PAGE_ROWS]],
        "after": str(found[PAGE_ROWS - 1].pk) if len(found) > PAGE_ROWS else None,
    }
    if request.path.endswith(".json"):
        return show(request, "", data)
    asked = request.GET
    kinds, people = kinds_asked(asked.get("action", "")), _people_asked(asked.get("actor", ""))
    narrowed = any(asked.get(name) for name in ("record", "action", "actor", "from", "to"))
    return show(request, "trail.html", data, zone=zone, asked=asked, kinds=kinds, people=people,
                narrowed=narrowed)  # fmt: skip


def _people_asked(asked: str) -> list[tuple[str, str, bool]]:
    """Whom the trail can be narrowed to, with who was asked for."""
    offered = {**everybody(MOST_PEOPLE), PROGRAM: _("Gemba itself")}
    if asked and asked not in offered:
        offered |= printed_names([asked])
    return [(actor, name, actor == asked) for actor, name in offered.items()]


def _narrowed(request: HttpRequest, zone: str) -> QuerySet[Entry]:
    asked = request.GET
    rows = Entry.objects.select_related("header").order_by("-id")
    sites = who(request).sites(TRAIL_READERS)
    if EVERY_SITE not in sites:
        rows = rows.filter(header__site__in=sites)
    if asked.get("actor"):
        own = {"actor__startswith": PROGRAM} if asked["actor"] == PROGRAM else {"actor": asked["actor"]}
        rows = rows.filter(**own)
    if asked.get("action"):
        rows = rows.filter(action__startswith=asked["action"])
    if asked.get("record"):
        rows = rows.filter(header__number=asked["record"].strip().upper())
    if asked.get("from"):
        rows = rows.filter(at__gte=to_microseconds(read_local(asked["from"] + "T00:00", zone)))
    if asked.get("to"):
        rows = rows.filter(at__lte=to_microseconds(read_local(asked["to"], zone)))
    return rows


def _row(entry: Entry, name: str) -> dict[str, Any]:
    header: Header | None = entry.header
    detail = read_detail(entry.detail)
    return {
        "id": entry.pk,
        "at": from_microseconds(entry.at),
        "actor": entry.actor,
        "name": name,
        "action": entry.action,
        "done": done_in_words(entry.action, header.type if header else ""),
        "record": None
        if header is None
        else {"id": header.id, "type": header.type, "number": header.number, "title": header.title},
        "version": entry.version,
        "reason": entry.reason,
        "client": entry.client,
        "refused": told_again(detail),
        "seal_tx": entry.tx,
    }


def search(request: HttpRequest) -> HttpResponse:
    """Records whose number or text holds the words; a whole number leads straight to its record."""
    words = request.GET.get("q", "").strip()
    found = found_records(request, words) if words else []
    exact = [item for item in found if (item["number"] or "").casefold() == words.casefold()]
    if exact and not request.path.endswith(".json"):
        return HttpResponseRedirect(reverse("record", args=[exact[0]["type"], exact[0]["id"]]))
    return show(request, "search.html", {"words": words, "found": found}, asked_words=words)


def palette(request: HttpRequest) -> HttpResponse:
    """What the command palette shows for some words."""
    words = request.GET.get("q", "").strip()[:LONGEST_WORDS]
    return show(request, "", {"words": words, "found": found_anywhere(words, who(request))})


def found_records(request: HttpRequest, words: str) -> list[dict[str, Any]]:
    """What a search finds, for somebody who may read it."""
    labels = {kind.name: _(kind.label) for kind in record_types()}
    return [
        {**asdict(hit), "label": labels[hit.type]}
        for hit in find(words, actor=who(request), limit=MOST_FOUND)
    ]
