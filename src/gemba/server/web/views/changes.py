"""Making, editing and moving a record, and what belongs to it: every refusal comes back with the form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, replace
from dataclasses import fields as fields_of
from typing import Any

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from gemba.quality.people.queries import people_with
from gemba.quality.records import edge
from gemba.quality.records.actions import actions_of
from gemba.quality.records.actor import EVERY_SITE, Actor
from gemba.quality.records.editing import begins_with
from gemba.quality.records.lifecycle import Move
from gemba.quality.records.mentions import suggested
from gemba.quality.records.models import Header, Site
from gemba.quality.records.names import printed_names
from gemba.quality.records.reading import readable
from gemba.quality.records.reasons import Conflict, Reason, Refused
from gemba.quality.records.screen import FormField, form_of
from gemba.quality.records.screen.objects import Choice, ObjectPage, choice_of, object_page
from gemba.quality.records.signatures import Proof
from gemba.quality.records.types import RecordType, record_type
from gemba.server.clock import now
from gemba.server.web.along import PREFIX, Along, Begins, along_of, begun_with, chosen, present
from gemba.server.web.conflicts import Both, joined
from gemba.server.web.forms import fields_with_values, typed_values
from gemba.server.web.language import within
from gemba.server.web.mending import ending, led_to_mend
from gemba.server.web.own import asked_at, for_new, of_record
from gemba.server.web.page import back, done, show, who
from gemba.server.web.problems import worded
from gemba.server.web.steps import FOLLOWS, STAY, next_of
from gemba.server.web.views.lists import screen_named
from gemba.server.web.views.objects import wanted
from gemba.server.web.whole import whole
from gemba.stats.results import translator


def new_record(request: HttpRequest, type_name: str) -> HttpResponse:
    """The form for a new record of a type."""
    screen = screen_named(type_name)
    action = screen.create
    if action is None:
        raise Http404
    form = form_of(screen.kind, action.given, translator(None))
    allowed = who(request).sites(screen.kind.create_roles)
    sites = [site for site in Site.objects.order_by("code") if site.code in allowed or "*" in allowed]
    named = {item.name: request.GET[item.name] for item in form if item.name in request.GET}
    typed: dict[str, Any] = _defaults(action.given) | named
    faults: Sequence[Reason] = () if sites else [Reason("records.no_right", {"site": EVERY_SITE})]
    zone = sites[0].zone if sites else "UTC"
    own = for_new(type_name, [site.code for site in sites], zone=zone)
    if request.method == "POST":
        site, sent = request.POST.get("site", ""), request.POST.dict()
        typed = typed_values(form, sent, zone=_zone(site))
        try:
            made = edge.create(type_name, site=site, typed=typed, own=own.read_filled(sent),
                               actor=who(request), now=now())  # fmt: skip
        except Refused as refused:
            faults = refused.reasons
        else:
            header: Header = made.header  # type: ignore[attr-defined]
            return done(request, reverse("record", args=[type_name, header.id]), _("The record is made."))
    described = [_described(field) for field in (*form, *own.form)]
    data = {"type": type_name, "form": described, "reasons": worded(faults)}
    fields = fields_with_values(form, typed, zone=zone)
    fields = _with_suggestions(fields, screen.kind, who(request), [site.code for site in sites])
    status = 409 if faults and request.method == "POST" else 200
    return show(request, "form.html", data, status=status, kind=screen.kind, sites=sites, fields=fields,
                groups=[*_grouped(screen, fields), *own.groups], words=_("Make it"),
                heading=_("New {what}").format(what=within(_(screen.kind.label))),
                back=reverse("records", args=[type_name]))  # fmt: skip


def _record(request: HttpRequest, reference: str, action: str) -> tuple[RecordType, models.Model]:
    """The record of an address; who may not read it and is about to change it stands in the trail."""
    if request.method == "POST":
        return edge.meant(wanted(reference), action=action, actor=who(request), now=now())
    return readable(wanted(reference), who(request))


def edit_record(request: HttpRequest, type_name: str, reference: str) -> HttpResponse:
    """The form of a record's own fields."""
    kind, row = _record(request, reference, "edit")
    header: Header = row.header  # type: ignore[attr-defined]
    action = actions_of(kind.name).edit
    if action is None or kind.name != type_name:
        raise Http404
    form = form_of(kind, action.given, translator(None))
    zone, version, typed = header.site.zone, header.version, begins_with(row, action)
    faults: Sequence[Reason] = ()
    conflict: Conflict | None = None
    rows: Sequence[Both] = ()
    own = of_record(header)
    there = back(request, reverse("record", args=[type_name, header.id]))
    if request.method == "POST":
        typed = typed_values(form, request.POST.dict(), zone=zone)
        version = _version(request, header.version)
        try:
            edge.edit(header.id, typed=typed, own=own.read(request.POST.dict()), expected_version=version,
                      actor=who(request), now=now(), reason=request.POST.get("reason", ""))  # fmt: skip
        except Refused as refused:
            faults = refused.reasons
        except Conflict as found:
            conflict, version = found, found.current
            rows, typed = joined(found, form, typed, zone)
        else:
            return _stored(request, kind, header, there)
    data = {
        "type": type_name,
        "id": header.id,
        "version": version,
        "form": [_described(field) for field in (*form, *own.form)],
        "reasons": worded(faults),
        "conflict": _both(conflict),
    }
    fields = fields_with_values(form, typed, zone=zone)
    fields = _with_suggestions(fields, kind, who(request), [header.site_id], header.owner)
    return show(request, "form.html", data, status=409 if faults or conflict else 200, kind=kind, head=header,
                fields=fields, groups=[*_grouped(screen_named(type_name), fields), *own.groups],
                words=_("Store the change"), editing=True, joined=rows,
                given_reason=request.POST.get("reason", ""), heading=_edits(header), back=there,
                **ending(kind, object_page(header.id, actor=who(request), now=now())))  # fmt: skip


def _edits(header: Header) -> str:
    return _("Edit {record}").format(record=header.number or header.title)


def _stored(request: HttpRequest, kind: RecordType, header: Header, there: str) -> HttpResponse:
    """After a change: the move that was asked for along with it, or its form with what stands against it."""
    move = request.POST.get("then", "")
    step = kind.lifecycle.move(move) if move else None
    if step is None:
        return done(request, there, _("The change is stored."))
    try:
        edge.take_move(header.id, move, actor=who(request), now=now())
    except Refused:
        place = reverse("record_move", args=[kind.name, header.id, move])
        return done(request, f"{place}?{urlencode({'back': there})}", _("The change is stored."))
    return done(request, there, _("{step}: done.").format(step=_(step.label)))


def move_record(request: HttpRequest, type_name: str, reference: str, move: str) -> HttpResponse:
    """One move: what it asks for, its signature, and every reason against it."""
    kind, row = _record(request, reference, f"move:{move}")
    header: Header = row.header  # type: ignore[attr-defined]
    page = object_page(header.id, actor=who(request), now=now())
    choice = next((item for item in page.moves if item.name == move), None)
    step = kind.lifecycle.move(move)
    if choice is None and step is not None and request.method == "POST":
        choice = choice_of(kind, step)  # somebody was faster: the form comes back with what was typed
    if kind.name != type_name or (step is None and request.method != "POST"):
        raise Http404
    if choice is None and step is not None:
        return _shut(request, kind, header, step, page)
    zone = header.site.zone
    typed: Mapping[str, Any] = present(request, row, kind, move) | _asked(request, choice) if choice else {}
    faults: Sequence[Reason] = ()
    conflict: Conflict | None = None
    rows: Sequence[Both] = ()
    own = asked_at(header, step.target if step else "")
    along, begins = along_of(request, row, kind, move), begun_with(request, row, kind, move)
    if request.method == "POST":
        typed = typed_values(choice.form if choice else (), request.POST.dict(), zone=zone)
        try:
            moved = _take(request, header, move, typed, own.read(request.POST.dict()))
        except Refused as refused:
            faults = refused.reasons
        except Conflict as found:
            conflict = found
            rows, typed = joined(found, choice.form if choice else (), typed, zone)
        else:
            words = _("{step}: done.").format(step=choice.label if choice else move)
            if along and request.POST.get("then") == along.choice.name:
                return _take_along(request, kind, header, along.choice, words)
            begun = chosen(request, begins)
            return done(request, _begun(request, begun) or _onward(request, header, move, moved), words)
        along = _as_typed(request, along, zone)
    fields = [*fields_with_values(choice.form if choice else (), typed, zone=zone), *own.fields]
    blocked = bool(choice and choice.reasons) and request.method == "GET"
    mending = led_to_mend(request, header, page, move) if faults else None
    return mending or _form(request, kind, header, move, choice=choice, fields=fields, faults=faults,
                 conflict=conflict, joined=rows, along=along, begins=begins, blocked=blocked,
                 told=_told(page), editable=bool(page.edit and page.edit.allowed))  # fmt: skip


def _shut(
    request: HttpRequest, kind: RecordType, header: Header, step: Move, page: ObjectPage
) -> HttpResponse:
    """A step that the state of the record does not have: in which state it is, and what is open there."""
    state = kind.lifecycle.state(header.state)
    data = {"id": header.id, "move": step.name, "version": header.version, "state": header.state,
            "reasons": worded([Reason("records.wrong_state", {"state": state.label})]),
            "open": [{"name": it.name, "label": it.label} for it in page.moves if it.allowed]}  # fmt: skip
    template = "parts/shut.html" if getattr(request, "htmx", False) else "shut.html"
    return show(request, template, data, status=409, kind=kind, head=header, said=_(state.label),
                category=state.category, label=_(step.label))  # fmt: skip


def _told(page: ObjectPage) -> list[str]:
    """What a chart says, where a step about it is taken away from the page of its signal."""
    return [words for piece in page.panels if piece.name == "signal" for words in piece.data.get("words", ())]


def _form(
    request: HttpRequest,
    kind: RecordType,
    header: Header,
    move: str,
    *,
    choice: Choice | None,
    fields: list[dict[str, Any]],
    faults: Sequence[Reason],
    conflict: Conflict | None = None,
    **more: Any,
) -> HttpResponse:
    """The form of a move, with everything that stands against it."""
    data = {"id": header.id, "move": move, "version": header.version, "conflict": _both(conflict),
            "reasons": worded(faults) or _standing(choice)}  # fmt: skip
    template = "parts/move_form.html" if getattr(request, "htmx", False) else "move.html"
    return show(request, template, data, status=409 if faults or conflict else 200, choice=choice, kind=kind,
                fields=fields, head=header, given_reason=request.POST.get("reason", ""),
                back=back(request, ""), follows=bool(request.GET.get("follows")), **more)  # fmt: skip


def _as_typed(request: HttpRequest, along: Along | None, zone: str) -> Along | None:
    """The second step with what was typed of it."""
    if along is None:
        return None
    typed = typed_values(along.choice.form, request.POST.dict(), zone=zone, prefix=PREFIX)
    return replace(along, fields=fields_with_values(along.choice.form, typed, zone=zone, prefix=PREFIX))


def _take_along(
    request: HttpRequest, kind: RecordType, header: Header, choice: Choice, words: str
) -> HttpResponse:
    """The second step of a form: its first one is done; refused, its own form comes with what was typed."""
    header = Header.objects.get(pk=header.pk)
    zone = header.site.zone
    typed = typed_values(choice.form, request.POST.dict(), zone=zone, prefix=PREFIX)
    messages.success(request, words, extra_tags="good")
    try:
        moved = _take(request, header, choice.name, typed, {}, version=header.version, reason="")
    except (Refused, Conflict) as found:
        faults = found.reasons if isinstance(found, Refused) else ()
        fields = fields_with_values(choice.form, typed, zone=zone)
        return _form(request, kind, header, choice.name, choice=choice, fields=fields, faults=faults,
                     conflict=found if isinstance(found, Conflict) else None)  # fmt: skip
    return done(request, _onward(request, header, choice.name, moved),
                _("{step}: done.").format(step=choice.label))  # fmt: skip


def _begun(request: HttpRequest, begins: Begins | None) -> str:
    """Begin the next revision that was asked for along with a step: where its form is."""
    if begins is None:
        return ""
    plan = Header.objects.get(pk=begins.id)
    try:
        made: Any = edge.take_move(begins.id, "revise", reason=begins.reason, expected_version=begins.version,
                                   actor=who(request), now=now())  # fmt: skip
    except (Refused, Conflict):
        return reverse("record_move", args=[plan.type, plan.pk, "revise"])
    return _onward(request, plan, "revise", int(made.header.id))


def _onward(request: HttpRequest, header: Header, taken: str, moved: int) -> str:
    """Where a step that was taken leads: to the next one of the same person, else back to where it began."""
    kind = record_type(header.type)
    there = reverse("record", args=[kind.name, moved])
    place = there if moved != header.id else back(request, there)
    if (kind.name, taken) not in FOLLOWS:
        return place
    move = next_of(kind, taken, object_page(moved, actor=who(request), now=now()))
    if not move:
        return place
    if move == STAY:
        return there
    form = reverse("record_move", args=[kind.name, moved, move])
    if move == "edit":
        form = reverse("record_edit", args=[kind.name, moved])
    return f"{form}?{urlencode({'follows': '1', 'back': back(request, place)})}"


def _take(
    request: HttpRequest,
    header: Header,
    move: str,
    typed: Mapping[str, Any],
    own: Mapping[str, Any],
    *,
    version: int | None = None,
    reason: str | None = None,
) -> int:
    """Take the step; the id of the record to go on with, which is another one where the step began it."""
    secret = request.POST.get("secret", "")
    session = request.identity.session  # type: ignore[attr-defined]
    proof = Proof(secret, request.POST.get("identifier", ""), session) if secret else None
    moved: Any = edge.take_move(
        header.id,
        move,
        typed=typed,
        own=own,
        reason=request.POST.get("reason", "") if reason is None else reason,
        expected_version=_version(request, header.version) if version is None else version,
        proof=proof,
        actor=who(request),
        now=now(),
    )
    return int(moved.header.id)


def _asked(request: HttpRequest, choice: Choice) -> dict[str, Any]:
    """What the address of a form says that its fields begin with."""
    return {item.name: request.GET[item.name] for item in choice.form if item.name in request.GET}


def _standing(choice: Choice | None) -> list[dict[str, Any]]:
    reasons = choice.reasons if choice else ()
    return [{"code": reason.code, "values": dict(reason.values), "text": reason.text} for reason in reasons]


def _both(conflict: Conflict | None) -> dict[str, Any] | None:
    if conflict is None:
        return None
    edited, stored = conflict.edited or {}, conflict.stored or {}
    differ = sorted(name for name in {*edited, *stored} if edited.get(name) != stored.get(name))
    rows = [{"field": name, "yours_began_at": edited.get(name), "now": stored.get(name)} for name in differ]
    return {"given_version": conflict.given, "current_version": conflict.current, "fields": rows}


def _version(request: HttpRequest, otherwise: int) -> int:
    version = whole(request.POST.get("version", ""), digits=8)
    return otherwise if version is None else version


def _zone(site: str) -> str:
    found = Site.objects.filter(pk=site).first()
    return found.zone if found else "UTC"


def _defaults(given: type[Any]) -> dict[str, Any]:
    return {item.name: item.default for item in fields_of(given) if item.default is not MISSING}


def _grouped(screen: Any, fields: list[dict[str, Any]]) -> list[dict[str, Any]]:
    left = {item["name"]: item for item in fields}
    groups = []
    for section in screen.sections:
        mine = [left.pop(name) for name in section.fields if name in left]
        if mine:
            groups.append({"title": _(section.title), "fields": mine})
    rows = [left.pop(name) for name, item in list(left.items()) if item["field"].kind == "rows"]
    if left:
        groups.insert(0, {"title": "", "fields": list(left.values())})
    return [*groups, {"title": "", "fields": rows}] if rows else groups


def _with_suggestions(
    fields: list[dict[str, Any]], kind: RecordType, actor: Actor, sites: Sequence[str], owner: str = ""
) -> list[dict[str, Any]]:
    """The fields that name other records or a person, each with what it may name; the present owner too."""
    for item in fields:
        if item["name"] in kind.mentions:
            item["suggested"] = suggested(kind.mentions[item["name"]], actor)
        if item["name"] == "owner":
            people = dict(printed_names([owner]))
            for site in sites:
                people |= people_with(kind.working_roles, site)
            item["field"] = replace(item["field"], kind="choice", choices=tuple(people.items()))
    return fields


def _described(field: FormField) -> dict[str, Any]:
    return {"name": field.name, "label": field.label, "kind": field.kind, "required": field.required}
