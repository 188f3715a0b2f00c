"""From any requirement: whether it is covered, measured and met."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from gemba.quality.assurance.coverage.queries import coverage_of
from gemba.quality.assurance.coverage.rules import LEAST_PPK, RECENT_DAYS
from gemba.quality.planning.requirements.lifecycle import IN_FORCE
from gemba.quality.planning.requirements.record import REQUIREMENT
from gemba.quality.records.reading import visible
from gemba.server.clock import now
from gemba.server.web.page import show, who
from gemba.server.web.whole import whole

PAGE_REQUIREMENTS = 50


def coverage(request: HttpRequest) -> HttpResponse:
    """Every requirement in force that the reader may see, with what is missing, by number of the record."""
    rows = visible(REQUIREMENT, who(request)).filter(header__state__in=IN_FORCE).order_by("pk")
    after = whole(request.GET.get("after", ""))
    if after is not None:
        rows = rows.filter(pk__gt=after)
    found = list(rows[: PAGE_REQUIREMENTS + 1])
    shown = found[:PAGE_REQUIREMENTS]
    judged = coverage_of({row.pk: row.header.site_id for row in shown}, now())
    listed = [_row(record) | judged[record.pk].as_data() for record in shown]
    counts = {name: sum(row[name] for row in listed) for name in ("covered", "measured", "met")}
    data: dict[str, Any] = {
        "requirements": listed,
        "counts": {"requirements": len(listed), **counts},
        "after": str(shown[-1].pk) if len(found) > PAGE_REQUIREMENTS else None,
    }
    return show(request, "coverage.html", data, days=RECENT_DAYS, least=LEAST_PPK)


def _row(record: Any) -> dict[str, Any]:
    header = record.header
    return {
        "id": header.id,
        "number": header.number,
        "title": header.title,
        "state": header.state,
        "site": header.site_id,
        "customer": record.customer,
        "severity": record.severity,
    }
