"""The writer of parties; they are edited and moved the plain way of the kernel."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from gemba.quality.people.parties.inputs import PartyInput
from gemba.quality.people.parties.models import Party
from gemba.quality.people.parties.record import PARTY
from gemba.quality.records.actor import Actor
from gemba.quality.records.editing import create_plain
from gemba.quality.records.models import Site


def add_party(*, site: Site, given: PartyInput, actor: Actor, now: datetime) -> Party:
    """Make a customer or supplier known, with its number."""
    return cast(Party, create_plain(PARTY, site=site, given=given, actor=actor, now=now))
