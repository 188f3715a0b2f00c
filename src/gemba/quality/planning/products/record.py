"""The product and the characteristic as the kernel knows them."""

from gemba.quality.people.roles import QUALITY_ROLES
from gemba.quality.planning.products.lifecycle import EDITABLE, LIFECYCLE, PRODUCT_LIFECYCLE, PRODUCT_MAKERS
from gemba.quality.planning.products.models import Characteristic, Product
from gemba.quality.planning.products.reasons import PRODUCTS
from gemba.quality.records.thread.strand import Need, Strand
from gemba.quality.records.types import Mention, RecordType
from gemba.stats.results import N_

PRODUCT = RecordType(
    name="product",
    prefix="PRD",
    label=N_("Product"),
    plural=N_("Products"),
    model=Product,
    lifecycle=PRODUCT_LIFECYCLE,
    read_roles=QUALITY_ROLES,
    create_roles=PRODUCT_MAKERS,
    edit_roles=dict.fromkeys(EDITABLE, PRODUCT_MAKERS),
    strand=Strand(place=20),
    mentions={
        "customer": Mention("party", anywhere=True),
        "supplier": Mention("party", anywhere=True),
    },
)
CHARACTERISTIC = RecordType(
    name="characteristic",
    prefix="CHR",
    label=N_("Characteristic"),
    plural=N_("Characteristics"),
    model=Characteristic,
    lifecycle=LIFECYCLE,
    read_roles=QUALITY_ROLES,
    create_roles=("engineer",),
    edit_roles=dict.fromkeys(EDITABLE, ("engineer",)),
    reasons=PRODUCTS,
    schema=4,
    upgrades={
        1: lambda old: {**old, "verifies": ""},
        2: lambda old: {**old, "chart_design": ""},
        3: lambda old: {**old, "members": ""},
    },
    mentions={
        "verifies": Mention("requirement", "verifies", many=True, only_known=True),
        "product": Mention("product", "contained_in"),
        "process": Mention("process", "contained_in"),
        "members": Mention("characteristic", "contains", many=True, only_known=True),
    },
    strand=Strand(
        place=30,
        needs=(Need(("released",), "controlled_by", ("control-plan",), "products.no_plan_line"),),
    ),
)
