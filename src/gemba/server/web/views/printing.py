"""Documents on paper, handed out as files to save."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from gemba.quality.control.collecting.models import Stream
from gemba.quality.records.models import Header
from gemba.quality.records.reading import readable
from gemba.server.clock import now
from gemba.server.reports.capability import print_capability
from gemba.server.reports.record import print_record
from gemba.server.web.page import who
from gemba.server.web.views.objects import wanted
from gemba.stats.results import spoken


def record_print(request: HttpRequest, type_name: str, reference: str) -> HttpResponse:
    """One record as PDF."""
    kind, row = readable(wanted(reference), who(request))
    header: Header = row.header  # type: ignore[attr-defined]
    if kind.name != type_name:
        return HttpResponseRedirect(reverse("record_print", args=[kind.name, header.id]))
    return paper(*print_record(header.id, actor=who(request), now=now(), language=spoken()))


def chart_capability(request: HttpRequest, stream: int) -> HttpResponse:
    """The capability of one chart as PDF."""
    if not Stream.objects.filter(pk=stream).exists():
        raise Http404
    return paper(*print_capability(stream, actor=who(request), now=now(), language=spoken()))


def paper(name: str, content: bytes) -> HttpResponse:
    """A PDF to be saved."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
