"""All charts at once: kinds in words, false alarms, screening, streams side by side, what suits a chart."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from charted.plant import CHECKER, ENGINEER, NOW, Plant
from gemba.quality.control.monitoring.models import StreamState
from gemba.quality.control.monitoring.plant import plant_charts, points_a_week
from gemba.quality.people.models import Person
from gemba.quality.people.policies import set_policy
from gemba.quality.planning.products import queries as products
from gemba.quality.planning.products.factory import product_in
from gemba.quality.planning.products.specification import CHART_KINDS
from gemba.quality.records.actor import system
from gemba.quality.records.canonical import to_microseconds
from gemba.quality.records.models import Header, Site
from gemba.server.clock import now
from gemba.server.web.views import overview
from gemba.stats import run_length
from gemba.stats.charts import KINDS, convention_named, kind_named, known_limits
from gemba.stats.charts.rules import rule_set
from gemba.stats.results import UnknownName
from server.conftest import client_of

pytestmark = pytest.mark.django_db
STEADY = (50.1, 49.7, 50.4, 49.9, 50.2, 49.6, 50.3, 49.8, 50.0, 50.5)
COUNTED: dict[str, Any] = {
    "chart_kind": "p",
    "data_kind": "nonconforming-units",
    "lsl": None,
    "usl": None,
    "unit": "pcs",
    "criterion": "no burr",
}
MEANS: dict[str, Any] = {"chart_kind": "xbar-r", "subgroup_size": 5}
CLIMBING = tuple(48 + 0.4 * number for number in range(30))


def plant_with(*streams: tuple[str, tuple[float, ...]], limits: bool = True, **chart: Any) -> Plant:
    """A plant whose streams have these values, the newest of them now."""
    plant = Plant(stream_keys="machine", **chart)
    plant.now = now()
    about: dict[str, Any] = {"source": f"press of {plant.number}"}
    for name, values in streams:
        plant.deliver([plant.reading(value, stream={"machine": name}, **about) for value in values[:1]])
    if limits:
        plant.know_limits(known_limits(plant.input.chart_kind, mean=50.0, sigma=1.0))
    for name, values in streams:
        plant.deliver([plant.reading(value, stream={"machine": name}, **about) for value in values[1:]])
    return plant


def test_every_kind_stands_in_its_own_words_and_says_whether_it_judges_live(
    people: dict[str, Person],
) -> None:
    client = client_of(people["reader"])
    told = {item["name"]: item for item in client.get("/charts/kinds.json").json()["kinds"]}
    assert set(told) == {kind.name for kind in KINDS}
    assert {name for name, item in told.items() if item["live"]} == set(CHART_KINDS)
    page = client.get("/charts/kinds").content.decode()
    assert kind_named("t2").words.purpose in page
    assert "study on demand" in page
    form = client_of(people["engineer"]).get("/records/characteristic/new").content.decode()
    assert "/charts/kinds" in form


def test_false_alarms_are_those_of_each_chart_by_its_own_rules_and_pace(people: dict[str, Person]) -> None:
    client = client_of(people["reader"])
    assert "No chart judges yet" in client.get("/charts/alarms").content.decode()
    plant_with(("M1", STEADY), ("M2", STEADY), rules="1,2")
    plant_with(("M1", STEADY), chart_kind="ewma", chart_design="lam=0.1, L=2.7")
    plant_with(("M1", STEADY), chart_kind="zone")
    plant_with(("M1", STEADY[:3]), limits=False)
    told = client.get("/charts/alarms.json").json()
    assert (told["collecting"], told["uncounted"], len(told["charts"])) == (1, 1, 4)
    arl = {line["name"]: line["arl"] for line in told["groups"]}
    assert arl["i-mr"] == pytest.approx(run_length(rules="1,2", shift=0).arl[0])
    assert arl["ewma lam=0.1, L=2.7"] == pytest.approx(run_length("ewma", lam=0.1, L=2.7, shift=0).arl[0])
    each = [row["points"] / row["arl"] for row in told["charts"] if row["arl"]]
    assert told["alarms"] == pytest.approx(sum(each))
    assert all(row["points"] == pytest.approx(10 * 168) for row in told["charts"]), (
        "ten points within an hour"
    )
    page = client.get("/charts/alarms").content.decode()
    assert told["said"] in page
    assert "not known" in page


def test_the_attention_that_people_have_decides_what_fits(people: dict[str, Person]) -> None:
    plant_with(("M1", STEADY))
    client = client_of(people["reader"])
    assert "fits an attention of 50" in client.get("/charts/alarms.json").json()["said"]
    set_policy(name="alarm_attention", value=1, reason="one person", actor=system("test"), now=now())
    told = client.get("/charts/alarms.json").json()
    assert told["attention"] == 1
    assert told["advised"]["rules"] == "bare"
    assert [offer["fits"] for offer in told["offers"]].count(True) >= 1
    set_policy(name="alarm_attention", value=0, reason="nobody knows", actor=system("test"), now=now())
    assert "attention" not in client.get("/charts/alarms.json").json()["said"]


def test_the_pace_of_a_chart_is_that_of_its_newest_points_until_now() -> None:
    plant = plant_with(("M1", STEADY * 7))
    (chart,) = plant_charts({"*"})
    at = to_microseconds(plant.now)
    day = 24 * 3600 * 1_000_000
    assert points_a_week([chart], at + 7 * day) == {chart.stream: pytest.approx(50, rel=0.01)}
    assert points_a_week([chart], at + 70 * day) == {chart.stream: pytest.approx(5, rel=0.01)}


def test_streams_are_ranked_with_what_was_found_of_each(people: dict[str, Person]) -> None:
    client = client_of(people["reader"])
    assert "No stream of measured values" in client.get("/charts/screening").content.decode()
    plant_with(("calm", STEADY * 3), ("climbs", CLIMBING), ("stuck", (50.0,) * 30))
    told = client.get("/charts/screening.json").json()
    found = {row["key"]: row["findings"] for row in told["streams"]}
    assert [row["rank"] for row in told["streams"]] == [1, 2, 3]
    assert found["machine=calm"] == []
    assert "dead" in found["machine=stuck"]
    assert {"drift", "shift"} & set(found["machine=climbs"])
    page = client.get("/charts/screening").content.decode()
    assert page.count('class="sparkline"') == 3
    only = client.get("/charts/screening.json?finding=dead").json()
    assert [row["key"] for row in only["streams"]] == ["machine=stuck"]
    assert client.get("/charts/screening.json?q=CALM").json()["found"] == 1
    assert client.get("/charts/screening.json?state=collecting").json()["found"] == 0
    assert client.get("/charts/screening.json?order=astrology").json()["order"] == "concern"


def test_a_ranking_is_paged_and_asks_as_often_for_many_streams_as_for_few(
    people: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overview, "PAGE_STREAMS", 4)
    plant = plant_with(*((f"M{number}", STEADY) for number in range(3)))
    client = client_of(people["reader"])

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/charts/screening.json")
        return len(queries)

    asked()
    few = asked()
    plant.deliver([plant.reading(v, stream={"machine": f"N{number}"}) for number in range(6) for v in STEADY])
    asked()
    assert asked() == few
    first = client.get("/charts/screening.json").json()
    rest = [client.get(f"/charts/screening.json?after={after}").json() for after in (first["after"], "8")]
    ranks = [row["rank"] for page in (first, *rest) for row in page["streams"]]
    assert ranks == list(range(1, 10))
    assert rest[1]["after"] is None


def test_a_corrected_reading_changes_the_ranking_at_once(people: dict[str, Person]) -> None:
    plant = plant_with(("M1", (*STEADY * 2, 500.0)))
    client = client_of(people["reader"])
    assert client.get("/charts/screening.json").json()["streams"][0]["findings"]
    plant.amend(plant.ids[-1], "50.0", "correction")
    plant.work()
    assert client.get("/charts/screening.json").json()["streams"][0]["findings"] == []


def test_a_signal_that_is_closed_is_not_told_as_open(people: dict[str, Person]) -> None:
    plant = plant_with(("M1", (*STEADY, 60.0)))
    client = client_of(people["reader"])
    assert client.get("/charts/screening.json").json()["streams"][0]["state"] == "signal"
    assert client.get("/charts.json").json()["charts"][0]["signal"] is not None
    Header.objects.filter(type="signal").update(category="closed", state="closed")
    assert client.get("/charts/screening.json").json()["streams"][0]["state"] == "in control"
    assert client.get("/charts.json").json()["charts"][0]["signal"] is None
    assert StreamState.objects.get(stream=plant.stream).signal is not None


def test_streams_of_one_characteristic_lie_side_by_side_on_one_axis(people: dict[str, Person]) -> None:
    plant = plant_with(("M1", STEADY), ("M2", tuple(value + 3 for value in STEADY)))
    client = client_of(people["reader"])
    told = client.get(f"/charts/compare/{plant.characteristic.pk}.json").json()
    assert [row["key"] for row in told["streams"]] == ["machine=M1", "machine=M2"]
    one, two = told["streams"]
    assert one["mean"] == pytest.approx(50.05)
    assert one["high"] < two["low"], "the intervals lie apart"
    assert one["limits"]["ucl"] == pytest.approx(53.0)
    assert (told["floor"], told["top"]) == (47.0, 53.5)
    assert "Diameter" in told["said"]
    page = client.get(f"/charts/compare/{plant.characteristic.pk}").content.decode()
    assert page.count('class="sparkline"') == 2
    chart = client.get(f"/charts/{StreamState.objects.first().stream}").content.decode()  # type: ignore[union-attr]
    assert f"/charts/compare/{plant.characteristic.pk}" in chart


def test_a_characteristic_without_points_says_so(people: dict[str, Person]) -> None:
    plant = Plant()
    page = client_of(people["reader"]).get(f"/charts/compare/{plant.characteristic.pk}").content.decode()
    assert "no chart with a point yet" in page


def counts(plant: Plant, *pairs: tuple[int, int]) -> None:
    plant.deliver([plant.reading(count, size=str(size)) for count, size in pairs])


def overdispersed() -> Plant:
    plant = Plant(**COUNTED)
    counts(plant, *((40 if number % 3 else 160, 2000) for number in range(30)))
    return plant


def test_a_chart_that_suits_better_is_taken_in_one_step_and_released_by_another(
    people: dict[str, Person],
) -> None:
    plant = overdispersed()
    engineer = client_of(people["engineer"])
    told = engineer.get(f"/charts/{plant.stream}/advice.json").json()
    assert (told["kind"], told["advised"], told["takes"]) == ("p", "laney-p", True)
    assert "Counts vary" in told["found"][0]
    page = engineer.get(f"/charts/{plant.stream}/advice").content.decode()
    assert told["found"][0] in page
    assert (
        client_of(people["reader"]).post(f"/charts/{plant.stream}/advice", {"kind": "laney-p"}).status_code
        == 403
    )
    answer = engineer.post(f"/charts/{plant.stream}/advice", {"kind": "laney-p"})
    assert answer.status_code == 302
    record = products.characteristic(plant.characteristic.pk)
    assert (record.header.state, record.chart_kind) == ("under_change", "laney-p")


def test_what_is_not_advised_is_not_taken(people: dict[str, Person]) -> None:
    plant = overdispersed()
    answer = client_of(people["engineer"]).post(f"/charts/{plant.stream}/advice.json", {"kind": "np"})
    assert answer.status_code == 409
    assert answer.json()["reasons"][0]["code"] == "monitoring.not_advised"


def test_too_few_points_are_advised_nothing_and_unsound_ones_are_named(people: dict[str, Person]) -> None:
    plant = Plant()
    plant.send(*STEADY)
    client = client_of(people["reader"])
    assert "10 of 20 points" in client.get(f"/charts/{plant.stream}/advice").content.decode()
    plant.send(*CLIMBING)
    told = client.get(f"/charts/{plant.stream}/advice.json").json()
    assert (told["advised"], told["takes"]) == ("i-mr", False)
    assert any("resemble each other" in words for words in told["found"])
    assert client.get("/charts/999999/advice").status_code == 404


def test_the_same_points_are_looked_at_more_closely(people: dict[str, Person]) -> None:
    plant = plant_with(("M1", STEADY * 5), lsl=Decimal(45), usl=Decimal(55), **MEANS)
    client = client_of(people["reader"])
    address = f"/charts/{plant.stream}/closer"
    told = client.get(f"{address}.json?rules=western-electric&convention=aiag").json()
    assert (told["points"], told["own_limits"]) == (10, False)
    assert told["rules"]["tables"][0]["name"] == ["platform", "western-electric"]
    assert told["overlooked"]["tables"][0]["accept"][0] == pytest.approx(0.9973, abs=1e-4)
    assert "gemba and aiag differ in" in told["conventions"]["said"]
    assert told["model"]["said"].startswith("Diameter: ")
    page = client.get(address).content.decode()
    assert "What both say alike" in page
    assert f'data-figure="/charts/{plant.stream}/overlooked.json' in page
    drawn = client.get(f"/charts/{plant.stream}/overlooked.json?width=390").json()
    assert drawn["alt"].startswith("Operating characteristic: xbar-r.")
    for asked, refuse in (("rules=nelsen", partial(rule_set, "nelsen")),
                          ("convention=minitap", partial(convention_named, "minitap"))):  # fmt: skip
        wrong = client.get(f"{address}.json?{asked}")
        with pytest.raises(UnknownName) as told:
            refuse()
        assert (wrong.status_code, wrong.json()["detail"]) == (422, str(told.value))
    chart = client.get(f"/charts/{plant.stream}").content.decode()
    assert f"{address}?last=100#conventions" in chart


def test_what_a_closer_look_cannot_tell_it_says(people: dict[str, Person]) -> None:
    client = client_of(people["reader"])
    plant = Plant(lsl=Decimal(0), usl=Decimal(100))
    plant.deliver([plant.reading(50.0)])
    told = client.get(f"/charts/{plant.stream}/closer.json").json()
    assert "two points" in told["rules"]["why"]
    assert "one value has no spread" in told["conventions"]["why"]
    assert told["model"]["why"].startswith("A model over time needs at least 10 subgroups")
    assert client.get(f"/charts/{plant.stream}/overlooked.json").json()["spec"] is None
    summed = plant_with(("M1", STEADY), chart_kind="ewma")
    told = client.get(f"/charts/{summed.stream}/closer.json").json()
    assert told["overlooked"]["said"].startswith("ewma lam=0.2")
    moved = plant_with(("M1", STEADY), chart_kind="ma", limits=False)
    told = client.get(f"/charts/{moved.stream}/closer.json").json()
    assert told["own_limits"]
    assert told["overlooked"]["why"] == "What a chart of kind ma overlooks is not computed."


def test_the_characteristics_of_a_product_stand_in_one_picture(people: dict[str, Person]) -> None:
    site = Site.objects.get_or_create(code="HAL", defaults={"name": "Halle", "zone": "Europe/Berlin"})[0]
    product = product_in("released", site=site, maker=ENGINEER, decider=CHECKER, now=NOW)
    client = client_of(people["reader"])
    address = f"/goal/{product.pk}"
    assert "No characteristic of this product has a chart" in client.get(address).content.decode()
    record = f"/records/product/{product.pk}"
    assert "No characteristic names this product" in client.get(record).content.decode()
    assert client.get(f"{address}/figure.json").json()["spec"] is None
    given: dict[str, Any] = {"product": "Housing 12", "lsl": Decimal(45), "usl": Decimal(55)}
    wide = plant_with(("M1", STEADY), name="Bore", **given)
    plant_with(("M1", tuple(value + 4 for value in STEADY)), name="Face", **given)
    burr = Plant(name="Burr", product="Housing 12", **COUNTED)
    counts(burr, (1, 20), (2, 20))
    told = client.get(f"{address}.json").json()
    assert told["tables"][0]["name"] == ["Face machine M1", "Bore machine M1"]
    assert told["streams"][1] == wide.stream
    assert [item["why"] for item in told["aside"]] == ["There are no specification limits."]
    page = client.get(address).content.decode()
    assert f'<a href="/charts/{wide.stream}">Bore machine M1</a>' in page
    assert "Goal plot of 2 characteristics" in client.get(f"{address}/figure.json?width=390").json()["alt"]
    assert f'href="{address}"' in client.get(record).content.decode()
    assert client.get(f"/goal/{wide.characteristic.pk}").status_code == 404
    closer = client.get(f"/charts/{wide.stream}/closer").content.decode()
    assert f'href="{address}"' in closer
