"""Records from the shell: the same edge, the same guards, the same rights."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from typer.testing import CliRunner

from charted.plant import Plant
from gemba.cli.app import app
from gemba.cli.commands import record
from gemba.cli.plant import OpenPlant
from gemba.quality.control.monitoring.models import LimitSet
from gemba.quality.control.nonconformance.factory import SECRET, make_staff
from gemba.quality.people import services
from gemba.quality.people.models import Person
from gemba.quality.people.sites import create_site
from gemba.quality.records.actor import system
from gemba.quality.records.models import Entry, Header, Signature
from gemba.quality.records.reasons import Refused
from gemba.quality.records.store.folder import DataFolder
from gemba.stats.results.errors import UnknownName

PASSWORD = "battery-staple-correct"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


class Shell:
    """Asks as the command asks the plant."""

    def __init__(self, folder: Path) -> None:
        setup = system("setup")
        site = create_site(code="HAL", name="Halle", zone="Europe/Berlin", actor=setup, now=NOW)
        make_staff(site, now=NOW)
        for username in ("engineer", "quality_manager", "approver"):
            person = Person.objects.get(username=username)
            services.set_password(person=person, password=PASSWORD, actor=setup, now=NOW)
        self.plant = OpenPlant(DataFolder(folder), system("shell"), NOW)

    def ask(
        self, act: str, *what: str, user: str = "", password: str = PASSWORD, **more: Any
    ) -> dict[str, Any]:
        asked = {
            "act": act,
            "what": list(what),
            "where": [],
            "sort": "",
            "limit": 50,
            "site": "HAL",
            "reason": "",
        }
        asked |= {"fields": {}, "user": user, "password": password if user else "", "secret": ""}
        return record.work(self.plant, asked | more)


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


def codes(call: Any) -> list[str]:
    with pytest.raises(Refused) as caught:
        call()
    return [reason.code for reason in caught.value.reasons]


def test_a_person_makes_edits_moves_and_finds_a_record(shell: Shell) -> None:
    made = shell.ask("new", "party", user="engineer", fields={"title": "Northwind", "kind": "supplier"})
    number = str(Header.objects.get(type="party").number)
    assert f"  Number: {number}" in made["lines"]
    shell.ask("edit", number, user="engineer", fields={"contact": "Nora"}, reason="new contact")
    assert "  Contact: Nora" in shell.ask("show", number.lower())["lines"]
    ended = shell.ask("move", "end", number, user="engineer", reason="no order")
    assert (ended["moved"], ended["refused"]) == ([f"{number}  ended"], [])
    assert Entry.objects.filter(action="move:end").get().client == "shell"
    rows = shell.ask("list", "party", where=[("state", "ended"), ("kind", "supplier")], sort="-number")[
        "rows"
    ]
    assert [row["number"] for row in rows] == [number]
    assert shell.ask("list", "party", where=[("state", "active")])["lines"] == ["There is none."]


def test_what_is_refused_of_one_stands_in_no_others_way(shell: Shell) -> None:
    for title in ("A", "B"):
        shell.ask("new", "party", user="engineer", fields={"title": title})
    first, second = Header.objects.filter(type="party").order_by("pk")
    shell.ask("move", "end", str(first.number), user="engineer", reason="no order")
    answer = shell.ask("move", "end", str(first.pk), str(second.number), user="engineer", reason="no order")
    assert answer["moved"] == [f"{second.number}  ended"]
    assert len(answer["refused"]) == 1
    assert answer["refused"][0].startswith(f"{first.pk}: ")
    refusal = Entry.objects.filter(action__contains="refus").latest("pk")
    assert refusal.header_id == first.pk


def test_a_record_is_shown_whatever_its_draft_says(shell: Shell) -> None:
    fields = {"name": "Bore", "unit": "mm", "lsl": "9", "chart_kind": "i-mr", "rules": "astrology"}
    made = shell.ask("new", "characteristic", user="engineer", fields=fields)
    release = next(move for move in made["record"]["moves"] if move["name"] == "release")
    assert "astrology" in str([reason["values"] for reason in release["reasons"]])


def test_a_signed_step_asks_for_the_secret_and_the_maker_does_not_check(shell: Shell) -> None:
    lines = [{"number": 10, "characteristic": "Bore"}]
    shell.ask(
        "new",
        "control-plan",
        user="engineer",
        fields={"title": "Housing", "product": "Housing 12", "lines": lines},
    )
    draft = str(Header.objects.get(type="control-plan").pk)
    assert shell.ask("move", "submit", draft, user="engineer")["refused"] == []
    unsigned = shell.ask("move", "approve", draft, user="approver")["refused"]
    assert "signature" in unsigned[0].lower() or "secret" in unsigned[0].lower()
    wrong = shell.ask("move", "approve", draft, user="approver", secret="wrong-wrong-wrong")["refused"]
    assert "User name or secret is wrong." in wrong[0]
    assert not Signature.objects.exists()
    right = shell.ask("move", "approve", draft, user="approver", secret=SECRET)["refused"]
    assert "secret" not in right[0].lower()  # only what the plan lacks is left


def test_nobody_comes_in_without_the_password_or_past_a_second_factor(shell: Shell) -> None:
    fields = {"title": "Northwind"}
    for user, password in (("engineer", "wrong"), ("nobody", PASSWORD)):
        about: dict[str, Any] = {"user": user, "password": password, "fields": fields}
        assert codes(lambda about=about: shell.ask("new", "party", **about)) == ["people.shell_password"]
    assert Entry.objects.filter(action="login.failed").count() == 2
    Authenticator.objects.create(user=Person.objects.get(username="engineer"), type="totp", data={})
    assert codes(lambda: shell.ask("new", "party", user="engineer", fields=fields)) == ["people.shell_pages"]
    reader: dict[str, Any] = {"user": "approver", "fields": fields}
    assert codes(lambda: shell.ask("new", "party", **reader)) == ["records.no_right"]


def test_an_unknown_type_names_the_nearest_and_an_unknown_filter_is_refused(shell: Shell) -> None:
    with pytest.raises(UnknownName, match="gauge"):
        shell.ask("list", "gage")
    assert codes(lambda: shell.ask("list", "gauge", where=[("colour", "red")])) == ["records.filter_unknown"]
    assert codes(lambda: shell.ask("show", "GAU-HAL-26-9999")) == ["records.unknown"]


def test_limits_of_a_chart_are_proposed_from_the_shell(shell: Shell) -> None:
    plant = Plant()
    plant.now = NOW
    plant.send(*(50 + (7 * place) % 11 for place in range(30)))
    chart = str(plant.stream)
    made = shell.ask("limits", chart, user="engineer", fields={"why": "first study"})
    proposed = LimitSet.objects.get()
    assert (proposed.why, proposed.points, proposed.header.state) == ("first study", 30, "proposed")
    assert any("first study" in line for line in made["lines"])
    again: dict[str, Any] = {"user": "engineer", "fields": {"why": "again"}}
    assert codes(lambda: shell.ask("limits", chart, **again)) == ["monitoring.proposed_already"]
    for fields, code in (({"since": "yesterday"}, "not_moment"), ({"since": "2026-03-01"}, "not_moment")):
        asked = again | {"fields": fields}
        assert codes(lambda asked=asked: shell.ask("limits", chart, **asked)) == [f"records.{code}"]
    point = again | {"fields": {"first": "the third"}}
    assert codes(lambda: shell.ask("limits", chart, **point)) == ["monitoring.point_unknown"]
    assert codes(lambda: shell.ask("limits", "bore", **again)) == ["records.unknown"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["look", "gauge"], "there is no act named 'look'"),
        (["list"], "say: gemba record list TYPE"),
        (["move", "close"], "say: gemba record move MOVE NUMBER..."),
        (["limits", "12"], "who does it? Name a person with --as USER"),
        (["new", "party"], "who does it? Name a person with --as USER"),
        (["list", "gauge", "--where", "state"], "'state' is no NAME=VALUE"),
    ],
)
def test_what_cannot_be_asked_is_said_before_anything_is_opened(words: list[str], said: str) -> None:
    done = CliRunner().invoke(app, ["record", *words])
    assert said in done.output


def test_a_value_that_is_a_row_is_read_as_json_and_another_text_stays() -> None:
    assert record._field('lines=[{"number": 10}]') == ("lines", [{"number": 10}])
    assert record._field("found=[sic") == ("found", "[sic")
    assert record._field("note=a=b") == ("note", "a=b")
