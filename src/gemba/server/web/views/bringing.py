"""Keep watching what a file shows: a draft with a chart, the file kept with it, and who must do what next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from gemba.quality.control.bringing.queries import Made, Progress, made_with, progress_of
from gemba.quality.control.bringing.services import Dropped, keep_watching
from gemba.quality.control.monitoring import queries as monitoring
from gemba.quality.people.queries import people_with
from gemba.quality.planning.controlplans.inputs import LineInput
from gemba.quality.planning.products.inputs import CharacteristicInput
from gemba.quality.planning.products.queries import characteristic
from gemba.quality.planning.products.services import MAKERS
from gemba.quality.records import edge
from gemba.quality.records.actor import EVERY_SITE, Actor
from gemba.quality.records.canonical import from_microseconds
from gemba.quality.records.given import read_given
from gemba.quality.records.models import Site
from gemba.quality.records.reading import readable
from gemba.quality.records.reasons import Reason, Refused
from gemba.quality.records.types import record_type
from gemba.server.clock import now
from gemba.server.web.moments import plant_zone
from gemba.server.web.page import done, show, who
from gemba.server.web.parked import Parked
from gemba.stats.results import N_

APPROVERS = ("approver", "quality_manager")
FEWEST, ENOUGH = 20, 25
"""Points from which limits are proposed: as many as the file has, within these."""
WAITING: Mapping[tuple[str, str], str] = {
    ("product", "draft"): N_("Release it"),
    ("characteristic", "draft"): N_("Release it"),
    ("control-plan", "in_review"): N_("Approve it with a signature, or return it"),
    ("control-plan", "approved"): N_("Put it in force"),
}
"""What somebody else must do about what was made, by its type and state."""
PARTIAL_MINUTES = 60
"""How long a subgroup waits for readings that the file does not hold."""


def sites_for(actor: Actor) -> list[Site]:
    """The sites at which somebody may make a characteristic."""
    sites = actor.sites(MAKERS)
    rows = Site.objects.order_by("code")
    return list(rows if EVERY_SITE in sites else rows.filter(pk__in=sites))


def keep(
    request: HttpRequest, file: Parked, seen: Mapping[str, Any], uses: Mapping[str, str]
) -> HttpResponse:
    """Make what the file shows something that is watched; a second click leads to the same place."""
    actor, shown = who(request), seen["shown"]
    kept = file.kept()
    if shown["name"] not in kept:
        with edge.attempting("keep watching", actor=actor, now=now()):
            site = next((s for s in sites_for(actor) if s.pk == request.POST.get("site", s.pk)), None)
            if site is None:
                raise Refused([Reason("records.role_missing", {"roles": ", ".join(MAKERS)})])
            given, faults = read_given(CharacteristicInput, _typed(request, file, seen))
            if faults:
                raise Refused(faults)
            made = keep_watching(dropped=_dropped(file, seen, uses), given=given, line=_line(file, shown),
                                 site=site, folder=settings.DATA, actor=actor, now=now())  # fmt: skip
        kept[shown["name"]] = made.pk
        file.note_kept(kept)
    words = _("{name} is kept, all of it as drafts.").format(name=shown["name"])
    return done(request, reverse("brought", args=[kept[shown["name"]]]), words)


def watched_as(request: HttpRequest, file: Parked, seen: Mapping[str, Any]) -> dict[str, str]:
    """What it will be called: as was typed; else the column, and the file for the product."""
    told = {name: request.POST.get(name, "").strip() for name in ("name", "product", "site")}
    shown = (seen["shown"] or {"name": ""})["name"]
    if request.POST.get("named", shown) != shown:
        told["name"] = ""
    return {**told, "name": told["name"] or shown, "product": told["product"] or PurePath(file.name).stem}


def _line(file: Parked, shown: Mapping[str, Any]) -> LineInput:
    """The line of the plan as far as the file tells it, with a plain reaction plan for whoever approves."""
    return LineInput(
        number=1,
        technique=_("as measured in {file}").format(file=file.name)[:120],
        sample_size=str(shown["size"]),
        frequency=_("as often as in {file}").format(file=file.name)[:60],
        method="chart",
        containment="\n".join(
            (
                _("Keep apart what was made since the last good check"),
                _("Measure once more, with the same gauge"),
            )
        ),
        call=_("an engineer"),
        resume=_("the next points lie within the limits"),
    )


def _typed(request: HttpRequest, file: Parked, seen: Mapping[str, Any]) -> dict[str, Any]:
    shown, told = seen["shown"], watched_as(request, file, seen)
    several = shown["size"] > 1
    return {
        "name": told["name"],
        "product": told["product"],
        "unit": shown["unit"],
        "decimals": str(shown["decimals"]),
        **{name: shown[name] for name in ("lsl", "target", "usl")},
        "chart_kind": shown["kind"],
        "subgroup_size": str(shown["size"]),
        "subgroup_minutes": str(PARTIAL_MINUTES if several else 0),
        "needed_subgroups": str(min(max(shown["points"], FEWEST), ENOUGH)),
    }


def _dropped(file: Parked, seen: Mapping[str, Any], uses: Mapping[str, str]) -> Dropped:
    """The file with everything that was seen and said, so that it is read again in the very same way."""
    shown, columns = seen["shown"], seen["columns"]
    by_name = "subgroup" in uses.values() or shown["size"] == 1
    together = len(shown["columns"]) > 1
    said = {
        **seen["said"],
        "layout": seen["layout"],
        "roles": {column["name"]: column["role"] for column in columns},
        "units": {column["name"]: column["unit"] for column in columns if column["unit"]},
        "decimal": {column["name"]: column["decimal"] for column in columns if column["decimal"]},
    }
    counted = {column["name"]: column["count"] for column in seen["total"]["columns"]}
    return Dropped(
        name=file.name,
        content=file.path.read_bytes(),
        reading={
            "corrections": said | ({"sheet": seen["sheet"]} if seen["sheet"] else {}),
            "columns": shown["columns"],
            "uses": dict(uses),
            "zone": plant_zone(),
            "size": 0 if by_name else 1 if together else shown["size"],
        },
        readings=sum(counted.get(name, 0) for name in shown["columns"]),
        points=shown["points"],
    )


def brought(request: HttpRequest, identity: int) -> HttpResponse:
    """How far a file has come on its way to a chart with limits, and who must do what next."""
    found = progress_of(identity)
    if found is None:
        raise Http404
    readable(found.header.pk, who(request))
    data = _facts(found, who(request))
    return show(request, "brought.html", data, zone=found.header.site.zone)


def _facts(found: Progress, actor: Actor) -> dict[str, Any]:
    header = found.header
    record = characteristic(header.pk)
    chart = next(iter(monitoring.streams_of(header.pk)), None)
    view = None if chart is None else monitoring.chart_view(chart, last=1)
    held = people_with(APPROVERS, header.site_id)
    missing = [] if record.unit.strip() else ["unit"]
    if record.lsl is None and record.usl is None:
        missing.append("limit")
    made = made_with(header.pk)
    return {
        "made": [_made(item) for item in made],
        "waiting": [_made(item) for item in made if (item.type, item.state) in WAITING],
        "plan": next((asdict(item) for item in made if item.type == "control-plan"), None),
        "characteristic": {name: getattr(header, name) for name in ("id", "number", "title", "state")},
        "file": found.file,
        "readings": found.readings,
        "points": found.points,
        "needed": record.needed_subgroups,
        "released": found.released,
        "missing": missing,
        "checkers": sorted(name for person, name in held.items() if person != found.actor),
        "mine": found.actor == actor.id,
        "taken": None if found.taken is None else _fates(found.taken),
        "stream": chart,
        "limits": None if view is None else view.limits,
        "proposed": None if view is None else view.proposed,
    }


def _made(item: Made) -> dict[str, Any]:
    """A record as the page shows it: the words of its type and state, and of what somebody else must do."""
    kind = record_type(item.type)
    state = kind.lifecycle.state(item.state)
    return {
        "id": item.id,
        "type": item.type,
        "label": kind.label,
        "called": f"{item.number} {item.title}".strip(),
        "lines": list(item.lines),
        "state": state.label,
        "category": state.category,
        "asked": _(asked) if (asked := WAITING.get((item.type, item.state))) else "",
    }


def _fates(taken: Any) -> dict[str, Any]:
    names = ("accepted", "quarantined", "refused", "repeated", "fault")
    return {name: getattr(taken, name) for name in names} | {"at": from_microseconds(taken.at)}
