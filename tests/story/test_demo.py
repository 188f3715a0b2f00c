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

from gemba.demo.asked import NEEDS
from gemba.demo.book import SEED, STORIES
from gemba.demo.history import make_plant
from gemba.demo.living import Entrance, Living
from gemba.demo.mark import Mark, is_ready, read_mark
from gemba.demo.people import CAST
from gemba.demo.stories import Told, told
from gemba.demo.web import playing, views
from gemba.quality.control.collecting.queries import readings_between
from gemba.quality.control.monitoring.models import LimitSet, Signal
from gemba.quality.control.nonconformance.models import Nonconformance
from gemba.quality.records.links import linked_headers
from gemba.quality.records.models import Header, Signature, Task
from gemba.quality.records.signatures import is_valid
from gemba.quality.records.trail import verify
from gemba.server.identity import forget

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


def test_what_customers_ask_is_agreed_and_verified_by_a_characteristic(living: Living) -> None:
    agreed = Header.objects.filter(type="requirement", state="agreed")
    assert agreed.count() == len(NEEDS)
    assert all(linked_headers(header.pk)["verified_by"] for header in agreed)


def test_the_mixed_up_lot_is_the_only_one_that_is_suspect(stories: dict[str, Told]) -> None:
    header = stories["mixed-lot"].nonconformance
    assert header is not None
    record = Nonconformance.objects.get(pk=header.pk)
    assert (header.state, record.lot) == ("closed", "G-2217")
    signature = Signature.objects.get(header=header)
    assert is_valid(signature)


def test_the_other_station_stood_still_while_the_gauge_drifted(
    stories: dict[str, Told], living: Living
) -> None:
    drifted = stories["gauge-drift"]
    assert drifted.signal is not None
    signal = Signal.objects.get(pk=drifted.signal.pk)
    other = next(pk for pk, place in living.streams().items() if place == ("torque", "1"))
    beside = Signal.objects.filter(stream=other, first_at__range=(signal.first_at, signal.last_at))
    assert signal.points > 5
    assert all(item.points < 3 for item in beside)
    rows = readings_between(drifted.stream, signal.first_at, signal.last_at)
    assert {row.gauge for row in rows} == {"TW-02"}


def test_one_improvement_has_limits_of_its_own_and_the_other_lost_them(stories: dict[str, Told]) -> None:
    held = LimitSet.objects.filter(stream=stories["held"].stream).order_by("pk")
    lost = LimitSet.objects.filter(stream=stories["not-held"].stream).order_by("pk")
    assert [item.header.state for item in held] == ["superseded", "approved"]
    assert [item.header.state for item in lost] == ["superseded", "superseded", "approved"]


def test_the_open_signal_is_left_to_whoever_opens_the_demo(stories: dict[str, Told]) -> None:
    found = stories["open"]
    assert found.signal is not None
    assert found.signal.state == "open"
    assert Task.objects.filter(header=found.signal, state="open", assignee="role:inspector").exists()


def test_everything_in_it_is_sealed_and_it_says_that_it_is_a_demo(living: Living) -> None:
    assert verify().sound
    assert is_ready()
    assert read_mark() == Mark(NOW - timedelta(days=90), 90, SEED)


def test_it_lives_and_days_pass(living: Living) -> None:
    moments: list[datetime] = []
    grown = Living(living.mark, moments.append, CODES)
    before = dict(grown.plant.sent)
    with transaction.atomic():
        grown.look(NOW + timedelta(seconds=3))
        assert sum(grown.plant.sent.values()) > sum(before.values())
        assert grown.let_pass(1, NOW + timedelta(minutes=1)) == NOW + timedelta(days=1, minutes=1)
        transaction.set_rollback(True)
    assert len(moments) == 3


def test_the_entrance_opens_once() -> None:
    door = Entrance()
    assert not door.use("x")
    assert door.use(door.secret)
    assert not door.use(door.secret)


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
