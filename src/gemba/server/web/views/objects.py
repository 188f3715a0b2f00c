"""One record: all that its reader may see, now or as it was; and what was changed when, by whom."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from gemba.quality.records.canonical import from_microseconds
from gemba.quality.records.history import Change, PastRecord, changes, record_as_of, record_version, trail_of
from gemba.quality.records.linking import joints_of
from gemba.quality.records.models import Header, Version
from gemba.quality.records.names import printed_names
from gemba.quality.records.ownfields import every_definition
from gemba.quality.records.reading import readable
from gemba.quality.records.reasons import Reason, Refused, told_again
from gemba.quality.records.retold import of_values
from gemba.quality.records.screen import ObjectPage, object_page, screen_of
from gemba.quality.records.screen.objects import Shown
from gemba.quality.records.screen.sources import Source, source_of
from gemba.quality.records.types import RecordType, record_type
from gemba.quality.records.work import read_detail
from gemba.server.clock import now
from gemba.server.web.belongings import belongings
from gemba.server.web.cells import Cell, past_values, state_category
from gemba.server.web.language import code_word, within
from gemba.server.web.mending import mended
from gemba.server.web.moments import read_local
from gemba.server.web.page import show, who
from gemba.server.web.steps import at_once
from gemba.server.web.views.lists import clock_of
from gemba.server.web.whole import whole

SHOWN_VERSIONS = 100


def wanted(reference: str) -> int | str:
    """An id or a number, as it stands in an address."""
    number = whole(reference)
    return reference if number is None else number


def record(request: HttpRequest, type_name: str, reference: str) -> HttpResponse:
    """One record by its id or number."""
    kind, row = readable(wanted(reference), who(request))
    header: Header = row.header  # type: ignore[attr-defined]
    if kind.name != type_name:
        return HttpResponseRedirect(reverse("record", args=[kind.name, header.id]))
    if request.GET.get("as_of") or request.GET.get("version"):
        return _past(request, kind, header)
    page = object_page(header.id, actor=who(request), now=now())
    more = belongings(header.id)
    data = {**asdict(page), "versions": versions_of(header.id), "trail": trail_rows(header.id), **more}
    groups = [*page.sections, *([page.own] if page.own.fields else [])]
    return show(request, "object.html", data, page=page, groups=groups, head=header, kind=kind,
                zone=header.site.zone, category=header.category, joints=_joints(kind),
                may_work=who(request).has_any(kind.working_roles, header.site_id),
                way=way_of(kind, header.state), state=_(kind.lifecycle.state(header.state).label),
                main_move=leading(kind, header.state, page), quick=at_once(kind, page),
                mended=mended(kind, page))  # fmt: skip


def leading(kind: RecordType, state: str, page: ObjectPage) -> str:
    """The move that a page puts first: allowed, no step back but into force again, and no void."""
    order = [item.name for item in kind.lifecycle.states]
    for shown in page.moves:
        move = kind.lifecycle.move(shown.name)
        if move is None or not shown.allowed:
            continue
        category = kind.lifecycle.state(move.target).category
        onward = category == "effective" or order.index(move.target) >= order.index(state)
        if onward and category != "void":
            return shown.name
    return ""


def _joints(kind: RecordType) -> list[dict[str, str]]:
    """The relations that fit a record, in words: those that are made for it first."""
    found = []
    for joint in joints_of(kind):
        ends = [within(_(record_type(name).label)) for name in joint.types]
        words = within(code_word(joint.relation))
        found.append({"relation": joint.relation, "words": f"{words} ({', '.join(ends)})" if ends else words})
    return found


def way_of(kind: RecordType, state: str) -> list[dict[str, str]]:
    """The states of a record type in their order, those beside the straight way only where it is in one."""
    states = [
        item
        for item in kind.lifecycle.states
        if item.name == state or not (item.beside or item.category == "void")
    ]
    here = next((place for place, item in enumerate(states) if item.name == state), 0)
    marks = ["done" if place < here else "now" if place == here else "ahead" for place in range(len(states))]
    return [{"label": _(item.label), "mark": mark} for item, mark in zip(states, marks, strict=True)]


def versions_of(header: int) -> list[dict[str, Any]]:
    """The versions of a record, newest first."""
    rows = Version.objects.filter(header_id=header).order_by("-number")[:SHOWN_VERSIONS]
    return [
        {
            "number": row.number,
            "recorded_at": from_microseconds(row.recorded_at),
            "effective_from": from_microseconds(row.effective_from),
        }
        for row in rows
    ]


def trail_rows(header: int) -> list[dict[str, Any]]:
    """Who did what to the record, newest first."""
    entries = trail_of(header)[::-1]
    names = printed_names({entry.actor for entry in entries})
    return [
        {
            "at": from_microseconds(entry.at),
            "action": entry.action,
            "actor": names.get(entry.actor, entry.actor),
            "reason": entry.reason,
            "version": entry.version,
            "refused": told_again(read_detail(entry.detail)),
        }
        for entry in entries
    ]


def differences(request: HttpRequest, type_name: str, reference: str, number: int) -> HttpResponse:
    """What one version changed."""
    kind, row = readable(wanted(reference), who(request))
    header: Header = row.header  # type: ignore[attr-defined]
    if kind.name != type_name or not 1 <= number <= header.version:
        raise Refused([Reason("records.unknown", {"record": reference})])
    found = changes(header.id, number)
    data = {"id": header.id, "version": number, "changes": [asdict(change) for change in found]}
    before = {change.name: change.old for change in found}
    after = {change.name: change.new for change in found}
    read = [_read(kind, change, before, after) for change in found]
    told = [_told(kind, change) for change in read if _held(change.old) or _held(change.new)]
    people = {cell.value for line in told for cell in (line["old"], line["new"]) if cell.kind == "person"}
    return show(request, "differences.html", data, head=header, zone=header.site.zone, told=told,
                names=printed_names({str(person) for person in people if person}))  # fmt: skip


def _read(kind: RecordType, change: Change, before: Mapping[str, Any], after: Mapping[str, Any]) -> Change:
    """A change as its reader reads it: a sentence of the statistics told anew where its figures changed."""
    name = change.name
    return Change(name, of_values(kind, before, name, change.old), of_values(kind, after, name, change.new))


def _held(value: object) -> bool:
    """Whether a field holds anything."""
    return value not in (None, "", [], {})


def _told(kind: RecordType, change: Change) -> dict[str, Any]:
    """A changed value in words: that of its field, of its state, of its choice; a moment, a person."""
    name = change.name.removesuffix("_id")
    source = source_of(kind, name)
    label = _(source.label) if source else code_word(name)
    return {"label": label, "old": _side(source, name, change.old), "new": _side(source, name, change.new)}


def _side(source: Source | None, name: str, value: Any) -> Cell:
    shown = source.kind if source is not None and source.kind in ("moment", "person") else "text"
    words = dict(source.choices) if source else {}
    if str(value) in words:
        value = _(words[str(value)])
    elif value and (name in ("category", "type") or name.endswith("_role")):
        value = code_word(str(value))
    if shown == "moment" and isinstance(value, int):
        value = from_microseconds(value)
    return Cell(name, "", shown, value)


def _past(request: HttpRequest, kind: RecordType, header: Header) -> HttpResponse:
    version = whole(request.GET.get("version", ""), digits=8)
    if version is not None:
        found = record_version(header.id, version)
        moment = None
    else:
        moment = read_local(request.GET.get("as_of", ""), header.site.zone)
        found = record_as_of(header.id, moment, clock=clock_of(request))
    data: dict[str, Any] = {"id": header.id, "type": kind.name, "as_of": moment, "clock": clock_of(request)}
    if found is None:
        data["version"] = None
        return show(request, "past.html", data, status=404, head=header, kind=kind, zone=header.site.zone)
    data |= {
        "version": found.version,
        "recorded_at": found.recorded_at,
        "effective_from": found.effective_from,
        "header": dict(found.header),
        "fields": dict(found.fields),
    }
    groups, children = _past_groups(kind, found)
    state = str(found.header["state"])
    return show(request, "past.html", data, groups=groups, children=children, head=header, kind=kind,
                zone=header.site.zone, category=state_category(kind, state),
                state=_(kind.lifecycle.state(state).label))  # fmt: skip


def _past_groups(kind: RecordType, found: PastRecord) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    screen = screen_of(kind.name)
    values = past_values(found.header, found.fields)
    people = printed_names(str(values.get(name) or "") for name in ("owner", "originator"))
    groups = []
    for section in screen.sections if screen else ():
        facts = [_past_fact(kind, screen.source(name), values, people) for name in section.fields]  # type: ignore[union-attr]
        groups.append({"title": _(section.title), "fields": facts})
    groups += _past_own(found)
    children = [
        {
            "title": _(table.title),
            "columns": table.columns,
            "rows": _lines(kind, table.relation, values, table.columns),
        }
        for table in (screen.children if screen else ())
    ]
    return groups, children


def _past_own(found: PastRecord) -> list[dict[str, Any]]:
    values: dict[str, Any] = json.loads(str(found.header.get("own_fields") or "{}"))
    labels = {item.key: item.label for item in every_definition(str(found.header["type"]))}
    facts = [Shown(key, labels.get(key, key), "text", value) for key, value in values.items()]
    return [{"title": _("Own fields"), "fields": facts}] if facts else []


def _past_fact(kind: RecordType, source: Any, values: Mapping[str, Any], people: Mapping[str, str]) -> Shown:
    value = of_values(kind, values, source.name, values.get(source.name))
    text = _(dict(source.choices).get(str(value), "")) or people.get(str(value), "")
    if source.kind == "moment" and isinstance(value, int):
        value = from_microseconds(value)
    return Shown(source.name, _(source.label), source.kind, value, text)


def _lines(
    kind: RecordType, relation: str, values: Mapping[str, Any], columns: tuple[str, ...]
) -> list[list[Any]]:
    names = [(column, f"{relation}.{column}") for column in columns]
    rows: Iterable[Mapping[str, Any]] = values.get(relation) or ()
    return [[of_values(kind, row, name, row.get(column)) for column, name in names] for row in rows]
