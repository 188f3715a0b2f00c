"""Documents on paper, handed out as files to save."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from gemba.quality.control.collecting.models import Stream
from gemba.quality.records.models import Header
from gemba.quality.records.reading import readable
from gemba.quality.records.reasons import Refused, in_words
from gemba.server.clock import now
from gemba.server.reports.capability import asked_of, print_capability
from gemba.server.reports.record import print_record
from gemba.server.reports.study import studied
from gemba.server.web.page import show, who
from gemba.server.web.views.objects import wanted
from gemba.stats.results import StatsError, spoken


def record_print(request: HttpRequest, type_name: str, reference: str) -> HttpResponse:
    """One record as PDF."""
    kind, row = readable(wanted(reference), who(request))
    header: Header = row.header  # type: ignore[attr-defined]
    if kind.name != type_name:
        return HttpResponseRedirect(reverse("record_print", args=[kind.name, header.id]))
    return paper(*print_record(header.id, actor=who(request), now=now(), language=spoken()))


def chart_capability(request: HttpRequest, stream: int) -> HttpResponse:
    """The capability of one chart on one page, as PDF."""
    return paper(*print_capability(_there(stream), actor=who(request), now=now(), language=spoken()))


def chart_capability_drawn(request: HttpRequest, stream: int) -> HttpResponse:
    """The same page as SVG, for a screen or a document."""
    name, content = print_capability(
        _there(stream), actor=who(request), now=now(), language=spoken(), form="svg"
    )
    answer = HttpResponse(content, content_type="image/svg+xml")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def chart_capability_page(request: HttpRequest, stream: int) -> HttpResponse:
    """The same page in the plant, with what it says in words, and ways to save it."""
    row = Stream.objects.select_related("characteristic").filter(pk=stream).first()
    if row is None:
        raise Http404
    told = {"number": row.characteristic.number, "title": row.characteristic.title, "key": row.key}
    said, why = _said(stream, request)
    return show(request, "capability.html", {"stream": stream, "about": told, "said": said, "why": why})


def _said(stream: int, request: HttpRequest) -> tuple[list[str], str]:
    """The verdict and the remarks of the study, or why there is none."""
    try:
        study = studied(asked_of(stream, actor=who(request), now=now(), language=spoken()))
    except StatsError as error:
        return [], str(error)
    except Refused as refused:
        if any(reason.code != "print.no_study" for reason in refused.reasons):
            raise
        return [], " ".join(map(in_words, refused.reasons))
    return [study.headline(spoken()), *study.warnings(spoken())], ""


def _there(stream: int) -> int:
    if not Stream.objects.filter(pk=stream).exists():
        raise Http404
    return stream


def paper(name: str, content: bytes) -> HttpResponse:
    """A PDF to be saved."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
