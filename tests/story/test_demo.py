"""The demo plant: what happens in it is found by the product's own rules, and it can be played."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings

from gemba.demo.asked import NEEDS, NOT_MEASURED, SHARED
from gemba.demo.book import BY_CODE, SEED, STORIES
from gemba.demo.crew import Crew
from gemba.demo.disposing import Finding, settle
from gemba.demo.history import make_plant
from gemba.demo.living import Entrance, Living
from gemba.demo.mark import Mark, is_ready, read_mark
from gemba.demo.people import CAST, ENGINEER, INSPECTOR, MANAGER, Shift, known
from gemba.demo.stories import Told, told
from gemba.demo.values import DAY, Point, calm_point, readings_of
from gemba.demo.web import playing, views
from gemba.quality.assurance.coverage.queries import coverage_of
from gemba.quality.control.collecting.queries import readings_between
from gemba.quality.control.gauges.models import Gauge
from gemba.quality.control.monitoring.models import LimitSet, Signal
from gemba.quality.control.monitoring.services import acknowledge_signal
from gemba.quality.control.nonconformance.models import Nonconformance
from gemba.quality.improvement.capa.judging import verdict_of
from gemba.quality.improvement.capa.models import Capa, Judgement
from gemba.quality.people.competences.models import Qualification
from gemba.quality.planning.controlplans.models import ControlPlan
from gemba.quality.records.canonical import to_microseconds
from gemba.quality.records.links import linked_headers
from gemba.quality.records.models import Header, Signature, Task
from gemba.quality.records.reasons import Refused
from gemba.quality.records.signatures import is_valid
from gemba.quality.records.thread.walk import thread_of
from gemba.quality.records.trail import verify
from gemba.server.clock import set_ahead, wall
from gemba.server.identity import forget
from gemba.stats.charts import judge, known_limits

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
CODES = tuple(dict.fromkeys(story.code for story in STORIES))
PAGES: Any = settings.TEMPLATES[0]
OPTIONS = PAGES["OPTIONS"]
ADDED = [*OPTIONS["context_processors"], "gemba.demo.web.context.demo"]
SHOWN = [*PAGES["DIRS"], Path(views.__file__).parent / "templates"]
FACE: dict[str, Any] = {
    "ROOT_URLCONF": "gemba.demo.web.urls",
    "MORE_ACCESS": "gemba.demo.web.access.ACCESS",
    "TEMPLATES": [{**PAGES, "DIRS": SHOWN, "OPTIONS": {**OPTIONS, "context_processors": ADDED}}],
}
"""What the settings say where a demo is served."""


@pytest.fixture(scope="module")
def living(django_db_setup: None, django_db_blocker: Any) -> Iterator[Living]:
    """The streams of the stories with their ninety days, made once; what a test changes is taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        mark = make_plant(now=NOW, days=90, seed=SEED, codes=CODES)
        yield Living(mark, lambda _moment: None, CODES)
        transaction.set_rollback(True)


@pytest.fixture
def stories(living: Living) -> dict[str, Told]:
    return {item.story.name: item for item in told(living.mark, living.streams())}


@pytest.mark.parametrize("name", [story.name for story in STORIES])
def test_each_story_was_found_by_a_rule_that_is_meant_for_it(stories: dict[str, Told], name: str) -> None:
    found = stories[name]
    assert found.signal is not None
    assert set(found.rules) & set(found.story.rules)


def capa_of(stories: dict[str, Told], name: str) -> Capa:
    header = stories[name].capa
    assert header is not None
    return Capa.objects.select_related("header").get(pk=header.pk)


def test_what_customers_ask_is_covered_and_measured_but_for_one_thing(living: Living) -> None:
    agreed = dict(Header.objects.filter(type="requirement", state="agreed").values_list("id", "site_id"))
    titles = dict(Header.objects.filter(pk__in=agreed).values_list("id", "title"))
    assert len(titles) == len(NEEDS) + 1
    found = {titles[pk]: item.verdict for pk, item in coverage_of(agreed, NOW).items()}
    alone = found.pop(NOT_MEASURED.title)
    assert [gap.code for gap in alone.gaps] == ["coverage.no_characteristic"]
    assert all(verdict.covered for verdict in found.values())
    measured = {NEEDS[code].title for code in CODES if code not in SHARED.values()}
    assert all(found[title].measured for title in measured)
    unmet = {title for title in measured if not found[title].met}
    assert unmet == {NEEDS[code].title for code in ("bore", "wall", "time")}
    assert [gap.code for gap in found[NEEDS["bore"].title].gaps] == ["coverage.signal_open"]
    assert "coverage.nonconform" in [gap.code for gap in found[NEEDS["wall"].title].gaps]


def test_no_thread_of_what_is_measured_has_a_gap_or_a_broken_link(living: Living) -> None:
    auditor = known(CAST["aiko"])
    for header in Header.objects.filter(type__in=("characteristic", "gauge", "control-plan", "capa")):
        assert thread_of(header.pk, actor=auditor).faults == (), header.number
    asked = Header.objects.get(type="requirement", title=NEEDS["leak"].title)
    kinds = {card.type for card in thread_of(asked.pk, actor=auditor).cards}
    assert {"party", "requirement", "characteristic", "control-plan", "chart"} <= kinds


def test_the_mixed_up_lot_is_the_only_one_that_is_suspect(stories: dict[str, Told]) -> None:
    header = stories["mixed-lot"].nonconformance
    assert header is not None
    record = Nonconformance.objects.get(pk=header.pk)
    assert (header.state, record.lot) == ("closed", "G-2217")
    signature = Signature.objects.get(header=header)
    assert is_valid(signature)


def test_its_corrective_action_was_asked_for_by_the_loop_and_is_the_engineers_now(
    stories: dict[str, Told], living: Living
) -> None:
    capa, held = capa_of(stories, "mixed-lot"), stories["mixed-lot"].nonconformance
    assert [item.id for item in linked_headers(capa.pk)["corrects"]] == [held.pk if held else 0]
    assert (capa.header.state, capa.cycle) == ("investigation", 1)
    assert capa.causes.get().verified_at is not None
    task = Task.objects.get(header=capa.header, state="open")
    assert task.assignee == "role:engineer"
    assert (task.due_at or 0) > to_microseconds(NOW)


def test_what_would_lapse_was_shown_anew_and_nobody_is_barred(living: Living) -> None:
    held = Qualification.objects.select_related("header").order_by("pk")
    assert [row.header.owner for row in held] == [known(role).id for role in (INSPECTOR, ENGINEER, MANAGER)]
    assert {row.header.state for row in held} == {"valid"}
    assert held[0].proved_on > living.mark.start.date()
    assert [row.header.version for row in held[1:]] == [2, 2]
    assert Task.objects.filter(what="competences.task_renew", state="done").count() == 1
    assert not Task.objects.filter(what__startswith="competences.", state="open").exists()


def test_a_calibration_found_the_gauge_that_had_drifted(stories: dict[str, Told], living: Living) -> None:
    drifted = stories["gauge-drift"]
    assert drifted.signal is not None
    signal = Signal.objects.get(pk=drifted.signal.pk)
    other = next(pk for pk, place in living.streams().items() if place == ("torque", "1"))
    beside = Signal.objects.filter(stream=other, first_at__range=(signal.first_at, signal.last_at))
    assert signal.points > 5
    assert all(item.points < 3 for item in beside)
    rows = readings_between(drifted.stream, signal.first_at, signal.last_at)
    assert {row.gauge for row in rows} == {"TW-02"}
    gauge = Gauge.objects.select_related("header").get(header=drifted.gauge)
    bad = gauge.calibrations.get(number=2)
    assert abs(bad.as_found or 0) > (gauge.permissible_error or 0)
    asked = gauge.impacts.get()
    start = gauge.calibrations.get(number=1).calibrated_at or 0
    measured = readings_between(drifted.stream, start, (bad.calibrated_at or 0) + 1)
    assert asked.readings == sum(row.gauge == "TW-02" for row in measured)
    assert (asked.answer, 0 < (asked.outside or 0) < asked.readings) == ("checked", True)
    assert gauge.header.state == "in_service"
    assert Signature.objects.get(header=gauge.header).signer == known(MANAGER).id


def test_what_held_was_proved_by_the_data_and_signed_by_somebody_else(stories: dict[str, Told]) -> None:
    capa, manager = capa_of(stories, "held"), known(MANAGER)
    seen, found = verdict_of(capa, look_number=1)
    judged = Judgement.objects.get(capa=capa)
    assert (capa.header.state, found.verdict, judged.digest) == ("closed", "effective", seen.digest)
    approved, verified = Signature.objects.filter(header=capa.header).order_by("pk")
    assert (approved.meaning, verified.meaning, verified.signer) == ("approved", "verified", manager.id)
    assert approved.at < (capa.window_from or 0) < (capa.window_until or 0) < verified.at
    assert {row.done_by for row in capa.actions.all()} == {known(ENGINEER).id}
    plan = next(item for item in linked_headers(capa.pk)["affects"] if item.type == "control-plan")
    assert (plan.state, ControlPlan.objects.get(pk=plan.id).revision) == ("effective", 2)
    limits = LimitSet.objects.filter(stream=stories["held"].stream).order_by("pk")
    assert [item.header.state for item in limits] == ["superseded", "approved"]


def test_what_did_not_hold_began_the_next_cycle_by_itself(stories: dict[str, Told]) -> None:
    capa = capa_of(stories, "not-held")
    assert [(row.cycle, row.verdict) for row in capa.judgements.all()] == [(1, "not effective")]
    assert (capa.header.state, capa.cycle) == ("monitoring", 2)
    assert (capa.window_until or 0) > to_microseconds(NOW)
    lost = LimitSet.objects.filter(stream=stories["not-held"].stream).order_by("pk")
    assert [item.header.state for item in lost] == ["superseded"] * 3 + ["approved"]


def test_the_open_signal_is_left_to_whoever_opens_the_demo(stories: dict[str, Told]) -> None:
    found = stories["open"]
    assert found.signal is not None
    assert (found.signal.state, found.sentence) == ("open", found.story.sentence)
    assert Task.objects.filter(header=found.signal, state="open", assignee="role:inspector").exists()


def test_everything_in_it_is_sealed_and_it_says_that_it_is_a_demo(living: Living) -> None:
    assert verify().sound
    assert is_ready()
    assert read_mark() == Mark(NOW - timedelta(days=90), 90, SEED)


def calm(living: Living) -> list[str]:
    """The rules that would fire on fifty turns of a stream of single readings, if nothing is disturbed."""
    warp, values = BY_CODE["warp"], []
    for turn in range(50):
        at = NOW + timedelta(seconds=13 * turn)
        point = calm_point(Point(warp, "", at, (at - living.mark.start) / DAY), turn, SEED)
        values += [float(made.text) for made in readings_of(point, "", SEED)]
    limits = known_limits("i-mr", mean=warp.centre, sigma=warp.sigma)
    return [str(found.rule) for found in judge(limits, values, rules="platform").violations]


def test_it_lives_and_days_pass(living: Living) -> None:
    moments: list[datetime] = []
    grown = Living(living.mark, moments.append, CODES)
    before = dict(grown.plant.sent)
    with transaction.atomic():
        grown.look(NOW + timedelta(seconds=3))
        assert sum(grown.plant.sent.values()) > sum(before.values())
        assert calm(grown) == []
        assert grown.let_pass(1, NOW + timedelta(minutes=1)) == NOW + timedelta(days=1, minutes=1)
        transaction.set_rollback(True)
    assert len(moments) == 3


def test_thirty_days_later_verdicts_are_there_and_nothing_is_overdue(
    stories: dict[str, Told], living: Living
) -> None:
    grown = Living(living.mark, lambda _moment: None, CODES)
    begun = stories["open"].signal
    assert begun is not None
    with transaction.atomic():
        acknowledge_signal(signal=Signal.objects.get(pk=begun.pk), actor=known(MANAGER), now=NOW)
        moment = grown.let_pass(30, NOW + timedelta(minutes=1))
        capas = [capa_of(stories, name) for name in ("not-held", "mixed-lot")]
        said = [[(row.cycle, row.verdict) for row in capa.judgements.order_by("pk")] for capa in capas]
        waiting = list(Task.objects.filter(state="open"))
        after = {item.story.name: item.sentence for item in told(living.mark, grown.streams())}
        wall = Header.objects.get(type="requirement", title=NEEDS["wall"].title)
        met = coverage_of({wall.pk: wall.site_id}, moment)[wall.pk].verdict.met
        assert verify().sound
        transaction.set_rollback(True)
    assert said == [[(1, "not effective"), (2, "effective")], [(1, "effective")]]
    assert [capa.header.state for capa in capas] == ["closed", "judged"]
    assert [task.what for task in waiting if (task.due_at or 0) <= to_microseconds(moment)] == []
    assert 1 <= len(waiting) <= 8
    assert met
    assert {name: after[name] for name in ("open", "second-try")} == {
        story.name: story.afterwards for story in STORIES if story.name in ("open", "second-try")
    }


def test_what_somebody_began_in_his_own_way_stays_his(stories: dict[str, Told], living: Living) -> None:
    held = stories["open"].nonconformance
    assert held is not None
    draft = Nonconformance.objects.select_related("header", "header__site").get(pk=held.pk)
    inspector, engineer, manager = (known(role) for role in (INSPECTOR, ENGINEER, MANAGER))
    late = Shift(NOW + timedelta(days=5), 95.0, inspector, engineer, manager)
    story = stories["open"].story
    with transaction.atomic():
        alone = Shift(late.now, late.day, manager, engineer, manager)
        with pytest.raises(Refused):
            settle(draft, Finding(story.cause, story.action), alone)
        assert draft.header.state == "under_review"
        Crew(living.mark, living.streams()).work(late.now)
        draft.header.refresh_from_db()
        assert draft.header.state == "under_review"
        transaction.set_rollback(True)


def test_the_entrance_opens_once() -> None:
    door = Entrance()
    assert not door.use("x")
    assert door.use(door.secret)
    assert not door.use(door.secret)


def test_who_lets_days_pass_is_still_there(living: Living, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    entrance = Entrance()

    def let_pass(days: int, now: datetime) -> datetime:
        set_ahead(now + timedelta(days=days))
        return now + timedelta(days=days)

    monkeypatch.setattr(living, "let_pass", let_pass)
    playing.play(living, entrance)
    try:
        with override_settings(**FACE):
            client = Client()
            forget()
            client.get(f"/demo/enter/{entrance.secret}")
            assert client.post("/demo/pass").status_code == 302
            forget()
            assert "30 days have passed" in client.get("/").content.decode()
    finally:
        set_ahead(wall())
        playing.stop()
        forget()


def test_whoever_has_the_link_comes_in_and_can_be_somebody_else(living: Living) -> None:
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    entrance = Entrance()
    playing.play(living, entrance)
    try:
        with override_settings(**FACE):
            client = Client()
            forget()
            assert client.post("/demo/be", {"person": "quinn"}).status_code in (302, 401)
            assert client.get(f"/demo/enter/{entrance.secret}").status_code == 302
            page = client.get("/").content.decode()
            assert CAST["ines"].secret in page
            assert STORIES[0].sentence in page
            assert "svg" in client.get("/demo/lines").content.decode()
            assert client.get(f"/demo/enter/{entrance.secret}").status_code == 404
            assert client.post("/demo/be", {"person": "nobody"}).status_code == 409
            assert client.post("/demo/be", {"person": "quinn"}).status_code == 302
            assert CAST["quinn"].secret in client.get("/").content.decode()
            playing.stop()
            assert client.post("/demo/be", {"person": "ines"}).status_code == 404
            assert "demo-bar" not in client.get("/").content.decode()
    finally:
        playing.stop()
        forget()
