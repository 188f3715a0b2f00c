"""The menu of a page as HTML: drawn here and not in the template, for every page shows all of it twice."""

from __future__ import annotations

from functools import cached_property

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from gemba.quality.records.actor import Actor
from gemba.server.access import ACCESS, allows
from gemba.server.web.icons import drawn
from gemba.server.web.places import PLACES, Place


class Menu:
    """The places that somebody may go to, looked up when a page draws them."""

    def __init__(self, actor: Actor | None) -> None:
        self.actor = actor

    @cached_property
    def entries(self) -> list[tuple[Place, str]]:
        """Each place with its word as HTML."""
        actor = self.actor
        if actor is None:
            return []
        open_ones = [place for place in PLACES if allows(ACCESS[place.route].read or (), actor)]
        return [(place, escape(_(place.label))) for place in open_ones]

    def lines(self, path: str) -> SafeString:
        """Each place as a line of the menu; that of the page at this path is marked."""
        last = self.entries[-1][0] if self.entries else None
        return SafeString("".join(_line(place, word, path, last) for place, word in self.entries))

    def keys(self) -> SafeString:
        """Which keys go to each place."""
        return SafeString(
            "".join(
                f"<dt><kbd>g</kbd> <kbd>{place.key}</kbd></dt><dd>{word}</dd>" for place, word in self.entries
            )
        )


def _line(place: Place, word: str, path: str, last: Place | None) -> str:
    address = place.address
    ends = ' class="ends"' if place.ends_group and place is not last else ""
    here = address == path or (address != "/" and address in path)
    current = ' aria-current="page"' if here else ""
    link = f'<a href="{address}" data-key="{place.key}"{current}>{drawn(place.icon)}{word}</a>'
    return f"<li{ends}>{link}</li>\n    "
