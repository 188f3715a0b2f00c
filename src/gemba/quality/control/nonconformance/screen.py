"""How a nonconformance is listed, filtered, shown, made, amended and moved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gemba.quality.control.nonconformance import services
from gemba.quality.control.nonconformance.inputs import (
    Containment,
    CorrectiveAnswer,
    Disposition,
    Execution,
    LineInput,
    NonconformanceInput,
    Opinion,
    Overturned,
)
from gemba.quality.control.nonconformance.models import Nonconformance
from gemba.quality.control.nonconformance.record import NONCONFORMANCE
from gemba.quality.records.actions import Action, Asked
from gemba.quality.records.editing import known_row
from gemba.quality.records.screen import ChildTable, Column, Filter, Screen, Section
from gemba.stats.results import N_


def _open(asked: Asked) -> Nonconformance:
    if asked.site is None:
        raise ValueError("a nonconformance is opened at a site")
    return services.open_nonconformance(site=asked.site, given=asked.given, actor=asked.actor, now=asked.now)


def _amend(asked: Asked) -> Nonconformance:
    return services.amend(
        nonconformance=asked.record,
        given=asked.given,
        reason=asked.reason,
        expected_version=asked.expected_version,
        actor=asked.actor,
        now=asked.now,
    )


def _move(
    service: Callable[..., Nonconformance],
    *names: str,
    whole: bool = False,
    signed: bool = False,
) -> Callable[[Asked], Nonconformance]:
    """A service as a move calls it: with the whole input or fields of it, and a proof where it is signed."""

    def move(asked: Asked) -> Nonconformance:
        more = {name: getattr(asked.given, name) for name in names}
        more |= {"given": asked.given} if whole else {}
        more |= {"proof": asked.proof} if signed else {}
        return service(
            nonconformance=asked.record,
            reason=asked.reason,
            actor=asked.actor,
            now=asked.now,
            expected_version=asked.expected_version,
            **more,
        )

    return move


def _proposed(record: Nonconformance) -> Mapping[str, Any]:
    """The lines that are only proposed: a form begins with them, never with what was carried out."""
    rows = record.lines.filter(state="pending").order_by("number")
    return {"lines": tuple(LineInput(**known_row(row, LineInput)) for row in rows)}


SCREEN = Screen(
    kind=NONCONFORMANCE,
    columns=(
        Column("number"),
        Column("title"),
        Column("state"),
        Column("severity"),
        Column("item"),
        Column("lot"),
        Column("quantity_nonconforming", N_("Nonconforming")),
        Column("found_at", N_("Found")),
        Column("site"),
    ),
    filters=(
        Filter("state"),
        Filter("category"),
        Filter("site"),
        Filter("severity"),
        Filter("origin"),
        Filter("item"),
        Filter("lot"),
        Filter("characteristic"),
        Filter("found_at"),
    ),
    sections=(
        Section(
            N_("What was found"),
            ("title", "required", "found", "characteristic", "severity", "defect_code", "detection_point",
             "place", "found_at", "found_by"),
        ),
        Section(N_("Which product"), ("item", "item_revision", "lot", "serials", "origin", "party")),
        Section(
            N_("How much"),
            ("quantity_inspected", "quantity_nonconforming", "quantity_suspect", "unit"),
        ),
        Section(
            N_("Suspect since the last good check"),
            ("last_good_at", "suspect_readings", "suspect_after", "suspect_last"),
        ),
        Section(
            N_("Cause and customer"),
            ("cause_summary", "escape_point", "customer_decides", "customer_informed"),
        ),
        Section(
            N_("Corrective action needed?"), ("corrective", "corrective_ground", "corrective_reason")
        ),
    ),
    children=(
        ChildTable(
            "locations",
            N_("Where it may be"),
            ("location", "answer", "quantity", "words", "answered_by", "answered_at"),
        ),
        ChildTable("reviews", N_("Review"), ("cycle", "function", "person", "opinion", "reviewed_at")),
        ChildTable(
            "lines",
            N_("Disposition"),
            ("number", "quantity", "decision", "reason", "instruction", "authority", "state",
             "done_quantity", "done_by", "done_at", "evidence", "reinspection", "cost", "currency"),
        ),
    ),
    search=("required", "found", "item", "lot", "serials", "defect_code", "party", "cause_summary"),
    help="records/nonconformance",
    create=Action(NonconformanceInput, _open),
    edit=Action(NonconformanceInput, _amend),
    moves={
        "report": Action(service=_move(services.report)),
        "answer_location": Action(Containment, _move(services.answer_location, "locations")),
        "contain": Action(Containment, _move(services.contain, "locations")),
        "review": Action(Opinion, _move(services.review, whole=True)),
        "propose": Action(Disposition, _move(services.propose_disposition, "lines"), _proposed),
        "decide": Action(Disposition, _move(services.decide_disposition, "lines"), _proposed),
        "execute": Action(Execution, _move(services.execute_line, whole=True)),
        "verify": Action(service=_move(services.verify)),
        "answer_corrective": Action(CorrectiveAnswer, _move(services.answer_corrective, whole=True)),
        "close": Action(service=_move(services.close, signed=True)),
        "review_again": Action(Overturned, _move(services.review_again, "overturned")),
        "reopen": Action(Overturned, _move(services.reopen, "overturned")),
        "void": Action(service=_move(services.void)),
    },
)  # fmt: skip
