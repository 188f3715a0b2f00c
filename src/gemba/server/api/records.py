"""The operations of every record type, made from its screen."""

import logging
from dataclasses import asdict
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from ninja.params.functions import Body, Path, Query
from pydantic import create_model

from gemba.quality.records import edge
from gemba.quality.records.reading import readable
from gemba.quality.records.reasons import Reason as Why
from gemba.quality.records.reasons import Refused
from gemba.quality.records.screen import FormField, Screen, form_of
from gemba.quality.records.screen.objects import object_page
from gemba.quality.records.signatures import Proof
from gemba.server.api import schemas
from gemba.server.api.answers import answer, given_version, guarded, header_of, once
from gemba.server.clock import now
from gemba.server.web.moments import read_local
from gemba.server.web.page import who
from gemba.server.web.views import lists, objects
from gemba.stats.results import translator

_log = logging.getLogger("gemba.api")
PROBLEMS: dict[Any, Any] = dict.fromkeys((400, 401, 403, 404, 405, 409, 412, 422, 428, 429, 500, 503))
"""What each operation may answer instead; the description says of all of them that it is a problem."""
Reference = Path(..., max_length=60, description="The id or the number of the record.")


def routes_of(screen: Screen) -> Router:
    """The router of one record type."""
    name = screen.kind.name
    router = Router(tags=[screen.kind.plural])
    _read_list(router, name)
    if screen.create is not None:
        _create(router, screen, screen.create.given)
    _read_object(router, name)
    if screen.edit is not None:
        _change(router, screen, screen.edit.given)
    for move in screen.kind.lifecycle.moves:
        given = screen.moves[move.name].given if move.name in screen.moves else None
        form = () if given is None else form_of(screen.kind, given, translator(None))
        _move(router, name, move.name, form)
    return router


def _read_list(router: Router, name: str) -> None:
    @router.get(
        "",
        url_name="records",
        operation_id=f"list_{name}",
        response={200: schemas.ListOut | schemas.PastListOut, **PROBLEMS},
        summary="List; filters, sort, limit and after as on the page; as_of shows a past moment",
    )
    def read(
        request: HttpRequest,
        q: str = "",
        sort: str = "",
        limit: int = Query(50, ge=1, le=500),
        after: str = "",
        as_of: str = "",
        clock: Literal["recorded", "effective"] = "recorded",
    ) -> HttpResponse:
        del q, sort, limit, after, as_of, clock  # described here; the list itself reads the whole address
        request.path = f"{request.path}.json"
        return guarded(request, lambda: lists.record_list(request, name))


def _read_object(router: Router, name: str) -> None:
    @router.get(
        "/{reference}",
        url_name="record",
        operation_id=f"get_{name}",
        response={200: schemas.ObjectOut | schemas.PastOut, **PROBLEMS},
        summary="One record; as_of or version shows it as it was",
    )
    def read(
        request: HttpRequest,
        reference: str = Reference,
        as_of: str = "",
        clock: Literal["recorded", "effective"] = "recorded",
        version: int | None = Query(None, ge=1, le=10**8),
    ) -> HttpResponse:
        del as_of, clock, version
        request.path = f"{request.path}.json"
        return guarded(request, lambda: _object(request, name, reference))


def _object(request: HttpRequest, name: str, reference: str) -> HttpResponse:
    made = objects.record(request, name, reference)
    if made.status_code in (302, 404):
        raise Refused([Why("records.unknown", {"record": reference})])
    if not request.GET.get("as_of") and not request.GET.get("version"):
        _, record = readable(objects.wanted(reference), who(request))
        made["ETag"] = f'"{header_of(record).version}"'
    return made


def _create(router: Router, screen: Screen, given: type[Any]) -> None:
    name = screen.kind.name
    form = form_of(screen.kind, given, translator(None))
    fields = schemas.body_of(f"{schemas.title(name)}In", form, optional=False)

    body_type: Any = create_model(
        f"Create{schemas.title(name)}",
        __base__=schemas.Closed,
        site=(str, ...),
        fields=(fields, ...),
        own=(schemas.Own, None),
    )

    @router.post(
        "",
        url_name="records",
        operation_id=f"create_{name}",
        response={201: schemas.ObjectOut | schemas.Made, **PROBLEMS},
    )
    def create(request: HttpRequest, body: body_type) -> HttpResponse:
        def work() -> HttpResponse:
            typed = _sent(body.fields)
            made = edge.create(name, site=body.site, typed=typed, own=body.own, actor=who(request), now=now())
            return _shown(request, header_of(made).id, 201)

        return once(request, work)


def _change(router: Router, screen: Screen, given: type[Any]) -> None:
    name = screen.kind.name
    form = form_of(screen.kind, given, translator(None))
    fields = schemas.body_of(f"{schemas.title(name)}Change", form, optional=True)

    body_type: Any = create_model(
        f"Change{schemas.title(name)}",
        __base__=schemas.Closed,
        fields=(fields, ...),
        own=(schemas.Own, None),
        reason=(str, ""),
    )

    @router.patch(
        "/{reference}",
        url_name="record",
        operation_id=f"change_{name}",
        response={200: schemas.ObjectOut | schemas.Made, **PROBLEMS},
        summary="Change fields; needs If-Match, and answers 412 with both versions when somebody was faster",
    )
    def change(request: HttpRequest, body: body_type, reference: str = Reference) -> HttpResponse:
        def work() -> HttpResponse:
            version = given_version(request, needed=True)
            header = _header(request, name, reference, "edit")
            edge.edit(
                header,
                typed=_sent(body.fields),
                own=body.own,
                expected_version=version or 0,
                reason=body.reason,
                actor=who(request),
                now=now(),
            )
            return _shown(request, header)

        return guarded(request, work)


def _move(router: Router, name: str, move: str, form: tuple[FormField, ...]) -> None:
    fields: Any = schemas.body_of(f"{schemas.title(name)}{schemas.title(move)}In", form, optional=False)
    needed = any(field.required for field in form)

    body_type: Any = create_model(
        f"Move{schemas.title(name)}{schemas.title(move)}",
        __base__=schemas.Closed,
        reason=(str, ""),
        fields=(fields | None, None),
        own=(schemas.Own, None),
        effective_from=(str | None, None),
        signature=(schemas.SignatureIn | None, None),
    )

    @router.post(
        f"/{{reference}}/moves/{move}",
        url_name="record_move",
        operation_id=f"{move}_{name}",
        response={200: schemas.ObjectOut | schemas.Made, **PROBLEMS},
        summary="Take this step; 409 lists every reason against it" + (" (has fields)" if needed else ""),
    )
    def take(request: HttpRequest, body: body_type = Body(None), reference: str = Reference) -> HttpResponse:  # noqa: B008 (ninja's form)
        def work() -> HttpResponse:
            header = _header(request, name, reference, f"move:{move}")
            given = body or body_type()
            moment = read_local(given.effective_from, "UTC") if given.effective_from else None
            edge.take_move(
                header,
                move,
                typed=_sent(given.fields),
                own=given.own,
                reason=given.reason,
                expected_version=given_version(request, needed=False),
                effective_from=moment,
                proof=_proof(request, given.signature),
                actor=who(request),
                now=now(),
            )
            return _shown(request, header)

        return once(request, work)


def _proof(request: HttpRequest, given: schemas.SignatureIn | None) -> Proof | None:
    session = request.identity.session  # type: ignore[attr-defined]
    return None if given is None else Proof(given.secret, given.identifier, session)


def _header(request: HttpRequest, name: str, reference: str, action: str) -> int:
    wanted = objects.wanted(reference)
    kind, record = edge.meant(wanted, action=action, actor=who(request), now=now())
    if kind.name != name:
        raise Refused([Why("records.unknown", {"record": reference})])
    return header_of(record).id


def _sent(fields: Schema | None) -> dict[str, Any]:
    return {} if fields is None else fields.dict(exclude_unset=True)


def _shown(request: HttpRequest, header: int, status: int = 200) -> HttpResponse:
    """The record after the deed; the deed is durable by now, and is said also when it cannot be shown."""
    try:
        page = object_page(header, actor=who(request), now=now())
    except Exception:
        _log.exception("record %s was changed and cannot be shown", header)
        return answer({"id": header}, status=status)
    version = next(item.value for item in page.header.fields if item.name == "version")
    return answer(asdict(page), status=status, version=version)
