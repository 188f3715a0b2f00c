"""What belongs to records of every type: links, tasks, search."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.files import UploadedFile
from ninja.params.functions import File, Path, Query

from gemba.quality.people.queries import refuse_unknown_assignee
from gemba.quality.records import edge
from gemba.quality.records.attachments import keep_attachment
from gemba.quality.records.linking import end_record_link, link_records
from gemba.quality.records.reading import readable
from gemba.quality.records.reasons import Reason, Refused
from gemba.quality.records.remarks import add_remark
from gemba.quality.records.tasks import complete_task, open_task
from gemba.quality.records.thread.walk import thread_of
from gemba.server.api import schemas
from gemba.server.api.answers import answer, guarded, header_of, once
from gemba.server.api.records import PROBLEMS, Reference
from gemba.server.clock import now
from gemba.server.reports.record import print_record
from gemba.server.web.belongings import belongings
from gemba.server.web.page import who
from gemba.server.web.views.additions import file as send_file
from gemba.server.web.views.objects import wanted
from gemba.server.web.views.printing import paper
from gemba.server.web.views.thread import told
from gemba.server.web.views.trail import found_records
from gemba.server.web.views.work import my_tasks

router = Router(tags=["Beside records"])
ANY_FILE = {
    "description": "The file, to be saved",
    "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
}

A_PAPER = {
    "description": "The document, to be saved",
    "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
}


@router.post(
    "/records/{reference}/links",
    url_name="links",
    operation_id="link_records",
    response={201: schemas.Made, **PROBLEMS},
)
def link(request: HttpRequest, body: schemas.LinkIn, reference: str = Reference) -> HttpResponse:
    """Link two records; the same live link is not made twice."""

    def work() -> HttpResponse:
        actor = who(request)
        header = header_of(readable(wanted(reference), actor)[1]).id
        with edge.attempting("link", actor=actor, now=now(), header=header):
            made = link_records(
                header=header,
                relation=body.relation,
                target=wanted(body.target),
                why=body.why,
                actor=actor,
                now=now(),
            )
        return answer({"id": made}, status=201)

    return once(request, work)


@router.post(
    "/records/{reference}/links/{identity}/end",
    url_name="link_end",
    operation_id="end_link",
    response={200: schemas.Made, **PROBLEMS},
)
def end(
    request: HttpRequest,
    body: schemas.LinkEndIn,
    reference: str = Reference,
    identity: int = Path(..., ge=1, lt=2**62),
) -> HttpResponse:
    """End a link of a record, with the reason; it stays readable in the trail of both."""

    def work() -> HttpResponse:
        actor = who(request)
        header = header_of(readable(wanted(reference), actor)[1]).id
        with edge.attempting("link.end", actor=actor, now=now(), header=header):
            end_record_link(header=header, link=identity, why=body.why, actor=actor, now=now())
        return answer({"id": identity})

    return once(request, work)


@router.get(
    "/records/{reference}/thread",
    url_name="record_thread",
    operation_id="get_thread",
    response={200: schemas.ThreadOut, **PROBLEMS},
)
def thread(request: HttpRequest, reference: str = Reference) -> HttpResponse:
    """What a record stands on and what came of it: cards, ties, and what is broken, stale or missing."""
    return guarded(request, lambda: answer(told(thread_of(wanted(reference), actor=who(request)))))


@router.get(
    "/records/{reference}/print",
    url_name="record_print",
    operation_id="print_record",
    response=PROBLEMS,
    openapi_extra={"responses": {200: A_PAPER}},
)
def printed(request: HttpRequest, reference: str = Reference) -> HttpResponse:
    """A record as PDF, with its version, digest and signatures."""
    return guarded(request, lambda: paper(*print_record(wanted(reference), actor=who(request), now=now())))


@router.post(
    "/records/{reference}/tasks",
    url_name="record_tasks",
    operation_id="open_task",
    response={201: schemas.Made, **PROBLEMS},
)
def ask(request: HttpRequest, body: schemas.TaskIn, reference: str = Reference) -> HttpResponse:
    """Put something about a record on somebody's list."""

    def work() -> HttpResponse:
        actor = who(request)
        kind, record = readable(wanted(reference), actor)
        header = header_of(record)
        with edge.attempting("task", actor=actor, now=now(), header=header.id):
            if not actor.has_any(kind.working_roles, header.site_id):
                raise Refused([Reason("records.no_right", {"site": header.site_id})])
            refuse_unknown_assignee(body.assignee)
            made = open_task(
                what="tasks.asked",
                values={"text": body.text},
                assignee=body.assignee,
                header=header,
                due_minutes=body.due_minutes,
                actor=actor,
                now=now(),
            )
        return answer({"id": made.pk}, status=201)

    return once(request, work)


@router.get(
    "/records/{reference}/remarks",
    url_name="remarks",
    operation_id="list_remarks",
    response={200: schemas.Belongings, **PROBLEMS},
)
def remarks(request: HttpRequest, reference: str = Reference) -> HttpResponse:
    """The remarks and files of a record."""

    def work() -> HttpResponse:
        _, record = readable(wanted(reference), who(request))
        return answer(belongings(header_of(record).id))

    return guarded(request, work)


@router.post(
    "/records/{reference}/remarks",
    url_name="remarks",
    operation_id="add_remark",
    response={201: schemas.Made, **PROBLEMS},
)
def remark(request: HttpRequest, body: schemas.RemarkIn, reference: str = Reference) -> HttpResponse:
    """Add a remark, also to a closed record."""

    def work() -> HttpResponse:
        _, record = readable(wanted(reference), who(request))
        with edge.attempting("remark", actor=who(request), now=now(), header=header_of(record).id):
            made = add_remark(header=header_of(record).id, text=body.text, actor=who(request), now=now())
        return answer({"id": made.pk}, status=201)

    return once(request, work)


@router.post(
    "/records/{reference}/attachments",
    url_name="attachments",
    operation_id="attach_file",
    response={201: schemas.Made, **PROBLEMS},
)
def attach(request: HttpRequest, file: UploadedFile = File(...), reference: str = Reference) -> HttpResponse:  # noqa: B008 (ninja's form)
    """Keep a file with a record; a hostile one is refused with the reason."""

    def work() -> HttpResponse:
        _, record = readable(wanted(reference), who(request))
        header = header_of(record).id
        with edge.attempting("attachment", actor=who(request), now=now(), header=header):
            made = keep_attachment(
                header=header,
                name=file.name or "file",
                content=file.read(),
                folder=settings.DATA,
                actor=who(request),
                now=now(),
            )
        return answer({"id": made.pk}, status=201)

    return guarded(request, work)


@router.get(
    "/attachments/{identity}",
    url_name="attachment",
    operation_id="get_attachment",
    response=PROBLEMS,
    openapi_extra={"responses": {200: ANY_FILE}},
)
def download(request: HttpRequest, identity: int = Path(..., ge=1, lt=2**62)) -> HttpResponse:
    """A file, proved to be the one that was kept."""
    return guarded(request, lambda: send_file(request, identity))


@router.get("/tasks", url_name="tasks", operation_id="list_tasks", response={200: schemas.Tasks, **PROBLEMS})
def tasks(request: HttpRequest) -> HttpResponse:
    """What is on my list."""
    return guarded(request, lambda: answer({"tasks": my_tasks(who(request))}))


@router.post(
    "/tasks/{identity}/done",
    url_name="task_done",
    operation_id="complete_task",
    response={200: schemas.Made, **PROBLEMS},
)
def done(
    request: HttpRequest, body: schemas.DoneIn, identity: int = Path(..., ge=1, lt=2**62)
) -> HttpResponse:
    """Say that a task was done."""

    def work() -> HttpResponse:
        with edge.attempting("task", actor=who(request), now=now()):
            row = complete_task(task=identity, evidence=body.evidence, actor=who(request), now=now())
        return answer({"id": row.pk})

    return once(request, work)


@router.get("/search", url_name="search", operation_id="search", response={200: schemas.Found, **PROBLEMS})
def search(request: HttpRequest, q: str = Query("", max_length=200)) -> HttpResponse:
    """Records that hold these words."""
    return guarded(request, lambda: answer({"words": q, "found": found_records(request, q) if q else []}))
