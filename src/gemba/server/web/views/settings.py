"""How the plant is set up: when a site works, and which fields of its own its records have."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from gemba.quality.people.models import Closure
from gemba.quality.people.worktime import (
    KEEPERS,
    Shift,
    add_closure,
    drop_closure,
    read_shifts,
    set_shifts,
    shifts_of,
)
from gemba.quality.records import edge
from gemba.quality.records.canonical import from_microseconds
from gemba.quality.records.models import Site
from gemba.quality.records.ownfields import (
    KINDS,
    MAY_DEFINE,
    Definition,
    define_own_field,
    every_definition,
    retire_own_field,
)
from gemba.quality.records.reasons import Reason, Refused, refuse_if
from gemba.quality.records.types import RecordType, record_types
from gemba.server.clock import now
from gemba.server.web.page import done, show, who
from gemba.stats.results import N_, translator

DAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
KIND_WORDS = {
    "text": N_("words"),
    "number": N_("a number"),
    "date": N_("a day"),
    "choice": N_("one of a list"),
    "yes_no": N_("yes or no"),
}


def calendar(request: HttpRequest, code: str) -> HttpResponse:
    """When a site works: every due time is counted in these hours."""
    site, actor = get_object_or_404(Site, pk=code), who(request)
    if request.method == "POST":
        with edge.attempting("calendar", actor=actor, now=now()):
            words = _change_calendar(request, site)
        return done(request, reverse("calendar", args=[code]), words)
    data = calendar_of(site)
    days = [
        {"name": _(DAYS[number]), "number": number, "text": text} for number, text in enumerate(_texts(site))
    ]
    may = any(actor.has_role(role, site.code) for role in KEEPERS)
    return show(request, "calendar.html", data, days=days, zone=site.zone, may=may)


def calendar_of(site: Site) -> dict[str, Any]:
    """The shifts and closures of a site, as JSON holds them."""
    rows = Closure.objects.filter(site=site).order_by("start")
    return {
        "site": {"code": site.code, "name": site.name, "zone": site.zone},
        "shifts": [asdict(shift) | {"text": str(shift)} for shift in shifts_of(site)],
        "closures": [
            {
                "id": row.pk,
                "name": row.name,
                "from": from_microseconds(row.start),
                "until": from_microseconds(row.end),
            }
            for row in rows
        ],
    }


def _texts(site: Site) -> list[str]:
    held: dict[int, list[str]] = {}
    for shift in shifts_of(site):
        held.setdefault(shift.day, []).append(str(shift))
    return [", ".join(held.get(day, [])) for day in range(7)]


def _change_calendar(request: HttpRequest, site: Site) -> str:
    typed = request.POST
    about: dict[str, Any] = {"site": site, "actor": who(request), "now": now()}
    what, reason = typed.get("what"), typed.get("reason", "")
    if what == "closure":
        start, end = (_local(typed.get(name, ""), name, site) for name in ("from", "until"))
        add_closure(name=typed.get("name", ""), start=start, end=end, **about)
        return _("The site is closed then.")
    if what == "drop":
        number = typed.get("closure", "")
        closure = int(number) if number.isdigit() and len(number) < 19 else 0
        drop_closure(closure=closure, reason=reason, **about)
        return _("The site works then after all.")
    shifts: list[Shift] = []
    reasons: list[Reason] = []
    for day in range(7):
        found, faults = read_shifts(day, typed.get(f"day-{day}", ""))
        shifts, reasons = shifts + found, reasons + faults
    refuse_if(reasons)
    set_shifts(shifts=shifts, reason=reason, **about)
    return _("The working time is stored.")


def _local(text: str, field: str, site: Site) -> datetime:
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Refused([Reason("records.not_moment", {"field": field})]) from None
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(site.zone))


def fields(request: HttpRequest) -> HttpResponse:
    """The fields of one's own of every type: what each site adds to the forms of the product."""
    actor = who(request)
    if request.method == "POST":
        with edge.attempting("ownfield", actor=actor, now=now()):
            words = _change_field(request)
        return done(request, reverse("fields"), words)
    kinds = _types()
    t = translator(None)
    rows = [
        field_row(definition) | {"label_of_type": t(kind.label)}
        for kind in kinds
        for definition in every_definition(kind.name)
    ]
    may = any(role in MAY_DEFINE for role, _ in actor.grants)
    types = [
        {
            "name": kind.name,
            "label": t(kind.label),
            "states": [(s.name, t(s.label)) for s in kind.lifecycle.states],
        }
        for kind in kinds
    ]
    sites = Site.objects.order_by("code")
    return show(request, "fields.html", {"fields": rows}, types=types, sites=sites, may=may,
                kinds=[(name, _(KIND_WORDS[name])) for name in KINDS])  # fmt: skip


def _types() -> list[RecordType]:
    return list(record_types())


def field_row(definition: Definition) -> dict[str, Any]:
    """A field of one's own as JSON holds it."""
    return asdict(definition)


def _change_field(request: HttpRequest) -> str:
    typed, actor = request.POST, who(request)
    kind = next((kind for kind in _types() if kind.name == typed.get("type")), None)
    if kind is None:
        raise Refused([Reason("records.field_missing", {"field": "type"})])
    site = Site.objects.filter(pk=typed.get("site") or None).first()
    key = typed.get("key", "").strip()
    if typed.get("what") == "retire":
        retire_own_field(
            kind=kind, key=key, site=site, reason=typed.get("reason", ""), actor=actor, now=now()
        )
        return _("The field is asked for no more; what records hold stays readable.")
    define_own_field(
        kind=kind,
        key=key,
        label=typed.get("label", ""),
        what=typed.get("kind", ""),
        site=site,
        choices=[line for line in typed.get("choices", "").splitlines() if line.strip()],
        required_at=typed.getlist("required_at"),
        actor=actor,
        now=now(),
    )
    return _("The field stands on the forms from now on.")
