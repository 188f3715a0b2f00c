"""The picture of a corrective action: before, after, and the target."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from gemba.quality.improvement.capa import picture
from gemba.quality.improvement.capa.models import Capa
from gemba.quality.records.reading import readable
from gemba.server.web.page import show, who
from gemba.server.web.whole import whole

USUAL_ROOM = 830


def figure(request: HttpRequest, identity: int) -> HttpResponse:
    """As Vega-Lite with its words; ``theme`` and ``width`` as for a live chart."""
    _kind, record = readable(identity, who(request))
    if not isinstance(record, Capa):
        raise Http404
    room = whole(request.GET.get("width", ""), digits=5) or USUAL_ROOM
    drawn = picture.figure(record, room=room)
    if drawn is None:
        return show(request, "", {"spec": None, "alt": _("No criterion is fixed yet."), "title": ""})
    theme = request.GET.get("theme", "")
    spec = drawn.themed(theme if theme in ("light", "dark", "print") else "light")
    return show(request, "", {"spec": spec, "alt": drawn.alt, "title": drawn.title})
