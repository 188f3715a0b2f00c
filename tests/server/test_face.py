"""What pages show: the way of a record, both versions of a conflict, the way back after signing in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from gemba.quality.control.nonconformance.record import NONCONFORMANCE
from gemba.quality.improvement.capa.record import CAPA
from gemba.quality.planning.products.record import CHARACTERISTIC
from gemba.quality.planning.requirements.record import REQUIREMENT
from gemba.quality.records.canonical import to_microseconds
from gemba.quality.records.reasons import Conflict
from gemba.quality.records.screen import FormField
from gemba.server.web.conflicts import Both, joined
from gemba.server.web.forms import written
from gemba.server.web.icons import ICONS, drawn
from gemba.server.web.places import PLACES, icon_of
from gemba.server.web.templatetags.gemba import (
    RULE_SETS,
    crowded,
    how_long,
    initials,
    key_words,
    kind_word,
    rules_word,
    subgroup_of,
)
from gemba.server.web.views.objects import leading, way_of
from gemba.server.web.views.overview import kinds_in_words
from gemba.stats.charts.run_length.budget import OFFERED
from server.conftest import now

TEXT = FormField("lot", "Lot", "text", required=False)
NUMBER = FormField("quantity", "Quantity", "number", required=False)
MOMENT = FormField("found_at", "Found at", "moment", required=False)


def test_the_way_of_a_record_has_its_states_and_an_early_end_only_where_it_is() -> None:
    marks = {step["label"]: step["mark"] for step in way_of(NONCONFORMANCE, "contained")}
    assert list(marks.items())[:4] == [
        ("Draft", "done"), ("Reported", "done"), ("Contained", "now"), ("Under review", "ahead"),
    ]  # fmt: skip
    assert "Void" not in marks
    agreed = [step["label"] for step in way_of(REQUIREMENT, "agreed")]
    assert agreed == ["Proposed", "Under review", "Agreed"]
    assert way_of(REQUIREMENT, "rejected")[-1] == {"label": "Rejected", "mark": "now"}
    assert way_of(NONCONFORMANCE, "void")[-1] == {"label": "Void", "mark": "now"}


def offered(*moves: tuple[str, bool]) -> Any:
    return SimpleNamespace(moves=[SimpleNamespace(name=name, allowed=allowed) for name, allowed in moves])


def test_a_page_leads_on_and_neither_back_nor_to_an_end_without_a_result() -> None:
    assert leading(NONCONFORMANCE, "draft", offered(("report", True), ("void", True))) == "report"
    assert leading(NONCONFORMANCE, "draft", offered(("report", False), ("void", True))) == ""
    assert leading(CHARACTERISTIC, "under_change", offered(("release", True), ("retire", True))) == "release"
    assert leading(CAPA, "judged", offered(("close", True), ("extend", True))) == "close"
    assert leading(CAPA, "plan_approval", offered(("send_back", True), ("approve", True))) == "approve"


def row_of(*texts: str) -> list[Any]:
    return [SimpleNamespace(value=text, text="") for text in texts]


def test_a_table_is_crowded_by_many_columns_or_by_sentences_in_some() -> None:
    def table(columns: int, text: str) -> Any:
        return SimpleNamespace(columns=range(columns), cells=[row_of(*[text] * columns)])

    assert crowded(table(9, "1"))
    assert crowded(table(7, "a sentence that needs more room than a number"))
    assert not crowded(table(7, "a number"))
    assert not crowded(table(5, "a sentence that needs more room than a number"))
    assert not crowded(SimpleNamespace(columns=range(7), cells=[]))


def test_a_stream_and_a_kind_of_chart_are_called_as_people_say_them() -> None:
    assert key_words("machine=M2;cavity=3") == "machine M2, cavity 3"
    assert key_words("machine=M%3B2") == "machine M;2"
    assert key_words("") == ""
    assert kind_word("i-mr") == "I-MR chart"
    assert kind_word("no kind") == "no kind"
    assert kind_word("xbar-r (5)") == "Xbar-R chart (5)"
    assert rules_word("western-electric") == "Western Electric"
    assert rules_word("1, 2, 5") == "1, 2, 5"
    assert set(RULE_SETS) == set(OFFERED)
    instead = {kind["name"]: kind["instead"] for kind in kinds_in_words()}
    assert any(text.startswith("Xbar-S chart when") for text in instead["xbar-r"])
    assert any(text.startswith("EWMA chart or CUSUM chart when") for text in instead["i-mr"])


def test_a_subgroup_that_is_called_by_its_time_is_not_named_beside_it() -> None:
    at = datetime(2026, 3, 3, 13, 5, 9, tzinfo=UTC)
    assert subgroup_of({"at": at, "subgroup": "03-03 14:05:09"}, "Europe/Berlin") == ""
    assert subgroup_of({"at": at, "subgroup": "03-03 13:05:09"}, "Europe/Berlin") == "03-03 13:05:09"
    assert subgroup_of({"at": at, "subgroup": "S-41"}) == "S-41"


def test_a_conflict_takes_what_only_the_other_changed_and_asks_where_both_did() -> None:
    moment = now().replace(microsecond=0, second=0)
    stored = to_microseconds(moment)
    conflict = Conflict(
        7, 1, 2,
        {"lot": "L-1", "quantity": "2.000000", "found_at": stored},
        {"lot": "L-2", "quantity": "3.000000", "found_at": stored},
    )  # fmt: skip
    typed = {"lot": "L-9", "quantity": "2", "found_at": moment.isoformat()}
    rows, merged = joined(conflict, (TEXT, NUMBER, MOMENT), typed, "UTC")
    assert rows == (
        Both("lot", "Lot", "L-1", "L-2", "L-9", kept=True, value="L-2"),
        Both("quantity", "Quantity", "2", "3", "2", kept=False, value="3"),
    )
    assert merged == {**typed, "quantity": "3"}
    same, _ = joined(conflict, (TEXT,), {"lot": "L-2"}, "UTC")
    assert same == ()


def test_a_number_goes_into_its_field_without_the_zeros_of_the_store() -> None:
    assert written(NUMBER, Decimal("32.000000"), "UTC") == "32"
    assert written(NUMBER, Decimal(100), "UTC") == "100"


@pytest.mark.django_db
def test_signing_in_leads_back_to_the_page_of_the_form() -> None:
    form = "http://testserver/records/signal/7/edit?x=1"
    answer = Client().post("/records/signal/7/add", headers={"Referer": form})
    assert answer["Location"] == "/account/login?next=%2Frecords%2Fsignal%2F7%2Fedit%3Fx%3D1"
    sent = Client().post(
        "/records/signal/7/moves/close", headers={"HX-Request": "true", "HX-Current-URL": form}
    )
    assert (sent.status_code, sent["HX-Redirect"]) == (204, answer["Location"])
    elsewhere = Client().post("/records/signal/7/add", headers={"Referer": "http://evil.example/x"})
    assert elsewhere["Location"] == "/account/login?next=%2F"


def test_moments_are_told_from_now_and_names_by_their_letters() -> None:
    assert how_long(now() - timedelta(days=3, minutes=1)) == "3 days late"
    assert how_long(now() + timedelta(hours=2, seconds=1)) == "in 2 h"
    assert how_long(None) == ""
    assert (initials("Ada Maria Lindqvist"), initials("Ada")) == ("AL", "A")


def test_every_place_has_an_icon_of_its_own_drawing() -> None:
    assert {place.icon for place in PLACES} <= set(ICONS)
    assert icon_of("signal") == "signal"
    assert icon_of("something-else") == "file"
    assert ICONS["home"] in drawn("home")
