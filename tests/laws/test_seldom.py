"""Refusals and tasks that seldom come: each is produced by the program itself, and reads as a sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from charted.plant import CHECKER, ENGINEER, Plant
from gemba.quality.control.monitoring import services as monitoring
from gemba.quality.control.monitoring.judging import Judge
from gemba.quality.control.monitoring.models import LimitSet
from gemba.quality.people import services as people
from gemba.quality.people.sites import create_site
from gemba.quality.records.actor import system
from gemba.quality.records.hostile import judge_file
from gemba.quality.records.links import add_link
from gemba.quality.records.models import Site, Task
from gemba.quality.records.outbox import deliver_due
from gemba.quality.records.ownfields import MOST_FIELDS, define_own_field
from gemba.quality.records.reasons import Refused, in_words
from gemba.quality.records.tasks import task_in_words
from gemba.quality.records.work import recording
from laws.steering import given_by_none
from specimen.types import SPECIMEN

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SETUP = system("setup")

pytestmark = pytest.mark.django_db


def codes(call: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as caught:
        call()
    assert all(in_words(reason) for reason in caught.value.reasons)
    return [reason.code for reason in caught.value.reasons]


def test_a_right_is_one_of_those_that_there_are_and_for_somebody_who_works_here() -> None:
    anna = people.create_person(username="anna", name="Anna", actor=SETUP, now=NOW)
    people.disable_person(person=anna, reason="left", actor=SETUP, now=NOW)
    grant = lambda: people.grant_role(person=anna, role="king", actor=SETUP, now=NOW)  # noqa: E731
    assert codes(grant) == ["people.role_unknown", "people.disabled"]


def test_a_site_is_made_once_by_whoever_keeps_the_settings() -> None:
    create_site(code="HAL", name="Halle", zone="Europe/Berlin", actor=SETUP, now=NOW)
    again = lambda: create_site(code="hal", name="Halle", zone="UTC", actor=ENGINEER, now=NOW)  # noqa: E731
    assert codes(again) == ["people.not_system_administrator", "people.site_taken"]


def test_only_known_relations_join_records() -> None:
    chart = Plant().characteristic.pk

    def join() -> None:
        with recording(actor=ENGINEER, now=NOW) as work:
            add_link(work, chart, "likes", chart)

    assert codes(join) == ["records.relation_unknown"]


def test_a_type_of_record_holds_so_many_fields_of_its_own_and_no_more() -> None:
    Site.objects.create(code="HAL", name="Halle")

    def define(number: int) -> None:
        define_own_field(kind=SPECIMEN, key=f"f{number}", label="Melt", what="text", actor=SETUP, now=NOW)

    for number in range(MOST_FIELDS):
        define(number)
    assert codes(lambda: define(MOST_FIELDS)) == ["own.many"]


def test_a_workbook_with_a_password_is_refused_with_its_mend() -> None:
    import io
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr("xl/workbook.xml", b"<workbook/>")
    content = bytearray(buffer.getvalue())
    place = content.find(b"PK\x01\x02")
    content[place + 8] |= 1
    assert "files.packed_locked" in [reason.code for reason in judge_file("t.xlsx", bytes(content)).reasons]


def test_limits_are_proposed_for_a_chart_and_changed_only_while_they_are_proposed() -> None:
    propose = lambda: monitoring.propose_limits(stream=99, actor=ENGINEER, now=NOW)  # noqa: E731
    assert codes(propose) == ["monitoring.no_chart"]
    plant = Plant(needed_subgroups=10)
    plant.send(*(10.0, 10.2, 9.9, 10.1, 9.8) * 2)
    plant.work()
    found = LimitSet.objects.select_related("header", "header__site").get()
    monitoring.reject_limits(limit_set=found, reason="too few", actor=CHECKER, now=plant.now)
    edit = lambda: monitoring.edit_limits(limit_set=found, excluded={}, actor=ENGINEER, now=plant.now)  # noqa: E731
    assert codes(edit) == ["monitoring.not_proposed"]


def test_a_judge_that_fails_is_on_an_engineers_list_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    plant = Plant()
    plant.send(50.0)

    def broken(*given: object) -> None:
        raise ZeroDivisionError("float division by zero")

    monkeypatch.setattr(Judge, "judge_ready", broken)
    plant.send(51.0)
    while deliver_due(plant.now + timedelta(seconds=1)):
        pass
    task = Task.objects.get(what="loop.judge_failed")
    assert task.assignee == "role:engineer"
    assert "float division by zero" in task_in_words(task)


def test_what_one_part_was_given_no_other_part_must_be(tmp_path: Path) -> None:
    for part in range(3):
        assert given_by_none(tmp_path, part, ["a", "b", "c"], parts=4) == []
    assert given_by_none(tmp_path, 3, ["b"], parts=4) == ["b"]
