"""How products and characteristics are listed, filtered, shown, made and edited."""

from __future__ import annotations

from gemba.quality.planning.products.inputs import CharacteristicInput, ProductInput
from gemba.quality.planning.products.record import CHARACTERISTIC, PRODUCT
from gemba.quality.planning.products.services import create_characteristic, edit_characteristic
from gemba.quality.records.actions import Action, calling
from gemba.quality.records.screen import Column, Filter, Screen, Section
from gemba.stats.results import N_

PRODUCT_SCREEN = Screen(
    kind=PRODUCT,
    columns=(
        Column("number"),
        Column("title", N_("Name")),
        Column("state"),
        Column("revision", N_("Revision")),
        Column("customer"),
        Column("supplier", N_("Supplier")),
        Column("site"),
    ),
    filters=(
        Filter("state"),
        Filter("category"),
        Filter("site"),
        Filter("customer"),
        Filter("supplier"),
        Filter("safety"),
    ),
    sections=(
        Section(N_("What it is"), ("title", "revision", "drawing", "configuration", "shelf_life")),
        Section(N_("For whom"), ("customer", "supplier", "safety", "regulated")),
    ),
    search=("drawing", "customer", "supplier", "regulated"),
    help="records/product",
    create=Action(ProductInput),
    edit=Action(ProductInput),
)
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
        Section(N_("What is measured"), (
            "name", "product", "process", "step", "verifies", "data_kind", "members", "special_class",
        )),
        Section(
            N_("What is asked"),
            ("unit", "decimals", "lsl", "target", "usl", "guard_band", "criterion", "natural_low",
             "natural_high", "plausible_low", "plausible_high"),
        ),
        Section(
            N_("How its chart is drawn"),
            (
                "chart_kind", "chart_design", "subgroup_size", "subgroup_minutes", "rules",
                "needed_subgroups", "stream_keys",
            ),
        ),
        Section(
            N_("What happens at a signal"),
            ("reaction_plan", "reaction_role", "reaction_minutes", "suspect_when"),
        ),
    ),
    search=("name", "product", "process", "step", "verifies"),
    help="records/characteristic",
    create=Action(CharacteristicInput, calling(create_characteristic)),
    edit=Action(CharacteristicInput, calling(edit_characteristic, "characteristic")),
)  # fmt: skip
