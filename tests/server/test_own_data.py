"""One's own file, from the empty plant on: proposed, corrected with a click, studied, nobody else's."""

from __future__ import annotations

import csv
import io
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gemba.quality.control.bringing.models import TakenFile
from gemba.quality.control.bringing.services import Dropped, Fates, keep_watching, note_taken
from gemba.quality.control.collecting.models import StoredReading
from gemba.quality.control.monitoring.services import run_due
from gemba.quality.people import services
from gemba.quality.people.models import Person
from gemba.quality.planning.controlplans import queries as controlplans
from gemba.quality.planning.controlplans.inputs import LineInput
from gemba.quality.planning.products.inputs import CharacteristicInput
from gemba.quality.planning.products.models import Characteristic
from gemba.quality.planning.products.queries import characteristic
from gemba.quality.planning.products.services import release
from gemba.quality.records.models import Site, Task
from gemba.quality.records.outbox import deliver_due
from gemba.quality.records.reasons import Refused
from gemba.quality.records.tasks import task_in_words
from gemba.server.ingest.brought import take_brought
from gemba.server.ingest.looking import look
from gemba.server.web.parked import sweep_parked
from server.conftest import SETUP, actor, client_of, now

pytestmark = pytest.mark.django_db
VALUES = [10.0 + ((7 * place) % 11 - 5) / 100 for place in range(60)]
TORQUE = (
    "Torque protocol;\n;\ntime;torque (Nm)\n"
    + "".join(f"2026-11-{day:02d} 08:00;{40 + day % 7}.5{day % 10}\n" for day in range(1, 29))
    + "2026-11-29 08:00;broken\n"
)


def bring(client: Client, text: str, name: str = "torque.csv") -> str:
    answer = client.post("/upload", {"file": SimpleUploadedFile(name, text.encode())})
    assert answer.status_code == 302
    return str(answer["Location"])


def seen_in(folder: Path, text: str, **asked: Any) -> Mapping[str, Any]:
    """What the child sees, asked without a child."""
    place = folder / "file.csv"
    place.write_text(text, encoding="utf-8")
    return next(look({"path": str(place), "name": "Bore.csv", "corrections": {}, **asked}, b""))


def test_an_empty_plant_asks_for_a_file_first(people: dict[str, Person]) -> None:
    page = client_of(people["operator"]).get("/").content.decode()
    assert page.index("Drop your file here") < page.index("Other ways to begin")
    assert "Drop your file here" not in client_of(people["reader"]).get("/").content.decode()


def test_what_is_seen_what_it_shows_and_what_is_refused(people: dict[str, Person]) -> None:
    client = client_of(people["operator"])
    place = bring(client, TORQUE)
    seen = client.get(place + ".json").json()
    total = seen["total"]
    assert (total["rows_in"], total["stored"], total["refused"]) == (29, 28, 1)
    assert [row["part"] for row in seen["first_rows"][:4]] == ["left out", "left out", "headings", "data"]
    assert seen["shown"] | {"points": 0} == {
        "name": "torque", "columns": ["torque"], "unit": "Nm", "kind": "i-mr", "size": 1, "points": 0,
        "decimals": 2, "lsl": "", "target": "", "usl": "",
    }  # fmt: skip
    assert seen["study"]["chart"]["words"][0].startswith("I-MR chart of torque")
    assert seen["study"]["capability"] is None
    rows = list(csv.reader(io.StringIO(client.get(place + "/refused.csv").content.decode())))
    assert rows[0] == ["row", "place", "column", "text", "why", "what to do"]
    assert rows[1][2:4] == ["torque", "broken"]
    assert rows[1][5] == "write the measured number, or leave the cell empty"


def test_a_click_corrects_and_everything_follows(people: dict[str, Person]) -> None:
    client = client_of(people["operator"])
    place = bring(client, TORQUE)
    said = {
        "series": "torque",
        "limit-lsl-torque": "38",
        "limit-target-torque": "",
        "limit-usl-torque": "50,0",
    }
    page = client.post(place, {**said, "answer-units-torque": "Ncm"}).content.decode()
    assert "[Ncm]" in page
    assert "Cpk" in page
    query = "&".join(f"{name}={text}" for name, text in said.items())
    for which in ("chart", "capability"):
        figure = client.get(
            f"{place}/{which}.json?{query}&answer-units-torque=Ncm&width=400&theme=dark"
        ).json()
        assert figure["spec"]["$schema"].startswith("https://vega.github.io")
        assert "torque" in figure["alt"]
    assert client.get(f"{place}/other.json?{query}&answer-units-torque=Ncm").json()["spec"] is None
    left = client.post(place + ".json", {"answer-roles-torque": "ignore"}).json()
    assert (left["series"], left["study"]) == ([], None)


def test_a_file_belongs_to_its_person_and_goes_after_a_day(people: dict[str, Person]) -> None:
    client = client_of(people["operator"])
    place = bring(client, TORQUE)
    for address in (place, place + "/refused.csv", place + "/chart.json"):
        assert client_of(people["inspector"]).get(address).status_code == 404
    (parked,) = (settings.DATA.path / "uploads").glob(f"*/{place.rpartition('/')[2]}.csv")
    assert sweep_parked(now()) == 0
    two_days_ago = (now() - timedelta(days=2)).timestamp()
    os.utime(parked, (two_days_ago, two_days_ago))
    assert client.get(place).status_code == 404
    assert sweep_parked(now()) == 1
    assert not parked.exists()


def test_what_is_no_table_says_what_to_do(people: dict[str, Person]) -> None:
    client = client_of(people["operator"])
    assert b"Choose a file first." in client.post("/upload", {}).content
    given = SimpleUploadedFile("drawing.pdf", b"%PDF")
    assert b"Files of these kinds are read: .csv" in client.post("/upload", {"file": given}).content


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Bore\n" + "".join(f"{value:.2f}\n" for value in VALUES), ("Bore", "i-mr", 1, 60)),
        (
            "X1;X2;X3\n"
            + "".join("{:.2f};{:.2f};{:.2f}\n".format(*VALUES[i : i + 3]) for i in range(0, 60, 3)),
            ("Bore", "xbar-r", 3, 20),
        ),
        (
            "Sample;Bore\n" + "".join(f"{i // 5 + 1};{value:.2f}\n" for i, value in enumerate(VALUES)),
            ("Bore", "xbar-r", 5, 12),
        ),
        (
            "Part;Bore;Depth\nNominal;10;10\nUSL;10.2;10.2\nLSL;9.8;9.8\n"
            + "".join(f"P{i};{value:.2f};{value + 0.01:.2f}\n" for i, value in enumerate(VALUES)),
            ("Bore", "i-mr", 1, 60),
        ),
    ],
    ids=["stacked", "a row a subgroup", "a subgroup column", "a column a characteristic"],
)
def test_each_layout_gives_the_chart_that_fits(
    tmp_path: Path, text: str, wanted: tuple[str, str, int, int]
) -> None:
    seen = seen_in(tmp_path, text)
    shown = seen["shown"]
    assert (shown["name"], shown["kind"], shown["size"], shown["points"]) == wanted
    assert seen["study"]["chart"]["kind"] == wanted[1]
    if shown["lsl"]:
        assert (shown["lsl"], shown["target"], shown["usl"]) == ("9.8", "10", "10.2")
        assert seen["study"]["capability"]["indices"]["cpk"] > 0


def test_limits_that_make_no_sense_are_answered_in_words(tmp_path: Path) -> None:
    limits = {"lsl": "12", "usl": "11"}
    seen = seen_in(tmp_path, "Bore\n10.1\n10.2\n10.3\n", study={"series": "Bore", "limits": limits})
    assert seen["study"]["capability"] is None
    assert "12" in seen["study"]["why"]
    same = seen_in(tmp_path, "Bore\n10.1\n", study={"series": "Bore"})
    assert same["study"]["chart"] is None
    assert same["study"]["why"]


BORES = "Subgroup;Bore (mm)\nUSL;10,5\nLSL;9,5\n" + "".join(
    f"{place // 5 + 1};{value:.2f}\n".replace(".", ",") for place, value in enumerate(VALUES * 3)
)


def run_everything(times: int = 3) -> None:
    """The timed jobs of the loop, as the server runs them."""
    for _ in range(times):
        later = now() + timedelta(seconds=2)
        while run_due(later) or deliver_due(later) or take_brought(later):
            pass


@dataclass
class Kept:
    """What a click on *Keep watching this* led to: its page, what that said, how many clicks it took."""

    page: str
    told: dict[str, Any]
    clicks: int


def keep_bores(client: Client) -> Kept:
    assert b"Drop your file here" in client.get("/").content
    place, clicks = bring(client, BORES, "bores.csv"), 2  # choose it, look into it
    seen = client.get(place + ".json").json()
    assert (seen["shown"]["kind"], seen["shown"]["size"], seen["shown"]["points"]) == ("xbar-r", 5, 36)
    form = {"what": "keep", "series": "Bore", "limit-lsl-Bore": "9.5", "limit-usl-Bore": "10.5"}
    answer = client.post(place, form)
    assert answer.status_code == 302
    assert client.post(place, form)["Location"] == answer["Location"]
    assert Characteristic.objects.count() == 1
    return Kept(answer["Location"], client.get(answer["Location"] + ".json").json(), clicks + 1)


def test_from_a_file_to_a_watched_chart_with_limits_in_six_clicks(people: dict[str, Person]) -> None:
    client = client_of(people["engineer"])
    kept = keep_bores(client)
    waiting, page = kept.told, kept.page
    assert (waiting["released"], waiting["readings"], waiting["taken"]) == (False, 180, None)
    assert waiting["checkers"] == ["Approver", "Quality-Manager"]
    run_everything()
    assert client.get(page + ".json").json()["taken"] is None
    checker, made = client_of(people["approver"]), Characteristic.objects.get()
    assert "180 readings of bores.csv" in checker.get("/").content.decode()
    own = client.post(f"/records/characteristic/{made.pk}/moves/release.json", {"version": "1"})
    assert own.status_code == 409
    released = checker.post(f"/records/characteristic/{made.pk}/moves/release", {"version": "1"})
    assert released.status_code == 302
    run_everything()
    seen = client.get(page + ".json").json()
    assert seen["taken"] | {"at": ""} == {
        "accepted": 180, "quarantined": 0, "refused": 0, "repeated": 0, "fault": "", "at": "",
    }  # fmt: skip
    assert seen["proposed"]
    assert "180 readings of bores.csv" not in checker.get("/").content.decode()
    assert b"in force" in client.get(page).content
    chart = client.get(f"/charts/{seen['stream']}.json").json()
    assert chart["counts"]["readings"] == 180
    assert chart["chart"]["collected"] == 36


def test_product_and_plan_line_are_made_with_it_and_are_on_the_list_of_somebody_else(
    people: dict[str, Person],
) -> None:
    client, checker = client_of(people["engineer"]), client_of(people["approver"])
    kept = keep_bores(client)
    product, _made, plan = kept.told["made"]
    assert [(item["label"], item["called"], item["lines"], item["asked"]) for item in kept.told["made"]] == [
        ("Product", "bores", [], "Release it"),
        ("Characteristic", "Bore", [], "Release it"),
        ("Control plan", "bores", [10], ""),
    ]
    (line,) = controlplans.plan(plan["id"]).lines.all()
    assert (line.specification, line.sample_size, line.method) == ("9.5 … 10.5 mm", "5", "chart")
    assert line.technique == "as measured in bores.csv"
    form = {"version": kept.told["plan"]["version"], "back": kept.page}
    submitted = client.post(f"/records/control-plan/{plan['id']}/moves/submit", form)
    assert submitted["Location"] == kept.page
    assert kept.clicks + 1 <= 6
    run_everything()
    listed = checker.get("/").content.decode()
    for asked in ("bores: look at the draft of the product", "bores: look at the control plan, approve"):
        assert asked in listed
    told = [item["asked"] for item in client.get(kept.page + ".json").json()["waiting"]]
    assert told == ["Release it", "Release it", "Approve it with a signature, or return it"]
    assert checker.post(f"/records/product/{product['id']}/moves/release", {}).status_code == 302
    run_everything()
    assert "the draft of the product" not in checker.get("/").content.decode()


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("X1;X2;X3\n" + "".join("{:.2f};{:.2f};{:.2f}\n".format(*VALUES[i : i + 3]) for i in range(0, 60, 3)),
         {"1": 3, "20": 3}),
        ("Bore\n10.01\n10.02\nbroken\n10.03\n10.04\n10.05\n", {"1": 2, "2": 3}),
    ],
    ids=["a row a subgroup", "three rows a subgroup, one of them refused"],
)  # fmt: skip
def test_what_makes_a_subgroup_in_the_file_makes_it_in_the_plant(
    people: dict[str, Person], text: str, sizes: dict[str, int]
) -> None:
    client = client_of(people["engineer"])
    place = bring(client, text, "bore.csv")
    name = client.get(place + ".json").json()["shown"]["name"]
    said = {"answer-size": "3", f"answer-units-{name}": "mm"} if name == "Bore" else {}
    page = client.post(place, {"what": "keep", "series": name, f"limit-lsl-{name}": "9", **said})["Location"]
    made = Characteristic.objects.get()
    if not said:
        assert client.get(page + ".json").json()["missing"] == ["unit"]
        assert (
            client.post(f"/records/characteristic/{made.pk}/edit", {"unit": "mm", "version": "1"}).status_code
            == 302
        )
    version = str(Characteristic.objects.get().header.version)
    checker = client_of(people["approver"])
    assert (
        checker.post(f"/records/characteristic/{made.pk}/moves/release", {"version": version}).status_code
        == 302
    )
    run_everything()
    held = Counter(StoredReading.objects.values_list("subgroup", flat=True))
    assert {name: held[name] for name in sizes} == sizes


def test_what_cannot_be_kept_or_taken_says_why(people: dict[str, Person], site: Site) -> None:
    client = client_of(people["engineer"])
    place = bring(client, TORQUE, "torque.exe.csv")
    refused = client.post(place, {"what": "keep"})
    assert refused.status_code == 409
    assert b"shows two kinds" in refused.content
    given = CharacteristicInput(name="Torque", unit="Nm", lsl=Decimal(1))
    line = LineInput(number=1, method="chart")
    told: dict[str, Any] = {"columns": ["torque"], "uses": {}, "zone": "UTC", "size": 0, "corrections": {}}
    about: dict[str, Any] = {"site": site, "folder": settings.DATA, "now": now(), "line": line}
    engineer = actor(people["engineer"])
    empty = Dropped(name="torque.csv", content=b"torque\n", reading=told, readings=0, points=0)
    with pytest.raises(Refused) as nothing:
        keep_watching(dropped=empty, given=given, actor=engineer, **about)
    assert [reason.code for reason in nothing.value.reasons] == ["bringing.no_values"]
    broken = {**told, "corrections": {"columns": ["pressure"]}}
    for name, reading in (("fault.csv", broken), ("gone.csv", told)):
        dropped = Dropped(name=name, content=TORQUE.encode(), reading=reading, readings=28, points=28)
        named = replace(given, name=f"Torque {name}")
        row = keep_watching(dropped=dropped, given=named, actor=engineer, **about)
        release(characteristic=characteristic(row.header_id), actor=actor(people["approver"]), now=now())
        if name == "gone.csv":
            services.disable_person(person=people["engineer"], reason="left", actor=SETUP, now=now())
        assert take_brought(now()) == 1
    faults = list(TakenFile.objects.order_by("pk").values_list("fault", flat=True))
    assert "pressure" in faults[0]
    assert "may not enter readings any more" in faults[1]
    asked = Task.objects.filter(what="bringing.task_fault", assignee=people["engineer"].actor_id).order_by(
        "pk"
    )
    assert [task_in_words(task).partition(" cannot be taken: ")[0] for task in asked] == [
        "fault.csv",
        "gone.csv",
    ]
    with pytest.raises(Refused, match="name_taken"):
        keep_watching(dropped=dropped, given=named, actor=engineer, **about)
    with pytest.raises(Refused):
        note_taken(brought=row, fates=Fates(), actor=SETUP, now=now())
