"""Two steps in one form: each a move of its own, with its guards and its signature; the first one stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from correcting.plant import Correcting
from gemba.quality.control.nonconformance import services
from gemba.quality.control.nonconformance.factory import (
    SECRET,
    Staff,
    make_staff,
    nonconformance_in,
    proof_of,
)
from gemba.quality.control.nonconformance.forms import line_after
from gemba.quality.control.nonconformance.inputs import LineInput, Opinion
from gemba.quality.control.nonconformance.models import Nonconformance
from gemba.quality.people.models import Person
from gemba.quality.planning.controlplans.factory import LINE, plan_in
from gemba.quality.records.models import Entry, Header, Signature, Site
from gemba.quality.records.types import record_type
from gemba.server.web.along import JOINED
from server.conftest import client_of, now

pytestmark = pytest.mark.django_db
ANSWER = {"needed": "no", "ground": "risk", "why": "seen once"}
TWO = (
    LineInput(quantity=Decimal(11), decision="scrap", reason="x"),
    LineInput(quantity=Decimal(1), decision="regrade", reason="y"),
)


@pytest.fixture
def staff(site: Site) -> Staff:
    return make_staff(site, now=now())


def ncr_in(state: str, site: Site, staff: Staff, **more: Any) -> Nonconformance:
    return nonconformance_in(state, site=site, staff=staff, now=now(), **more)


def send(who: str, row: Any, move: str, **typed: Any) -> Any:
    """What the form of a move answers to what was typed in it."""
    header = Header.objects.get(pk=row.pk)
    client = client_of(Person.objects.get(username=who))
    return client.post(
        f"/records/{header.type}/{row.pk}/moves/{move}", {"version": header.version, "back": "/"} | typed
    )


def moves_of(row: Any) -> list[str]:
    """The moves of a record that were taken, newest last."""
    entries = Entry.objects.filter(header=row.pk, action__startswith="move:").order_by("pk")
    return [entry.action.removeprefix("move:") for entry in entries if entry.version]


def test_each_pair_is_two_moves_of_which_one_leads_to_the_other() -> None:
    for (name, move), joins in JOINED.items():
        cycle = record_type(name).lifecycle
        first, second = cycle.move(move), cycle.move(joins.move)
        assert first is not None
        assert second is not None
        assert first.target in second.sources
        assert not second.needs_reason


def test_an_answer_and_the_closing_are_two_moves_and_the_second_is_signed(site: Site, staff: Staff) -> None:
    made = ncr_in("verified", site, staff)
    signed = {"identifier": "approver", "secret": SECRET}
    answer = send("approver", made, "answer_corrective", **ANSWER, **signed, then="close")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert moves_of(made)[-2:] == ["answer_corrective", "close"]
    assert Header.objects.get(pk=made.pk).state == "closed"
    assert Signature.objects.filter(header=made.pk).count() == 1


def test_without_the_second_button_only_the_first_is_taken_and_nothing_is_signed(
    site: Site, staff: Staff
) -> None:
    made = ncr_in("verified", site, staff)
    answer = send("approver", made, "answer_corrective", **ANSWER, secret=SECRET)
    assert answer["Location"] == "/"
    assert Header.objects.get(pk=made.pk).state == "verified"
    assert not Signature.objects.filter(header=made.pk).exists()


def test_a_second_that_is_refused_comes_back_with_its_form_and_the_first_stands(
    site: Site, staff: Staff
) -> None:
    made = ncr_in("verified", site, staff)
    wrong = {"identifier": "approver", "secret": "no"}
    answer = send("approver", made, "answer_corrective", **ANSWER, **wrong, then="close")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert f'action="/records/nonconformance/{made.pk}/moves/close"' in page
    assert "Answer: corrective action?: done." in page
    assert moves_of(made)[-1] == "answer_corrective"


def test_what_was_typed_of_the_second_is_kept_when_either_is_refused(site: Site, staff: Staff) -> None:
    made = ncr_in("contained", site, staff)
    services.review(
        nonconformance=made,
        given=Opinion(function="engineering", opinion="scrap it"),
        actor=staff.engineer,
        now=now(),
    )
    line = {"then-lines-0-quantity": "7", "then-lines-0-decision": "scrap", "then-lines-0-reason": "worn"}
    first = send("quality_manager", made, "review", function="quality", opinion=" ", **line, then="decide")
    assert first.status_code == 409
    assert 'name="then-lines-0-quantity" value="7"' in first.content.decode()
    typed = {"function": "quality", "opinion": "agreed"} | line
    second = send("quality_manager", made, "review", **typed, then="decide")
    assert "The lines add up to 7 pcs, but 12 pcs do not conform." in second.content.decode()
    assert 'name="lines-0-quantity" value="7"' in second.content.decode()
    assert Header.objects.get(pk=made.pk).state == "under_review"


def test_it_is_offered_where_the_person_may_take_it_and_not_before(site: Site, staff: Staff) -> None:
    made = ncr_in("contained", site, staff)
    form = f"/records/nonconformance/{made.pk}/moves/review"
    boss, engineer = (client_of(Person.objects.get(username=who)) for who in ("quality_manager", "engineer"))
    assert 'name="then"' not in boss.get(form).content.decode(), "engineering has not said anything yet"
    services.review(
        nonconformance=made,
        given=Opinion(function="engineering", opinion="scrap it"),
        actor=staff.engineer,
        now=now(),
    )
    assert 'name="then" value="decide"' in boss.get(form).content.decode()
    assert 'name="then"' not in engineer.get(form).content.decode()


def test_two_lines_are_carried_out_in_one_form_the_last_one_alone(site: Site, staff: Staff) -> None:
    made = ncr_in("dispositioned", site, staff, lines=TWO)
    assert line_after(made)["line"] == 2
    typed = {"line": 1, "quantity": 11, "evidence": "bin 4", "cost": "3.2", "currency": "EUR"}
    more = {"then-line": 2, "then-quantity": 1, "then-evidence": "label B"}
    assert send("operator", made, "execute", **typed, **more, then="execute").status_code == 302
    assert list(made.lines.order_by("number").values_list("evidence", flat=True)) == ["bin 4", "label B"]
    assert line_after(ncr_in("dispositioned", site, staff)) == {}


def test_with_the_last_action_the_next_revision_of_the_control_plan_is_begun(
    site: Site, staff: Staff
) -> None:
    here = Correcting(site, staff, now=now() - timedelta(days=20))
    line = replace(LINE, characteristic=here.plant.number)
    plan = plan_in("effective", site=site, maker=staff.engineer, decider=staff.approver,
                   proof=proof_of(staff.approver), now=here.since, line=line)  # fmt: skip
    made = here.capa_in("implementation")
    page = client_of(Person.objects.get(username="engineer")).get(f"/records/capa/{made.pk}/moves/do_action")
    assert f'name="begin" value="{plan.pk}"' in page.content.decode()
    answer = send("engineer", made, "do_action", number=1, evidence="counter set", begin=plan.pk)
    begun = Header.objects.filter(type="control-plan").latest("pk")
    assert begun.pk != plan.pk
    assert answer["Location"].startswith(f"/records/control-plan/{begun.pk}/edit?follows=1")
    assert moves_of(made)[-1] == "do_action"


@pytest.mark.parametrize("name", JOINED)
def test_a_secret_that_is_typed_once_signs_once(name: tuple[str, str]) -> None:
    lifecycle = record_type(name[0]).lifecycle
    steps = lifecycle.move(name[1]), lifecycle.move(JOINED[name].move)
    assert sum(bool(step and step.signature) for step in steps) <= 1
