"""What every page shows: who is here, where one can go."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

import gemba
from gemba.quality.records.store import trouble
from gemba.server.web.menu import Menu
from gemba.stats.results import spoken


def plant(request: HttpRequest) -> dict[str, Any]:
    """The signed-in actor and the places that are open to him."""
    identity = getattr(request, "identity", None)
    actor = identity.actor if identity else None
    return {
        "actor": actor,
        "menu": Menu(actor),
        "path": request.path,
        "language": spoken(),
        "version": gemba.__version__,
        "zone": "UTC",
        "names": {},
        "store_trouble": trouble(),
    }
