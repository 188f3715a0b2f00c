"""The menu of a page as HTML: drawn here and not in the template, for every page shows all of it twice."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from gemba.quality.records.actor import Actor
from gemba.server.access import ACCESS, allows
from gemba.server.web.icons import drawn
from gemba.server.web.places import PLACES, Place

_LINE = '<li{}><a href="{}" data-key="{}"{}>{}{}</a></li>\n    '
_KEY = "<dt><kbd>g</kbd> <kbd>{}</kbd></dt><dd>{}</dd>"
_ENDS, _HERE, _NO = SafeString(' class="ends"'), SafeString(' aria-current="page"'), SafeString("")


def open_to(actor: Actor | None) -> list[Place]:
    """The places that somebody may go to."""
    if actor is None:
        return []
    return [place for place in PLACES if allows(ACCESS[place.route].read or (), actor)]


def lines_of(places: Iterable[Place], path: str) -> SafeString:
    """Each place as a line of the menu; that of the page at this path is marked."""
    listed = list(places)
    return format_html_join(
        "",
        _LINE,
        (
            (
                _ENDS if place.ends_group and place is not listed[-1] else _NO,
                place.address,
                place.key,
                _HERE if _leads_to(place.address, path) else _NO,
                drawn(place.icon),
                _(place.label),
            )
            for place in listed
        ),
    )


def keys_of(places: Iterable[Place]) -> SafeString:
    """Which keys go to each place."""
    return format_html_join("", _KEY, ((place.key, _(place.label)) for place in places))


def _leads_to(address: str, path: str) -> bool:
    return address == path or (address != "/" and address in path)
