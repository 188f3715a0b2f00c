"""How the plant is set up, by the API: its fields of its own, and when its sites work."""

from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router
from ninja.params.functions import Path
from pydantic import AwareDatetime, Field

from gemba.quality.people.worktime import Shift, add_closure, set_shifts
from gemba.quality.records import edge
from gemba.quality.records.models import Site
from gemba.quality.records.ownfields import define_own_field, every_definition, retire_own_field
from gemba.quality.records.reasons import Reason, Refused
from gemba.quality.records.types import RecordType, record_types
from gemba.server.api import schemas
from gemba.server.api.answers import answer, guarded, once
from gemba.server.api.records import PROBLEMS
from gemba.server.clock import now
from gemba.server.web.page import who
from gemba.server.web.views.settings import calendar_of

router = Router(tags=["Setting up"])
Code = Path(..., max_length=20, description="The code of the site.")


class FieldIn(schemas.Closed):
    """A field of one's own; ``site`` is null where it holds everywhere."""

    type: str = Field(max_length=40)
    key: str = Field(max_length=40)
    label: str = Field(max_length=80)
    kind: Literal["text", "number", "date", "choice", "yes_no"]
    site: str | None = Field(None, max_length=20)
    choices: list[str] = Field(default_factory=list, max_length=100)
    required_at: list[str] = Field(default_factory=list, max_length=40)


class RetireIn(schemas.Closed):
    """Which field is asked for no more, and why."""

    type: str = Field(max_length=40)
    key: str = Field(max_length=40)
    site: str | None = Field(None, max_length=20)
    reason: str = Field(max_length=1000)


class ShiftIn(schemas.Closed):
    """Working time of one weekday (0 is Monday), in minutes of the local day."""

    day: int = Field(ge=0, le=6)
    start: int = Field(ge=0, le=1440)
    end: int = Field(ge=0, le=1440)


class ShiftsIn(schemas.Closed):
    """All weekly shifts of a site; none where it works always."""

    shifts: list[ShiftIn] = Field(max_length=100)
    reason: str = Field("", max_length=1000)


class ClosureIn(schemas.Closed):
    """A time in which a site does not work."""

    name: str = Field(max_length=120)
    start: AwareDatetime
    end: AwareDatetime


@router.get(
    "/fields", url_name="fields", operation_id="list_fields", response={200: dict[str, Any], **PROBLEMS}
)
def fields(request: HttpRequest) -> HttpResponse:
    """The fields of one's own of every type, retired ones too."""
    return guarded(request, lambda: answer({"fields": _fields()}))


def _fields() -> list[dict[str, Any]]:
    return [asdict(item) for kind in record_types() for item in every_definition(kind.name)]


@router.post(
    "/fields", url_name="fields", operation_id="define_field", response={201: dict[str, Any], **PROBLEMS}
)
def define(request: HttpRequest, body: FieldIn) -> HttpResponse:
    """Add a field to a type of record, or define it anew."""

    def work() -> HttpResponse:
        actor = who(request)
        with edge.attempting("ownfield", actor=actor, now=now()):
            made = define_own_field(
                kind=_kind(body.type),
                key=body.key,
                label=body.label,
                what=body.kind,
                site=_site(body.site),
                choices=body.choices,
                required_at=body.required_at,
                actor=actor,
                now=now(),
            )
        return answer(asdict(made), status=201)

    return once(request, work)


@router.post(
    "/fields/retire",
    url_name="field_retire",
    operation_id="retire_field",
    response={200: dict[str, Any], **PROBLEMS},
)
def retire(request: HttpRequest, body: RetireIn) -> HttpResponse:
    """Ask for a field no more; what records hold stays readable."""

    def work() -> HttpResponse:
        actor = who(request)
        with edge.attempting("ownfield", actor=actor, now=now()):
            retire_own_field(
                kind=_kind(body.type),
                key=body.key,
                site=_site(body.site),
                reason=body.reason,
                actor=actor,
                now=now(),
            )
        return answer({"retired": body.key})

    return once(request, work)


@router.get(
    "/sites/{code}/calendar",
    url_name="calendar",
    operation_id="get_calendar",
    response={200: dict[str, Any], **PROBLEMS},
)
def calendar(request: HttpRequest, code: str = Code) -> HttpResponse:
    """The shifts and closures of a site."""
    return guarded(request, lambda: answer(calendar_of(_known_site(code))))


@router.post(
    "/sites/{code}/shifts",
    url_name="shifts",
    operation_id="set_shifts",
    response={200: dict[str, Any], **PROBLEMS},
)
def shifts(request: HttpRequest, body: ShiftsIn, code: str = Code) -> HttpResponse:
    """Say in which weekly shifts a site works; every due time is counted in them."""

    def work() -> HttpResponse:
        actor, site = who(request), _known_site(code)
        with edge.attempting("calendar", actor=actor, now=now()):
            wanted = [Shift(item.day, item.start, item.end) for item in body.shifts]
            set_shifts(site=site, shifts=wanted, reason=body.reason, actor=actor, now=now())
        return answer(calendar_of(site))

    return once(request, work)


@router.post(
    "/sites/{code}/closures",
    url_name="closures",
    operation_id="close_site",
    response={201: schemas.Made, **PROBLEMS},
)
def close(request: HttpRequest, body: ClosureIn, code: str = Code) -> HttpResponse:
    """Say that a site does not work for a time."""

    def work() -> HttpResponse:
        actor, site = who(request), _known_site(code)
        start, end = (_sane(moment) for moment in (body.start, body.end))
        with edge.attempting("calendar", actor=actor, now=now()):
            made = add_closure(site=site, name=body.name, start=start, end=end, actor=actor, now=now())
        return answer({"id": made.pk}, status=201)

    return once(request, work)


def _sane(moment: datetime) -> datetime:
    if not 1900 < moment.year < 9000:
        raise Refused([Reason("records.not_moment", {"field": "start"})])
    return moment


def _kind(name: str) -> RecordType:
    found = next((kind for kind in record_types() if kind.name == name), None)
    if found is None:
        known = ", ".join(kind.name for kind in record_types())
        raise Refused([Reason("records.not_choice", {"field": "type", "choices": known})])
    return found


def _site(code: str | None) -> Site | None:
    return None if code is None else _known_site(code)


def _known_site(code: str) -> Site:
    found = Site.objects.filter(pk=code).first()
    if found is None:
        raise Http404
    return found
