from __future__ import annotations

import pytest

from charted.plant import NOW
from gemba.quality.people import services as people
from gemba.quality.people.queries import actor_of
from gemba.quality.records.actor import Actor, system
from gemba.quality.records.signatures import Proof

SETUP = system("setup")
SECRET = "correct-horse-battery"


@pytest.fixture
def approver() -> Actor:
    """A person who may sign."""
    person = people.create_person(username="otto", name="Otto Approver", actor=SETUP, now=NOW)
    people.grant_role(person=person, role="approver", actor=SETUP, now=NOW)
    people.check_identity(person=person, how="passport", actor=SETUP, now=NOW)
    people.record_training(person=person, training="Signing", actor=SETUP, now=NOW)
    actor = actor_of(person.pk)
    assert actor is not None
    people.accept_signing(person=person, secret=SECRET, actor=actor, now=NOW)
    return actor


@pytest.fixture
def proof() -> Proof:
    return Proof(SECRET, identifier="otto")
