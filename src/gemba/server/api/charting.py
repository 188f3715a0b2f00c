"""What a person decides about a live chart, by the API: limits are proposed, a subgroup is closed early."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.params.functions import Path
from pydantic import AwareDatetime, Field

from gemba.quality.control.monitoring.limit_sets import points_between
from gemba.quality.control.monitoring.services import close_subgroup, propose_limits
from gemba.quality.records import edge
from gemba.server.api import schemas
from gemba.server.api.answers import answer, once
from gemba.server.api.records import PROBLEMS
from gemba.server.clock import now
from gemba.server.web.page import who
from gemba.server.web.views.charts import visible

router = Router(tags=["Charts"])
Charted = Path(..., ge=1, le=2**63 - 1, description="The id of the stream, as in /charts.json.")


class LimitsIn(schemas.Closed):
    """On which points the limits shall stand: the present stage, the points between two, or those since."""

    why: str = Field("", max_length=1000)
    first: str = Field("", max_length=60, description="Name of the first point, as in the chart's JSON.")
    last: str = Field("", max_length=60, description="Name of the last point.")
    since: AwareDatetime | None = None
    excluded: dict[str, str] = Field({}, description="Points to leave out, each with its assignable cause.")


class SubgroupIn(schemas.Closed):
    """Which subgroup is closed early, and why."""

    subgroup: str = Field(max_length=80)
    reason: str = Field(max_length=1000)


@router.post(
    "/charts/{stream}/limits",
    url_name="chart_limits",
    operation_id="propose_limits",
    response={201: schemas.Made, **PROBLEMS},
)
def propose(request: HttpRequest, body: LimitsIn, stream: int = Charted) -> HttpResponse:
    """Propose limits from points of the chart; an approver puts them in force."""

    def work() -> HttpResponse:
        row, _header = visible(stream, who(request))
        with edge.attempting("chart:propose", actor=who(request), now=now()):
            between = points_between(body.first, body.last)
            about: dict[str, Any] = {"between": between, "since": body.since, "holds_from": body.since}
            about["excluded"] = body.excluded
            made = propose_limits(stream=row.pk, why=body.why, actor=who(request), now=now(), **about)
        return answer({"id": made.header.id}, status=201)

    return once(request, work)


@router.post(
    "/charts/{stream}/close-subgroup",
    url_name="chart_close",
    operation_id="close_subgroup",
    response={200: schemas.Made, **PROBLEMS},
)
def close(request: HttpRequest, body: SubgroupIn, stream: int = Charted) -> HttpResponse:
    """Judge a subgroup with the readings it has."""

    def work() -> HttpResponse:
        row, _header = visible(stream, who(request))
        about: dict[str, Any] = {"subgroup": body.subgroup, "reason": body.reason}
        with edge.attempting("chart:close", actor=who(request), now=now()):
            close_subgroup(stream=row.pk, actor=who(request), now=now(), **about)
        return answer({"id": row.pk})

    return once(request, work)
