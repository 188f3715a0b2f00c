"""A record on paper: what stands on it, who gets it, and that it is set within bounds."""

from __future__ import annotations

import json
from base64 import b64decode
from contextlib import nullcontext
from dataclasses import asdict, replace
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from correcting.plant import Correcting
from gemba.cli.commands import print as printing
from gemba.cli.plant import OpenPlant
from gemba.quality import loop
from gemba.quality.control.collecting.models import Stream
from gemba.quality.control.collecting.reading import Reading
from gemba.quality.control.nonconformance.factory import Staff, make_staff, nonconformance_in, proof_of
from gemba.quality.people.models import Person
from gemba.quality.people.roles import ROLES
from gemba.quality.planning.controlplans.factory import plan_in
from gemba.quality.planning.products.inputs import CharacteristicInput
from gemba.quality.planning.products.models import Characteristic
from gemba.quality.planning.products.services import create_characteristic
from gemba.quality.records.actor import system
from gemba.quality.records.apart.asking import Bounds
from gemba.quality.records.models import Site, Version
from gemba.quality.records.reasons import Refused, in_words
from gemba.quality.records.remarks import add_remark
from gemba.quality.records.store.folder import DataFolder
from gemba.quality.records.thread.walk import thread_of
from gemba.server.reports import drawn
from gemba.server.reports.capability import asked_of
from gemba.server.reports.document import Document, grid_of
from gemba.server.reports.paper import paper_of, set_in_type
from gemba.server.reports.record import document_of
from gemba.server.reports.study import setting, studied
from server.conftest import actor, client_of, make_person, now

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(site: Site) -> Staff:
    return make_staff(site, now=now() - timedelta(days=1))


def closed(site: Site, staff: Staff) -> tuple[Any, Document]:
    made = nonconformance_in("closed", site=site, staff=staff, now=now() - timedelta(hours=1))
    add_remark(header=made.pk, text="Box marked red.", actor=staff.operator, now=now())
    return made, document_of(made.pk, actor=staff.engineer, now=now())


def said(document: Document, title: str) -> dict[str, str]:
    return {label: text for part in document.parts if part.title == title for label, text, _ in part.facts}


def test_a_document_holds_what_the_page_shows_and_what_proves_it(site: Site, staff: Staff) -> None:
    made, document = closed(site, staff)
    version = Version.objects.filter(header=made.pk).latest("number")
    assert (document.number, document.state, document.plant) == (made.header.number, "Closed", site.name)
    assert said(document, "What was found")["Severity"] == "Major"
    titles = [part.title for part in document.parts]
    assert titles[-2:] == ["Remarks and files", "Since the first entry"]
    changes = document.parts[-1].tables[0]
    assert (changes.rows[0][0], changes.rows[0][3]) == ("1", "Create")
    assert [row[3] for row in changes.rows][-2:] == ["Close", "Remark: add"]
    digest = sha256(version.snapshot.encode()).hexdigest()
    assert digest in [text for _, text, _ in document.proof]
    assert f"version {version.number} · {digest[:16]} · Printed by {staff.engineer.name}" in document.foot
    (signed,) = document.signatures
    assert (signed.meaning, signed.valid, bool(signed.name and signed.at)) == ("verified", True, True)
    assert signed.note == f"signed version {version.number}"


def test_a_document_of_every_record_is_set_on_pages(site: Site, staff: Staff) -> None:
    _, document = closed(site, staff)
    given = CharacteristicInput(name="Bore", unit="mm", usl=Decimal(5))
    made = create_characteristic(site=site, given=given, actor=staff.engineer, now=now())
    other = document_of(made.pk, actor=staff.engineer, now=now())
    assert other.signatures == ()
    for item in (document, other, replace(document, wide=True, title="50 % [#box] \\ $x$ *b*")):
        assert set_in_type(asdict(item)).startswith(b"%PDF")


def test_a_table_that_is_too_wide_is_set_as_entries_and_an_empty_column_is_left_out() -> None:
    heads = [f"h{number}" for number in range(18)]
    full = grid_of("", heads, [[str(number) for number in range(18)]] * 5, [False] * 18)
    assert (len(full.entries), full.is_wide) == (5, False)
    nine = grid_of("", heads, [["x"] * 9 + [""] * 9] * 4, [True] * 18)
    assert (len(nine.heads), nine.is_wide, set(nine.aligns)) == (9, True, {"right"})
    few = [["x"] * 9 + [""] * 9]
    assert not grid_of("", heads, few, [True] * 18).is_wide
    assert grid_of("", heads, few, [True] * 18, body=True).is_wide


def test_a_control_plan_is_three_tables_that_stay_tables(site: Site, staff: Staff) -> None:
    signed: dict[str, Any] = {"proof": proof_of(staff.quality_manager), "now": now()}
    plan = plan_in("effective", site=site, maker=staff.engineer, decider=staff.quality_manager, **signed)
    document = document_of(plan.pk, actor=staff.engineer, now=now())
    tables = {part.title: part.tables[0] for part in document.parts if part.tables}
    for title, said in (
        ("Lines", "Turn the bore"),
        ("How each is measured", "every hour"),
        ("Reaction plans", "the setter"),
    ):
        assert (tables[title].entries, len(tables[title].rows)) == ((), 1)
        assert said in tables[title].rows[0]
    assert set_in_type(asdict(document)).startswith(b"%PDF")


def test_who_may_read_a_record_gets_its_document_and_nobody_else(
    people: dict[str, Person], characteristic: Characteristic
) -> None:
    client = client_of(make_person("all", *ROLES))
    answer = client.get(f"/records/characteristic/{characteristic.pk}/print")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"] == f'attachment; filename="{characteristic.header.number}.pdf"'
    assert answer.content.startswith(b"%PDF")
    api = f"/api/v1/records/{characteristic.header.number}/print"
    stranger = client_of(people["system_administrator"])
    assert [stranger.get(place).status_code for place in (api, answer.request["PATH_INFO"])] == [403, 403]
    assert Client().get(api).status_code == 401
    assert client.get("/api/v1/records/CHR-HAL-26-9999/print").status_code == 404
    elsewhere = client.get(f"/records/signal/{characteristic.pk}/print")
    assert elsewhere["Location"] == answer.request["PATH_INFO"]


def test_the_shell_prints_a_record_and_says_where_it_is(
    characteristic: Characteristic,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    plant = OpenPlant(DataFolder(tmp_path), system("shell"), now())
    monkeypatch.setattr(printing, "open_plant", lambda *_, **__: nullcontext(plant))
    place = tmp_path / "bore.pdf"
    assert printing.command(str(characteristic.header.number).lower(), out=place) == 0
    assert place.read_bytes().startswith(b"%PDF")
    assert printing.command("CHR-HAL-26-9999") == 1
    told = capsys.readouterr()
    assert told.out == f"{place}  {place.stat().st_size} bytes\n"
    assert "There is no record CHR-HAL-26-9999" in told.err


def test_a_document_that_takes_too_much_is_refused_in_words(site: Site, staff: Staff) -> None:
    _, document = closed(site, staff)
    with pytest.raises(Refused) as caught:
        paper_of(asdict(document), bounds=Bounds(memory=40 * 2**20, seconds=5))
    assert [in_words(reason) for reason in caught.value.reasons] == [
        "The document could not be set within 5 seconds. Try again in a minute."
    ]


def charted(characteristic: Characteristic, count: int) -> int:
    values = (f"{10 + 0.01 * (place * 7 % 11 - 5):.3f}" for place in range(count))
    readings = [
        Reading(
            source="g",
            sequence=place,
            characteristic=str(characteristic.header.number),
            text=text,
            stream={"machine": "M1"},
        )
        for place, text in enumerate(values)
    ]
    loop.receive(readings, actor=system("test"), now=now())
    return Stream.objects.values_list("pk", flat=True).get(characteristic=characteristic.pk)


def test_the_capability_of_a_chart_is_a_document_of_its_stored_readings(
    people: dict[str, Person], characteristic: Characteristic
) -> None:
    stream, reader = charted(characteristic, 30), actor(people["reader"])
    asked = asked_of(stream, actor=reader, now=now())
    assert (len(asked["values"]), asked["lsl"], asked["usl"], asked["size"]) == (30, 9.9, 10.1, 1)
    assert asked["document"]["number"] == f"{characteristic.header.number} machine M1"
    study = studied(asked)
    assert (study.n, study.stable, study.capable) == (30, True, study.cpk is not None and study.cpk >= 1.33)
    in_german = client_of(people["reader"]).get(f"/charts/{stream}/capability.pdf", HTTP_ACCEPT_LANGUAGE="de")
    assert b"/Lang (de)" in in_german.content or b"/Lang(de)" in in_german.content
    answer = client_of(people["reader"]).get(f"/charts/{stream}/capability.pdf")
    assert answer.content.startswith(b"%PDF")
    assert answer["Content-Disposition"].endswith(f'-capability-{stream}.pdf"')
    assert b"/Count 1" in answer.content, "one page"
    drawn_page = client_of(people["reader"]).get(f"/charts/{stream}/capability.svg")
    assert drawn_page["Content-Type"] == "image/svg+xml"
    assert drawn_page.content.count(b"<svg ") == 1
    page = client_of(people["reader"]).get(f"/charts/{stream}/capability").content.decode()
    assert study.headline() in unescape(page)
    assert f"/charts/{stream}/capability.svg" in page
    assert (
        client_of(people["system_administrator"]).get(f"/charts/{stream}/capability.pdf").status_code == 403
    )
    assert client_of(people["reader"]).get("/charts/999/capability.pdf").status_code == 404


def test_what_cannot_be_judged_is_said_in_the_words_of_the_statistics(
    people: dict[str, Person], characteristic: Characteristic
) -> None:
    stream, reader = charted(characteristic, 30), actor(people["reader"])
    asked = asked_of(stream, actor=reader, now=now()) | {"lsl": None, "usl": None}
    with pytest.raises(Refused) as caught:
        list(setting(asked, b""))
    (reason,) = caught.value.reasons
    assert in_words(reason).startswith("There is no capability to report: ")


def test_a_corrective_action_is_a_document_in_eight_steps_and_its_verdict_ends_the_thread(
    site: Site, staff: Staff
) -> None:
    record = Correcting(site, staff, now=now() - timedelta(days=60)).capa_in("closed")
    document = document_of(record.pk, actor=staff.engineer, now=now())
    steps = [part.title[:2] for part in document.parts if part.title[:1] == "D" and part.title[1:2].isdigit()]
    assert steps == sorted(steps)
    assert {"D1", "D2", "D3", "D4", "D5", "D6", "D7", "D8"} <= set(steps)
    assert document.parts[0].title == "Did it work?"
    assert record.verdict_words in document.parts[0].lead
    assert document.parts[0].picture in document.figures
    assert record.verdict_words in document.parts[0].alt
    told = asdict(document)
    asked = json.loads(json.dumps({"document": told, "figures": told.pop("figures")}, default=str))
    (paper,) = drawn.setting(asked, b"")
    assert b64decode(paper).startswith(b"%PDF")
    assert len(document.signatures) >= 2
    german = document_of(record.pk, actor=staff.engineer, now=now(), language="de")
    assert german.parts[0].lead.startswith("Wirksam: ")
    cards = thread_of(record.pk, actor=staff.engineer).cards
    assert [(card.said, card.title) for card in cards if card.type == "verdict"] == [
        ("Effective", record.verdict_words)
    ]
