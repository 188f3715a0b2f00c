"""How a nonconformance is listed, filtered, shown, made, amended and moved."""

from __future__ import annotations

from gemba.quality.control.nonconformance import forms, services
from gemba.quality.control.nonconformance.inputs import (
    Containment,
    CorrectiveAnswer,
    Disposition,
    Execution,
    NonconformanceInput,
    Opinion,
    Overturned,
)
from gemba.quality.control.nonconformance.record import NONCONFORMANCE
from gemba.quality.records.actions import Action, Nothing, calling
from gemba.quality.records.screen import ChildTable, Column, Filter, Screen, Section
from gemba.stats.results import N_

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
        name: Action(given, calling(service, "nonconformance"), begins)
        for name, given, service, begins in (
            ("report", Nothing, services.report, None),
            ("answer_location", Containment, services.answer_location, forms.open_locations),
            ("contain", Containment, services.contain, forms.every_location),
            ("review", Opinion, services.review, None),
            ("propose", Disposition, services.propose_disposition, forms.proposed),
            ("decide", Disposition, services.decide_disposition, forms.proposed),
            ("execute", Execution, services.execute_line, forms.next_line),
            ("verify", Nothing, services.verify, None),
            ("answer_corrective", CorrectiveAnswer, services.answer_corrective, forms.triage),
            ("close", Nothing, services.close, None),
            ("review_again", Overturned, services.review_again, None),
            ("reopen", Overturned, services.reopen, None),
            ("discard", Nothing, services.discard, None),
            ("void", Nothing, services.void, None),
        )
    },
)  # fmt: skip
