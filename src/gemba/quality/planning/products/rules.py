"""What a characteristic must be before anybody is judged by it. Pure: every function returns reasons."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from gemba.quality.people.roles import ROLES
from gemba.quality.planning.products.inputs import CharacteristicInput
from gemba.quality.planning.products.specification import (
    CHART_KINDS,
    CHARTS_OF,
    DATA_KINDS,
    SEVERAL,
    SPECIAL_CLASSES,
    SUSPECT_WHEN,
    Specification,
    read_design,
    split_keys,
)
from gemba.quality.records.lifecycle import Situation
from gemba.quality.records.reasons import Reason
from gemba.stats import StatsError

NUMBERS = (
    "lsl", "usl", "target", "natural_low", "natural_high", "guard_band", "plausible_low", "plausible_high",
)  # fmt: skip
DIGITS, PLACES = 15, 12
LARGEST_SAMPLE = 1_000_000
SUBGROUP_SIZES: Mapping[str, tuple[int, int]] = {
    **dict.fromkeys(("xbar-r", "xbar-s", "median", "r", "s", "i-mr-r", "i-mr-s"), (2, 25)),
    **dict.fromkeys(("ewma", "cusum", "ma", "zone"), (1, 25)),
    **dict.fromkeys(("p", "np", "laney-p", "u", "laney-u"), (1, LARGEST_SAMPLE)),
    **dict.fromkeys(CHARTS_OF[SEVERAL], (1, 1)),
    **dict.fromkeys(
        ("i-mr", "mr", "residual", "difference", "z-mr", "levey-jennings", "c", "g", "t"), (1, 1)
    ),
}
"""The smallest and the largest subgroup; where counts are taken, the usual sample."""
LEAST_SUBGROUPS = 2
FEWEST_TOGETHER = 2
KEY_NAME = re.compile(r"[a-z][a-z0-9_]{0,29}")
ORDERED = (
    ("lsl", "usl"),
    ("lsl", "target"),
    ("target", "usl"),
    ("natural_low", "natural_high"),
    ("plausible_low", "plausible_high"),
)
NESTED = (
    ("natural_low", "lsl"),
    ("usl", "natural_high"),
    ("plausible_low", "lsl"),
    ("usl", "plausible_high"),
)


def input_reasons(given: CharacteristicInput) -> Iterator[Reason]:
    """Why these values cannot even be kept as a draft."""
    if not given.name.strip():
        yield Reason("records.field_missing", {"field": "name"})
    if given.data_kind not in DATA_KINDS:
        known = ", ".join(DATA_KINDS)
        yield Reason("products.kind_unknown", {"given": given.data_kind, "known": known})
    if given.special_class not in SPECIAL_CLASSES:
        known = ", ".join(SPECIAL_CLASSES[1:])
        yield Reason("products.class_unknown", {"given": given.special_class, "known": known})
    if not 0 <= given.decimals <= PLACES:
        yield Reason("products.decimals", {"given": given.decimals})
    if given.chart_kind and given.chart_kind not in CHART_KINDS:
        known = ", ".join(CHART_KINDS)
        yield Reason("products.chart_unknown", {"given": given.chart_kind, "known": known})
    if given.subgroup_minutes < 0:
        yield Reason("products.subgroup_minutes", {"given": given.subgroup_minutes})
    yield from _reaction_reasons(given)
    for name in NUMBERS:
        yield from _number_reasons(name, getattr(given, name))


def _reaction_reasons(given: CharacteristicInput) -> Iterator[Reason]:
    if given.reaction_role not in ROLES:
        known = ", ".join(ROLES)
        yield Reason("products.role_unknown", {"given": given.reaction_role, "known": known})
    if given.reaction_minutes < 0:
        yield Reason("products.reaction_minutes", {"given": given.reaction_minutes})
    if given.suspect_when not in SUSPECT_WHEN:
        known = ", ".join(SUSPECT_WHEN)
        yield Reason("products.suspect_unknown", {"given": given.suspect_when, "known": known})


def _number_reasons(name: str, value: Decimal | None) -> Iterator[Reason]:
    if value is None:
        return
    if not value.is_finite():
        yield Reason("products.number_invalid", {"field": name, "given": str(value)})
        return
    _, digits, exponent = value.normalize().as_tuple()
    places = -int(exponent)
    if len(digits) + max(0, -places) > DIGITS or places > PLACES:
        yield Reason("products.number_too_long", {"field": name, "given": str(value)})


def step_reasons(given: str, steps: Sequence[tuple[str, str]]) -> Iterator[Reason]:
    """A step, where one is named, is one of the process, by its number or its operation."""
    if given and not any(given in step for step in steps):
        known = ", ".join(f"{number} {operation}" for number, operation in steps)
        yield Reason("products.step_unknown", {"given": given, "known": known})


def turned_reasons(before: str, given: CharacteristicInput) -> Iterator[Reason]:
    """What has readings of its own does not become what several are judged by, nor the other way round."""
    if (before == SEVERAL) != (given.data_kind == SEVERAL):
        yield Reason("products.members_turned", {"field": "data_kind"})


def unit_given(situation: Situation) -> Iterable[Reason]:
    """A guard: there is a unit, but where several characteristics keep their own."""
    if situation.record["data_kind"] != SEVERAL and not str(situation.record["unit"]).strip():
        yield Reason("records.field_missing", {"field": "unit"})


def something_is_asked(situation: Situation) -> Iterable[Reason]:
    """A guard: a continuous characteristic has a limit, another one a criterion."""
    record = situation.record
    if record["data_kind"] == SEVERAL:
        yield from _together_reasons(record)
    elif record["data_kind"] == "continuous":
        if record["lsl"] is None and record["usl"] is None:
            yield Reason("products.nothing_asked")
    elif not str(record["criterion"]).strip():
        yield Reason("products.criterion_missing")


def _together_reasons(record: Mapping[str, Any]) -> Iterator[Reason]:
    """What is judged together are two and more, and an item that stays incomplete waits so long."""
    if len(split_keys(str(record["members"]))) < FEWEST_TOGETHER:
        yield Reason("products.members_few", {"field": "members"})
    if record["chart_kind"] and record["subgroup_minutes"] < 1:
        yield Reason("products.members_wait", {"field": "subgroup_minutes"})


def member_reasons(
    given: CharacteristicInput,
    members: Mapping[str, Specification | None],
    about: Mapping[str, tuple[str, str]],
) -> Iterator[Reason]:
    """Why characteristics cannot be judged together.

    ``members`` maps the known numbers to what each asks, ``None`` where it is not released; ``about`` to
    the product and the process of each.
    """
    names = split_keys(given.members)
    if names and given.data_kind != SEVERAL:
        yield Reason("products.members_unexpected", {"field": "members"})
        return
    for name in dict.fromkeys(names):
        asked = members.get(name)
        if names.count(name) > 1:
            yield Reason("products.members_twice", {"field": "members", "number": name})
        if asked is None or asked.data_kind != "continuous":
            yield Reason("products.members_unmeasured", {"field": "members", "number": name})
            continue
        if about[name] != (given.product.strip(), given.process.strip()):
            yield Reason("products.members_elsewhere", {"field": "members", "number": name})
        for key in split_keys(given.stream_keys):
            if key not in asked.stream_keys:
                yield Reason("products.members_keys", {"field": "stream_keys", "number": name, "key": key})


def limits_make_sense(situation: Situation) -> Iterable[Reason]:
    """A guard: lower below target below upper, inside what is natural and plausible, guard band narrow."""
    values = {name: _decimal(situation.record[name]) for name in NUMBERS}
    for low, high in ORDERED:
        if _not_below(values[low], values[high], strictly=True):
            yield _order(low, high, values)
    for low, high in NESTED:
        if _not_below(values[low], values[high], strictly=False):
            yield _order(low, high, values)
    yield from _guard_reasons(values)


def _guard_reasons(values: Mapping[str, Decimal | None]) -> Iterator[Reason]:
    guard, low, high = values["guard_band"], values["lsl"], values["usl"]
    if guard is None:
        return
    if guard < 0:
        yield Reason("products.guard_negative", {"value": _text(guard)})
    elif low is not None and high is not None and low < high and 2 * guard >= high - low:
        about = {"value": _text(guard), "low": _text(low), "high": _text(high)}
        yield Reason("products.guard_too_wide", about)


def chart_can_be_drawn(situation: Situation) -> Iterable[Reason]:
    """A guard: the chart fits the data, its subgroups, its rules; streams are told apart by known keys."""
    record = situation.record
    chart = str(record["chart_kind"])
    yield from _stream_key_reasons(split_keys(str(record["stream_keys"])))
    if not chart:
        return
    suited = CHARTS_OF.get(record["data_kind"], ())
    if chart not in suited:
        about = {"chart": chart, "kind": record["data_kind"]}
        if suited:
            yield Reason("products.chart_other_data", {**about, "suited": ", ".join(suited)})
        else:
            yield Reason("products.chart_needs_numbers", about)
    low, high = SUBGROUP_SIZES[chart]
    if not low <= record["subgroup_size"] <= high:
        about = {"chart": chart, "low": low, "high": high, "given": record["subgroup_size"]}
        yield Reason("products.subgroup_size", about)
    together = len(split_keys(str(record["members"])))
    least = LEAST_SUBGROUPS + together
    if record["needed_subgroups"] < least:
        about = {"low": least, "given": record["needed_subgroups"]}
        yield Reason("products.needed_subgroups", about)
    yield from _rules_reasons(chart, str(record["rules"]))
    yield from design_reasons(chart, str(record["chart_design"]))


def _rules_reasons(chart: str, rules: str) -> Iterator[Reason]:
    from gemba.stats.charts import kind_named
    from gemba.stats.charts.rules import rule_set, rules_for

    try:
        asked = rule_set(rules)
    except StatsError as error:
        yield Reason("products.rules_unknown", {"given": rules, "problem": error})
        return
    if not any(rules_for(panel, asked).rules.rules for panel in kind_named(chart).panels):
        yield Reason("products.rules_unsuited", {"given": rules, "chart": chart})


def design_reasons(chart: str, design: str) -> Iterator[Reason]:
    """Why these are no design values of this chart."""
    from gemba.stats.charts import kind_named
    from gemba.stats.charts.design import NSIGMA, check_positive, settle_design

    try:
        given = read_design(design)
        nsigma = given.pop("nsigma", NSIGMA)
        if isinstance(nsigma, str):
            raise ValueError(f"nsigma={nsigma}")
        check_positive(nsigma, "nsigma")
        settled, _ = settle_design(kind_named(chart), given, nsigma)
        if settled.get("pooling") == "runs":
            yield Reason("products.design_by_runs", {"chart": chart})
    except StatsError as error:
        yield Reason("products.design_invalid", {"given": design, "problem": error})
    except ValueError as error:
        yield Reason("products.design_unreadable", {"given": str(error)})


def _stream_key_reasons(keys: tuple[str, ...]) -> Iterator[Reason]:
    for key in dict.fromkeys(keys):
        if not KEY_NAME.fullmatch(key):
            yield Reason("products.stream_key", {"given": key})
        if keys.count(key) > 1:
            yield Reason("products.stream_key_twice", {"given": key})


def _not_below(low: Decimal | None, high: Decimal | None, *, strictly: bool) -> bool:
    if low is None or high is None:
        return False
    return low >= high if strictly else low > high


def _order(low: str, high: str, values: Mapping[str, Decimal | None]) -> Reason:
    about = {"low": low, "high": high}
    return Reason(
        "products.order", about | {"low_value": _text(values[low]), "high_value": _text(values[high])}
    )


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _text(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"
