"""What a person adds to a record beside its fields: links, remarks, files."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from gemba.quality.records import edge
from gemba.quality.records.attachments import hand_out, keep_attachment
from gemba.quality.records.linking import end_record_link, link_records
from gemba.quality.records.models import Header
from gemba.quality.records.reading import readable
from gemba.quality.records.reasons import Reason, Refused
from gemba.quality.records.remarks import add_remark
from gemba.server.clock import now
from gemba.server.web.page import done, who
from gemba.server.web.views.objects import wanted
from gemba.server.web.whole import whole
from gemba.stats.results import N_


def add(request: HttpRequest, type_name: str, reference: str) -> HttpResponse:
    """Add to a record what was typed."""
    kind, row = readable(wanted(reference), who(request))
    header: Header = row.header  # type: ignore[attr-defined]
    if kind.name != type_name:
        raise Http404
    actor, what = who(request), request.POST.get("what", "")
    with edge.attempting(f"add:{what}", actor=actor, now=now(), header=header.id):
        if not actor.has_any(kind.working_roles, header.site_id):
            raise Refused([Reason("records.no_right", {"site": header.site_id})])
        if what not in ADDITIONS:
            raise Refused([Reason("records.field_missing", {"field": "what"})])
        ADDITIONS[what](request, header)
    return done(request, reverse("record", args=[type_name, header.id]), _(SAID.get(what, N_("Added."))))


def _link(request: HttpRequest, header: Header) -> None:
    typed = request.POST
    link_records(
        header=header.id,
        relation=typed.get("relation", ""),
        target=wanted(typed.get("target", "").strip().upper()),
        why=typed.get("why", ""),
        actor=who(request),
        now=now(),
    )


def _link_end(request: HttpRequest, header: Header) -> None:
    link, why = whole(request.POST.get("link", "")) or 0, request.POST.get("why", "")
    end_record_link(header=header.id, link=link, why=why, actor=who(request), now=now())


def _remark(request: HttpRequest, header: Header) -> None:
    add_remark(header=header.id, text=request.POST.get("text", ""), actor=who(request), now=now())


def _attachment(request: HttpRequest, header: Header) -> None:
    given = request.FILES.get("file")
    if not isinstance(given, UploadedFile):
        raise Refused([Reason("records.field_missing", {"field": "file"})])
    keep_attachment(
        header=header.id,
        name=given.name or "file",
        content=given.read(),
        folder=settings.DATA,
        note=request.POST.get("note", ""),
        actor=who(request),
        now=now(),
    )


ADDITIONS: Mapping[str, Callable[[HttpRequest, Header], None]] = {
    "link": _link,
    "link_end": _link_end,
    "remark": _remark,
    "attachment": _attachment,
}


SAID: Mapping[str, str] = {"link": N_("The records are linked."), "link_end": N_("The link has ended.")}


def file(request: HttpRequest, identity: int) -> HttpResponse:
    """A file of a record, always to be saved, never to be shown in our own pages."""
    found = hand_out(identity, folder=settings.DATA, actor=who(request))
    answer = HttpResponse(found.content)
    for name, text in found.headers.items():
        answer[name] = text
    return answer
