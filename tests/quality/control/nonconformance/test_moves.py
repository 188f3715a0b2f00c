"""The table of states and moves, exhaustively: what leaves a state leaves it, nothing else does."""

from datetime import UTC, datetime

import pytest
from django.db import transaction

from gemba.quality.control.nonconformance.factory import WAY, Staff, nonconformance_in, proof_of
from gemba.quality.control.nonconformance.lifecycle import LIFECYCLE
from gemba.quality.control.nonconformance.models import Nonconformance
from gemba.quality.people.roles import ROLES
from gemba.quality.records.actor import Actor
from gemba.quality.records.advance import advance, answers
from gemba.quality.records.lifecycle import LOCKED, Move
from gemba.quality.records.models import Header, Site
from gemba.quality.records.reasons import Refused

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
STATES = tuple(state.name for state in LIFECYCLE.states)
EVERY_ROLE = frozenset((role, "HAL") for role in ROLES)

pytestmark = pytest.mark.django_db


def attempt(record: Nonconformance, move: Move, actor: Actor) -> tuple[list[str], str]:
    """The codes of the refusal, and the state in which the store then is; nothing is kept."""
    fresh = Nonconformance.objects.select_related("header").get(pk=record.pk)
    proof = proof_of(actor) if actor.kind == "person" else None
    codes = []
    with transaction.atomic():
        try:
            advance(fresh, move.name, actor=actor, now=NOW, inputs={"reason": "because"}, proof=proof)
        except Refused as refused:
            codes = [reason.code for reason in refused.reasons]
        state = Header.objects.get(pk=record.pk).state
        transaction.set_rollback(True)
    return codes, state


@pytest.mark.parametrize("state", STATES)
def test_a_move_is_refused_for_its_state_exactly_where_the_table_does_not_have_it(
    site: Site, staff: Staff, state: str
) -> None:
    record = nonconformance_in(state, site=site, staff=staff, now=NOW)
    chief = Actor("person", staff.auditor.id, "Chief", EVERY_ROLE)
    for move in LIFECYCLE.moves:
        codes, stored = attempt(record, move, chief)
        assert ("records.wrong_state" in codes) == (state not in move.sources), move.name
        assert stored == (state if codes else move.target), move.name


@pytest.mark.parametrize("state", STATES)
def test_a_move_is_refused_to_machines_and_to_whoever_has_none_of_its_roles(
    site: Site, staff: Staff, state: str
) -> None:
    record = nonconformance_in(state, site=site, staff=staff, now=NOW)
    for move in LIFECYCLE.moves_from(state):
        others = frozenset((role, "HAL") for role in ROLES if role not in move.roles)
        elsewhere = frozenset((role, "ULM") for role in ROLES)
        stranger = Actor("person", staff.auditor.id, "Stranger", others | elsewhere)
        assert "records.role_missing" in attempt(record, move, stranger)[0], move.name
        for machine in (
            Actor("token", "token:9", "PLC", EVERY_ROLE),
            Actor("device", "device:9", "gauge", EVERY_ROLE),
            Actor("system", "system:rule", "rule", EVERY_ROLE),
        ):
            assert "records.person_only" in attempt(record, move, machine)[0], move.name


@pytest.mark.parametrize("state", [name for name in STATES if name != "void"])
def test_somebody_can_always_go_on(site: Site, staff: Staff, state: str) -> None:
    record = nonconformance_in(state, site=site, staff=staff, now=NOW)
    open_ways = [
        answer.move.name
        for actor in staff.everybody
        for answer in answers(record, actor=actor, now=NOW)
        if answer.allowed
    ]
    assert open_ways


def test_the_straight_way_leads_through_every_state_that_is_no_end() -> None:
    assert set(WAY) == set(STATES) - {"void"}
    assert [state.name for state in LIFECYCLE.states if state.category in LOCKED] == ["closed", "void"]
