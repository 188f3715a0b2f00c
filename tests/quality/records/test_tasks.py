from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from gemba.quality.people.models import WorkingTime
from gemba.quality.records import store, tasks
from gemba.quality.records.actor import Actor, system
from gemba.quality.records.advance import advance
from gemba.quality.records.canonical import to_microseconds
from gemba.quality.records.history import trail_of
from gemba.quality.records.models import Delivery, Site, Task
from gemba.quality.records.outbox import MAX_ATTEMPTS, deliver_due, retry
from gemba.quality.records.reasons import Refused
from gemba.quality.records.recorder import create_record
from gemba.quality.records.store.elsewhere import grown
from gemba.quality.records.tasks import (
    Rung,
    complete_task,
    escalate_due,
    list_and_counts,
    open_task,
    reassign_task,
    task_in_words,
    tasks_for,
)
from gemba.quality.records.trail import verify
from gemba.quality.records.types import record_type
from gemba.quality.records.work import recording
from specimen import reactions
from specimen.models import Specimen

NOW = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
ANNA = Actor("person", "person:1", "Anna", frozenset({("inspector", "*")}))
BERT = Actor("person", "person:2", "Bert", frozenset({("approver", "HAL"), ("inspector", "HAL")}))
CARL = Actor("person", "person:3", "Carl", frozenset({("approver", "ULM"), ("quality_manager", "HAL")}))

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return Site.objects.create(code="HAL", name="Halle", zone="Europe/Berlin")


@pytest.fixture
def works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reactions, "broken", [])
    monkeypatch.setattr(reactions, "seen", [])


def ask(site: Site | None, **given: Any) -> Task:
    given = {"what": "tasks.asked", "values": {"text": "Look"}, "assignee": "role:approver"} | given
    return open_task(site=site, actor=ANNA, now=NOW, **given)


def codes(call: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as caught:
        call()
    return [reason.code for reason in caught.value.reasons]


def test_a_task_of_a_role_is_on_the_lists_of_that_role_at_that_site_only(site: Site) -> None:
    task = ask(site)
    assert [row.pk for row in tasks_for(BERT)] == [task.pk]
    assert tasks_for(ANNA) == tasks_for(CARL) == []


def test_a_task_of_no_site_is_on_the_list_of_the_role_everywhere(site: Site) -> None:
    ask(None)
    assert len(tasks_for(BERT)) == len(tasks_for(CARL)) == 1


def test_the_list_begins_with_what_is_due_first_and_ends_with_what_is_never_due(site: Site) -> None:
    never, late, soon = (ask(site, due_minutes=minutes) for minutes in (None, 90, 30))
    assert [row.pk for row in tasks_for(BERT)] == [soon.pk, late.pk, never.pk]


def test_a_task_is_due_by_the_calendar_of_its_site(site: Site) -> None:
    WorkingTime.objects.create(site=site, day=2, start=8 * 60, end=16 * 60)
    task = ask(site, due_minutes=30)
    assert task.due_at == to_microseconds(datetime(2026, 3, 4, 7, 30, tzinfo=UTC))


def test_the_words_of_a_task_are_in_the_readers_language(site: Site) -> None:
    task = ask(site, what="tasks.delivery_failed", values={"reaction": "r", "error": "e"})
    assert task_in_words(task).startswith("The reaction 'r' keeps failing: e.")
    assert task_in_words(task, "pseudo").startswith("⟦")


def test_only_who_holds_it_does_it_and_shows_how(site: Site) -> None:
    task = ask(site)
    assert codes(lambda: complete_task(task=task.pk, evidence=" ", actor=ANNA, now=NOW)) == [
        "tasks.not_yours",
        "tasks.evidence_missing",
    ]
    done = complete_task(task=task.pk, evidence="seen on the line", actor=BERT, now=NOW)
    assert (done.state, done.done_by, done.evidence) == ("done", "person:2", "seen on the line")
    assert codes(lambda: complete_task(task=task.pk, evidence="x", actor=BERT, now=NOW)) == [
        "tasks.done_already"
    ]
    assert tasks_for(BERT) == []


def test_a_task_is_handed_on_with_a_reason_by_its_holder_or_its_opener(site: Site) -> None:
    task = ask(site)
    assert codes(lambda: reassign_task(task=task.pk, assignee="Anna", reason="", actor=CARL, now=NOW)) == [
        "tasks.assignee_unknown"
    ]
    assert codes(
        lambda: reassign_task(task=task.pk, assignee="person:3", reason="", actor=CARL, now=NOW)
    ) == [
        "tasks.not_yours",
        "records.reason_missing",
    ]
    reassign_task(task=task.pk, assignee="person:3", reason="on leave", actor=ANNA, now=NOW)
    assert [row.pk for row in tasks_for(CARL)] == [task.pk]
    assert tasks_for(BERT) == []


def test_a_late_task_goes_up_its_ladder_and_stays_with_who_had_it(site: Site) -> None:
    task = ask(site, due_minutes=60, ladder=(Rung(30, "role:quality_manager"), Rung(90, "person:9")))
    assert escalate_due(NOW + timedelta(minutes=89)) == 0
    assert escalate_due(NOW + timedelta(minutes=90)) == 1
    assert escalate_due(NOW + timedelta(minutes=90)) == 0
    assert [row.pk for row in tasks_for(CARL)] == [row.pk for row in tasks_for(BERT)] == [task.pk]
    assert escalate_due(NOW + timedelta(minutes=150)) == 1
    row = Task.objects.get(pk=task.pk)
    assert (row.escalated_to, row.next_at) == ("person:9", None)
    nina = Actor("person", "person:9", "Nina")
    for holder in (BERT, CARL, nina):
        assert [row.pk for row in tasks_for(holder)] == [task.pk], holder
        assert list_and_counts(holder, [to_microseconds(NOW)], limit=5)[1] == [0, 1, 0]
    complete_task(task=task.pk, evidence="done", actor=CARL, now=NOW)
    assert escalate_due(NOW + timedelta(days=9)) == 0


def test_one_subject_has_one_open_task(site: Site) -> None:
    first = ask(site, subject="machine 4")
    assert ask(site, subject="machine 4").pk == first.pk
    complete_task(task=first.pk, evidence="mended", actor=BERT, now=NOW)
    assert ask(site, subject="machine 4").pk != first.pk


def test_every_step_of_a_task_is_in_the_trail(site: Site) -> None:
    specimen = taken(site)
    task = ask(None, header=specimen.header)
    reassign_task(task=task.pk, assignee="person:2", reason="knows it", actor=ANNA, now=NOW)
    complete_task(task=task.pk, evidence="done", actor=BERT, now=NOW)
    lines = [(line.action, line.actor) for line in trail_of(specimen.pk)][-3:]
    assert lines == [("task.open", "person:1"), ("task.reassign", "person:1"), ("task.done", "person:2")]
    assert verify().sound


def taken(site: Site) -> Specimen:
    with recording(actor=ANNA, now=NOW) as work:
        made = create_record(work, record_type("specimen"), Specimen(weight=Decimal(1)), site=site, title="A")
    return advance(made, "take", actor=ANNA, now=NOW)


def test_a_guard_sees_what_is_still_to_be_done(site: Site, works: None) -> None:
    specimen = advance(taken(site), "release", actor=BERT, now=NOW)
    assert [deliver_due(NOW) for _ in range(3)] == [1, 1, 0]
    task = tasks_for(BERT)[0]
    assert (task.what, task.header_id) == ("specimen.file", specimen.pk)
    assert codes(lambda: advance(specimen, "keep", actor=BERT, now=NOW)) == ["records.task_open"]
    complete_task(task=task.pk, evidence="cabinet 3", actor=BERT, now=NOW)
    assert advance(specimen, "keep", actor=BERT, now=NOW).header.state == "kept"


def test_a_reaction_that_keeps_failing_becomes_a_task_and_needs_nobody_when_it_works_again(
    site: Site, works: None, caplog: pytest.LogCaptureFixture
) -> None:
    specimen = taken(site)
    reactions.broken.append("the line is dead")
    moment = NOW
    for _ in range(MAX_ATTEMPTS):
        assert deliver_due(moment) == 1
        moment += timedelta(hours=1)
    assert deliver_due(moment) == 0
    task = Task.objects.get(what="tasks.delivery_failed")
    assert (task.assignee, task.header_id) == ("role:system_administrator", specimen.pk)
    assert "the line is dead" in task_in_words(task)
    reactions.broken.clear()
    retry(Delivery.objects.get().pk, moment)
    assert deliver_due(moment) == 1
    assert Task.objects.get(pk=task.pk).evidence == "delivered"
    assert len(reactions.seen) == 1


def test_a_chain_of_reactions_that_never_ends_becomes_a_task(
    site: Site, works: None, django_capture_on_commit_callbacks: Any
) -> None:
    from gemba.quality.records.outbox import MAX_DEPTH, emit

    with (
        django_capture_on_commit_callbacks(execute=True),
        recording(actor=system("loop"), now=NOW, depth=MAX_DEPTH) as work,
    ):
        emit(work, "SpecimenTaken", None, {})
    assert Task.objects.get().what == "tasks.delivery_failed"
    assert to_microseconds(NOW) == Task.objects.get().opened_at


def test_whether_a_task_is_open_about_a_subject_is_looked_up_by_the_subject(site: Site) -> None:
    if grown():
        pytest.skip("a few rows are read through as they lie")
    ask(site, subject="lot 12")
    plan = store.fetch(f"EXPLAIN QUERY PLAN {tasks._OPEN_ABOUT}", ["lot 12"])
    assert [row[3] for row in plan] == ["SEARCH records_task USING INDEX task_once (subject=?)"]
