"""Reads of characteristics for screens and neighbours."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import NamedTuple

from gemba.quality.planning.products.inputs import CharacteristicInput
from gemba.quality.planning.products.lifecycle import IN_FORCE, LIFECYCLE
from gemba.quality.planning.products.models import Characteristic, Product
from gemba.quality.planning.products.record import CHARACTERISTIC, PRODUCT
from gemba.quality.planning.products.specification import (
    ChartDefinition,
    Specification,
    read_specification,
)
from gemba.quality.records import store
from gemba.quality.records.canonical import to_microseconds
from gemba.quality.records.links import linked_to
from gemba.quality.records.models import Header


class Standing(NamedTuple):
    """How a characteristic stands now: its version tells whether what was read of it is still true."""

    version: int
    state: str
    site: str

    @property
    def in_force(self) -> bool:
        """Whether its released specification holds."""
        return self.state in IN_FORCE

    @property
    def label(self) -> str:
        """The state in words."""
        return LIFECYCLE.state(self.state).label


def characteristic(identity: int) -> Characteristic:
    """The characteristic of a header."""
    return Characteristic.objects.select_related("header", "header__site").get(pk=identity)


def by_number(number: str) -> Characteristic | None:
    """The characteristic with this human number."""
    rows = Characteristic.objects.select_related("header", "header__site")
    return rows.filter(header__number=number).first()


def ids_by_number(numbers: Iterable[str]) -> dict[str, int]:
    """The ids of the characteristics with these numbers; what is unknown is left out."""
    rows = Header.objects.filter(type=CHARACTERISTIC.name, number__in=list(numbers))
    return {str(number): identity for number, identity in rows.values_list("number", "id")}


def named(numbers: Iterable[str]) -> dict[str, tuple[int, str]]:
    """The id and the title of the characteristics with these numbers, in the order given."""
    wanted = list(numbers)
    rows = Header.objects.filter(type=CHARACTERISTIC.name, number__in=wanted)
    found = {str(number): (pk, title) for pk, number, title in rows.values_list("pk", "number", "title")}
    return {number: found[number] for number in wanted if number in found}


def judged_together() -> list[int]:
    """The characteristics by which several others are judged together, in force or not."""
    return [int(identity) for identity, _ in store.fetch(_SEVERAL)]


def judged_together_later() -> Callable[[], list[int]]:
    """Those in force, asked along with the next question of the transaction."""
    rows = store.fetch_later(_SEVERAL)
    return lambda: [int(identity) for identity, state in rows() if state in IN_FORCE]


_SEVERAL = (
    "SELECT c.header_id, h.state FROM products_characteristic c "
    "JOIN records_header h ON h.id = c.header_id WHERE c.data_kind = 'several'"
)


def standings(identities: Sequence[int]) -> dict[int, Standing]:
    """How characteristics stand now, in one query."""
    head = "SELECT id, version, state, site_id FROM records_header WHERE id"
    return {row[0]: Standing(*row[1:]) for row in store.fetch_among(head, identities)}


def inputs_of(record: Characteristic) -> CharacteristicInput:
    """What a person has set, ready to be changed in part and given to ``edit_characteristic``."""
    return CharacteristicInput(**{f.name: getattr(record, f.name) for f in fields(CharacteristicInput)})


def specification(identity: int, at: datetime | int) -> Specification | None:
    """What a characteristic asked at a moment; ``None`` when it was never released.

    Before the first release the first one holds: older values are judged by it.
    """
    moment = at if isinstance(at, int) else to_microseconds(at)
    return in_force(releases(identity), moment)


def chart_definition(identity: int, at: datetime | int) -> ChartDefinition | None:
    """How the chart of a characteristic was drawn at a moment; ``None`` when it has none."""
    found = specification(identity, at)
    return None if found is None else found.chart


def in_force(released: Sequence[Specification], at: int) -> Specification | None:
    """The one of these releases that held at a moment in microseconds."""
    if not released:
        return None
    held = [item for item in released if item.effective_from <= at]
    return max(held or released[:1], key=lambda item: (item.effective_from, item.version))


def releases(identity: int) -> tuple[Specification, ...]:
    """Every release of a characteristic, by the moment from which it holds."""
    return specifications([identity]).get(identity, ())


def specifications(identities: Iterable[int]) -> Mapping[int, tuple[Specification, ...]]:
    """Every release of these characteristics, by the moment from which it holds."""
    head = "SELECT header_id, number, effective_from, schema, snapshot FROM records_version WHERE header_id"
    rows = store.fetch_among(head, list(identities), ending="ORDER BY header_id, number")
    found: dict[int, list[Specification]] = {}
    before: dict[int, str] = {}
    for header, number, effective_from, schema, text in rows:
        snapshot = json.loads(text)
        state = snapshot["header"]["state"]
        if state == "released" and before.get(header) != "released":
            found.setdefault(header, []).append(
                read_specification(
                    characteristic=header,
                    version=number,
                    effective_from=effective_from,
                    header=snapshot["header"],
                    fields=CHARACTERISTIC.read_snapshot(schema, snapshot["fields"]),
                )
            )
        before[header] = state
    ordered = {
        key: sorted(items, key=lambda s: (s.effective_from, s.version)) for key, items in found.items()
    }
    return {key: tuple(items) for key, items in ordered.items()}


def characteristics_of(product: int) -> list[int]:
    """The ids of the characteristics that a product contains and that are alive."""
    alive = ("draft", "open", "approved", "effective")
    return [
        item.id
        for _, item in linked_to([product], "contains")
        if item.type == CHARACTERISTIC.name and item.category in alive
    ]


def product_of(characteristic: int) -> int | None:
    """The product that contains a characteristic, if any."""
    linked = linked_to([characteristic], "contained_in")
    return next((item.id for _, item in linked if item.type == PRODUCT.name), None)


def goal_panel(record: Product) -> dict[str, int]:
    """What the page of a product says of its characteristics together."""
    return {"product": record.pk, "characteristics": len(characteristics_of(record.pk))}


def special_of(product: int, at: datetime) -> list[Specification]:
    """The special characteristics of a product that are in force, by number."""
    linked = linked_to([product], "contains")
    ids = [item.id for _, item in linked if item.type == CHARACTERISTIC.name and item.state in IN_FORCE]
    found = [specification(identity, at) for identity in ids]
    return sorted((asked for asked in found if asked and asked.special_class), key=lambda asked: asked.number)
