"""How a party is listed, filtered, shown, made and edited: the plain way of the kernel in everything."""

from __future__ import annotations

from gemba.quality.people.parties.inputs import PartyInput
from gemba.quality.people.parties.record import PARTY
from gemba.quality.records.actions import Action
from gemba.quality.records.screen import Column, Filter, Screen, Section
from gemba.stats.results import N_

SCREEN = Screen(
    kind=PARTY,
    columns=(
        Column("number"),
        Column("title", N_("Name")),
        Column("kind"),
        Column("state"),
        Column("contact"),
        Column("site"),
    ),
    filters=(Filter("state"), Filter("kind"), Filter("site")),
    sections=(
        Section(N_("Who it is"), ("title", "kind", "code")),
        Section(N_("How to reach it"), ("contact", "email", "phone", "address")),
    ),
    search=("code", "contact", "email", "address"),
    help="records/party",
    create=Action(PartyInput),
    edit=Action(PartyInput),
)
