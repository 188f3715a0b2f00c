"""How a characteristic is listed, filtered, shown, made and edited."""

from __future__ import annotations

from gemba.quality.planning.products.inputs import CharacteristicInput
from gemba.quality.planning.products.record import CHARACTERISTIC
from gemba.quality.planning.products.services import create_characteristic, edit_characteristic
from gemba.quality.records.actions import Action, calling
from gemba.quality.records.screen import Column, Filter, Screen, Section
from gemba.stats.results import N_

SCREEN = Screen(
    kind=CHARACTERISTIC,
    columns=(
        Column("number"),
        Column("name"),
        Column("state"),
        Column("product"),
        Column("process"),
        Column("unit"),
        Column("lsl", N_("LSL")),
        Column("usl", N_("USL")),
        Column("site"),
    ),
    filters=(
        Filter("state"),
        Filter("site"),
        Filter("product"),
        Filter("process"),
        Filter("special_class"),
        Filter("category"),
    ),
    sections=(
        Section(N_("What is measured"), ("name", "product", "process", "step", "data_kind", "special_class")),
        Section(
            N_("What is asked"),
            ("unit", "decimals", "lsl", "target", "usl", "guard_band", "criterion", "natural_low",
             "natural_high", "plausible_low", "plausible_high"),
        ),
        Section(
            N_("How its chart is drawn"),
            ("chart_kind", "subgroup_size", "subgroup_minutes", "rules", "needed_subgroups", "stream_keys"),
        ),
        Section(
            N_("What happens at a signal"),
            ("reaction_plan", "reaction_role", "reaction_minutes", "suspect_when"),
        ),
    ),
    search=("name", "product", "process", "step"),
    create=Action(CharacteristicInput, calling(create_characteristic)),
    edit=Action(CharacteristicInput, calling(edit_characteristic, "characteristic")),
)  # fmt: skip
