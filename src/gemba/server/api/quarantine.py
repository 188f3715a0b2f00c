"""Readings that could not be taken, by the API: why each waits, and what a person decides."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.params.functions import Path, Query
from pydantic import AwareDatetime, Field

from gemba.quality import loop
from gemba.quality.records import edge
from gemba.server.api import schemas
from gemba.server.api.answers import answer, guarded, once
from gemba.server.api.records import PROBLEMS
from gemba.server.clock import now
from gemba.server.web.page import who
from gemba.server.web.views.quarantine import mended_reading, waiting_page

router = Router(tags=["Quarantine"])
Held = Path(..., ge=1, le=2**63 - 1, description="The id of the reading in quarantine.")
Text = str | None


class MendIn(schemas.Closed):
    """What is set right before the reading is taken; what is not given stays as it came."""

    reason: str = Field(max_length=1000)
    characteristic: Text = Field(None, max_length=80)
    text: Text = Field(None, max_length=60)
    unit: Text = Field(None, max_length=20)
    operator: Text = Field(None, max_length=80)
    gauge: Text = Field(None, max_length=80)
    lot: Text = Field(None, max_length=80)
    serial: Text = Field(None, max_length=80)
    subgroup: Text = Field(None, max_length=80)
    note: Text = Field(None, max_length=1000)
    stream: dict[str, str] | None = None
    measured_at: AwareDatetime | None = None
    confirmed: bool | None = None


class DiscardIn(schemas.Closed):
    """Why the reading is never taken."""

    reason: str = Field(max_length=1000)


@router.get(
    "/quarantine",
    url_name="quarantine",
    operation_id="list_quarantine",
    response={200: dict[str, Any], **PROBLEMS},
)
def waiting(request: HttpRequest, after: int = Query(0, ge=0, le=2**63 - 1)) -> HttpResponse:
    """What waits at one's sites, oldest first, with every reason; ``after`` is the mark of the next page."""
    return guarded(request, lambda: answer(waiting_page(who(request), after=after)))


@router.post(
    "/quarantine/{identity}/release",
    url_name="quarantine_release",
    operation_id="release_quarantined",
    response={200: dict[str, Any], **PROBLEMS},
)
def release(request: HttpRequest, body: MendIn, identity: int = Held) -> HttpResponse:
    """Take the reading, mended or as it came; it is judged like any other."""

    def work() -> HttpResponse:
        actor = who(request)
        changes = {name: value for name, value in body.dict(exclude={"reason"}).items() if value is not None}
        with edge.attempting("quarantine", actor=actor, now=now()):
            mended = mended_reading(identity, changes)
            about: dict[str, Any] = {"mended": mended, "reason": body.reason, "actor": actor, "now": now()}
            loop.release_quarantined(quarantined=identity, **about)
        return answer({"id": identity, "decided": "released"})

    return once(request, work)


@router.post(
    "/quarantine/{identity}/discard",
    url_name="quarantine_discard",
    operation_id="discard_quarantined",
    response={200: dict[str, Any], **PROBLEMS},
)
def discard(request: HttpRequest, body: DiscardIn, identity: int = Held) -> HttpResponse:
    """Never take the reading; it stays readable with the reason."""

    def work() -> HttpResponse:
        actor = who(request)
        with edge.attempting("quarantine", actor=actor, now=now()):
            loop.discard_quarantined(quarantined=identity, reason=body.reason, actor=actor, now=now())
        return answer({"id": identity, "decided": "discarded"})

    return once(request, work)
