"""What every page of the demo shows beside what every plant shows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from gemba.demo.people import CAST
from gemba.demo.stories import thread_begins, told
from gemba.demo.web.lines import lines_of
from gemba.demo.web.playing import is_played, played
from gemba.demo.web.views import DAYS_AT_ONCE
from gemba.quality.people.models import Person
from gemba.server.access import QUALITY, allows


def demo(request: HttpRequest) -> dict[str, Any]:
    """The people whom one can be, who one is, and on the start page the stories and the lines."""
    identity = getattr(request, "identity", None)
    if not is_played() or identity is None:
        return {}
    username = Person.objects.filter(pk=identity.person).values_list("username", flat=True).first()
    shown: dict[str, Any] = {
        "people": list(CAST.values()),
        "me": CAST.get(username or ""),
        "days": DAYS_AT_ONCE,
    }
    if request.path == "/" and allows(QUALITY, identity.actor):
        living = played().living
        shown["stories"] = [item for item in told(living.mark, living.streams()) if _may_see(item, identity)]
        shown["lines"] = lines_of(identity.actor)
        begins = thread_begins()
        if begins is not None and identity.actor.has_any(QUALITY, begins.site_id):
            shown["thread"] = begins
    return {"demo": shown}


def _may_see(item: Any, identity: Any) -> bool:
    from gemba.demo.book import BY_CODE

    return bool(identity.actor.has_any(QUALITY, BY_CODE[item.story.code].site))
