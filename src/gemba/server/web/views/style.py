"""The living style page: every piece that pages are made of."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from gemba.server.web.icons import ICONS
from gemba.server.web.page import show

TOKENS = (
    ("ground", "where one writes"),
    ("sunken", "behind the cards"),
    ("ink", "text"),
    ("muted", "less important text"),
    ("line", "borders"),
    ("accent", "links, the next step"),
    ("good", "in control, done"),
    ("warn", "to be looked at"),
    ("bad", "out of control, refused"),
    ("run", "a run of points"),
)
CATEGORIES = ("draft", "open", "approved", "effective", "closed", "void", "failed")


def style(request: HttpRequest) -> HttpResponse:
    """Colours, icons, states, tables, forms, notes: one of each."""
    return show(request, "style.html", {"icons": sorted(ICONS)}, tokens=TOKENS, categories=CATEGORIES)
