"""What a person adds to a record beside its fields: links, remarks, files."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from gemba.quality.records import edge
from gemba.quality.records.links import add_link
from gemba.quality.records.models import Header
from gemba.quality.records.reading import readable
from gemba.quality.records.reasons import Reason, Refused
from gemba.quality.records.work import recording
from gemba.server.clock import now
from gemba.server.web.page import done, who
from gemba.server.web.views.objects import wanted


def add(request: HttpRequest, type_name: str, reference: str) -> HttpResponse:
    """Add to a record what was typed."""
    kind, row = readable(wanted(reference), who(request))
    header: Header = row.header  # type: ignore[attr-defined]
    if kind.name != type_name:
        raise Http404
    actor, what = who(request), request.POST.get("what")
    with edge.attempting(f"add:{what}", actor=actor, now=now(), header=header.id):
        if not actor.has_any(kind.working_roles, header.site_id):
            raise Refused([Reason("records.no_right", {"site": header.site_id})])
        if what != "link":
            raise Refused([Reason("records.field_missing", {"field": "what"})])
        _link(request, header)
    return done(request, reverse("record", args=[type_name, header.id]), "Added.")


def _link(request: HttpRequest, header: Header) -> None:
    actor, typed = who(request), request.POST
    _, target = readable(wanted(typed.get("target", "").strip().upper()), actor)
    other: Header = target.header  # type: ignore[attr-defined]
    with recording(actor=actor, now=now()) as work:
        add_link(work, header.id, typed.get("relation", ""), other.id, why=typed.get("why", ""))
        work.enter("link", header=header.id, reason=typed.get("why", ""), detail={"target": other.number})


def file(request: HttpRequest, identity: str) -> HttpResponse:
    """A file of a record."""
    raise Http404
