"""The manual: what each kind of record is, how to do what, why it is so; and its pictures."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from gemba.server import manual
from gemba.server.web.page import show

FIRST = "start/index"


def manual_page(request: HttpRequest, page: str = FIRST) -> HttpResponse:
    """A page of the manual, with all that stand in its room."""
    address = reverse("manual_index") + "/"
    try:
        found = manual.page(page, address)
    except LookupError:
        raise Http404 from None
    rooms = [(room, manual.title_of(pages[0])) for room, pages in manual.names().items()]
    beside = [(other, manual.title_of(other)) for other in manual.names()[found.room]]
    told = {"name": page, "title": found.title}
    return show(request, "manual.html", told, found=found, rooms=rooms, beside=beside, path="/help")


def manual_picture(_request: HttpRequest, picture: str) -> HttpResponse:
    """A picture that a page shows."""
    file = manual.folder() / "pictures" / f"{picture}.webp"
    if not file.is_file():
        raise Http404
    return HttpResponse(file.read_bytes(), content_type="image/webp")
