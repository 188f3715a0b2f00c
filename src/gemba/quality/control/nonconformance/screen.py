"""How a nonconformance is listed, filtered, shown, made, amended and moved."""

from __future__ import annotations

from collections.abc import Mapping
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
from gemba.quality.records.actions import Action, calling
from gemba.quality.records.editing import known_row
from gemba.quality.records.screen import ChildTable, Column, Filter, Screen, Section
from gemba.stats.results import N_


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
    create=Action(NonconformanceInput, calling(services.open_nonconformance)),
    edit=Action(NonconformanceInput, calling(services.amend, "nonconformance")),
    moves={
        "report": Action(service=calling(services.report, "nonconformance")),
        "answer_location": Action(Containment, calling(services.answer_location, "nonconformance")),
        "contain": Action(Containment, calling(services.contain, "nonconformance")),
        "review": Action(Opinion, calling(services.review, "nonconformance")),
        "propose": Action(Disposition, calling(services.propose_disposition, "nonconformance"), _proposed),
        "decide": Action(Disposition, calling(services.decide_disposition, "nonconformance"), _proposed),
        "execute": Action(Execution, calling(services.execute_line, "nonconformance")),
        "verify": Action(service=calling(services.verify, "nonconformance")),
        "answer_corrective": Action(CorrectiveAnswer, calling(services.answer_corrective, "nonconformance")),
        "close": Action(service=calling(services.close, "nonconformance")),
        "review_again": Action(Overturned, calling(services.review_again, "nonconformance")),
        "reopen": Action(Overturned, calling(services.reopen, "nonconformance")),
        "void": Action(service=calling(services.void, "nonconformance")),
    },
)  # fmt: skip
