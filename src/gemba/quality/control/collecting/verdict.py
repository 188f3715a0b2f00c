"""Whether a value conforms: exact, on the text as typed. Pure.

The decision rule is that of ISO 14253-1:2017, 5: with a guard band ``g`` a value conforms from LSL + g to
USL - g, does not conform below LSL - g or above USL + g, and is undecided between.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

from gemba.quality.control.collecting.units import convert, same_unit, unit_named
from gemba.quality.planning.products.specification import Specification
from gemba.quality.records.reasons import Reason

LARGEST = Decimal("1E300")
LONGEST_NUMBER = 40
LONGEST_TEXT = 60
REMEMBERED = 256
_INFINITE = Decimal("Infinity")
_number = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?").fullmatch
_qualified = re.compile(r"(<=|>=|<|>|≤|≥)\s*(.*)").fullmatch
_comma = re.compile(r"[+-]?[0-9]+(?:[.,' ][0-9]+)*,[0-9]*(?:[eE][+-]?[0-9]{1,3})?|[+-]?,[0-9]+").fullmatch
Marks: TypeAlias = tuple[tuple[str, str], ...]
_QUALIFIERS = {"≤": "<=", "≥": ">="}


Weighed: TypeAlias = tuple[float, str, str]
"""A value as a float in the unit of the characteristic, its qualifier, and its verdict."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A specification made ready for judging many values: bounds that are never missing.

    ``streams`` remembers ids of streams by what a source says of them; see ``definitions.Streams``.
    ``weighed`` remembers what texts were found to be: a gauge shows the same few again and again.
    """

    spec: Specification
    low_conform: Decimal = field(init=False)
    high_conform: Decimal = field(init=False)
    low_nonconform: Decimal = field(init=False)
    high_nonconform: Decimal = field(init=False)
    low_expected: Decimal = field(init=False)
    high_expected: Decimal = field(init=False)
    continuous: bool = field(init=False)
    usual: bool = field(init=False)
    unit: str = field(init=False)
    version: int = field(init=False)
    streams: dict[Marks, int] = field(init=False, default_factory=dict)
    weighed: dict[str, Weighed] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        spec, guard = self.spec, self.spec.guard_band
        low = _real_limit(spec.lsl, spec.natural_low)
        high = _real_limit(spec.usl, spec.natural_high)
        derived = {
            "continuous": spec.data_kind == "continuous",
            "usual": spec.data_kind == "continuous" and beside_of(spec) is None,
            "unit": spec.unit,
            "version": spec.version,
            "low_conform": -_INFINITE if low is None else low + guard,
            "high_conform": _INFINITE if high is None else high - guard,
            "low_nonconform": -_INFINITE if low is None else low - guard,
            "high_nonconform": _INFINITE if high is None else high + guard,
            "low_expected": max(_bound(spec.natural_low, -1), _bound(spec.plausible_low, -1)),
            "high_expected": min(_bound(spec.natural_high, 1), _bound(spec.plausible_high, 1)),
        }
        for name, value in derived.items():
            object.__setattr__(self, name, value)


def _real_limit(limit: Decimal | None, natural: Decimal | None) -> Decimal | None:
    """A limit that is the natural bound itself forbids nothing."""
    return None if limit == natural else limit


def _bound(value: Decimal | None, sign: int) -> Decimal:
    return sign * LARGEST if value is None else value


def weigh(asked: Asked, text: str, unit: str) -> Weighed | None:
    """The value of a usual text and its verdict; ``None`` means: look closer.

    The verdict compares decimals as typed: ``0.30`` lies on a limit of 0.1 + 0.2 exactly.
    """
    if unit and unit != asked.unit:
        return None
    known = asked.weighed.get(text)
    if known is None:
        known = _weigh_new(asked, text)
        if known is not None:
            if len(asked.weighed) >= REMEMBERED:
                asked.weighed.clear()
            asked.weighed[text] = known
    return known


def _weigh_new(asked: Asked, text: str) -> Weighed | None:
    if len(text) > LONGEST_NUMBER or not _number(text):
        return None
    exact = Decimal(text)
    if not asked.low_expected <= exact <= asked.high_expected:
        return None
    if asked.low_conform <= exact <= asked.high_conform:
        return float(text) + 0.0, "", "conform"
    outside = exact < asked.low_nonconform or exact > asked.high_nonconform
    return float(text) + 0.0, "", "nonconform" if outside else "undecided"


def weigh_closely(asked: Asked, text: str, unit: str, *, confirmed: bool) -> Weighed | list[Reason]:
    """The value of any text and its verdict, or every reason why it has none."""
    found = _read(text)
    reasons = [found] if isinstance(found, Reason) else []
    given, target = unit_named(unit), unit_named(asked.unit)
    if unit and not same_unit(unit, asked.unit):
        reasons += _unit_reasons(asked, unit)
    if reasons or isinstance(found, Reason):
        return reasons
    qualifier, exact = found
    if given is not None and target is not None and given != target:
        exact = convert(exact, given, target)
    if not -LARGEST <= exact <= LARGEST:
        return [Reason("collecting.out_of_range", {"text": text})]
    reasons += _bound_reasons(asked, text, exact, confirmed=confirmed)
    return reasons or (float(exact) + 0.0, qualifier, _verdict(asked, qualifier, exact))


def weigh_counted(
    asked: Asked, text: str, size: Decimal | None, *, confirmed: bool
) -> Weighed | list[Reason]:
    """A count, or the time to an event, and its verdict: that of its share where a size is known."""
    found = _read(text)
    if isinstance(found, Reason):
        return [found]
    qualifier, exact = found
    about = {"text": text, "number": asked.spec.number}
    whole = asked.spec.data_kind != "time-to-event" or _chart(asked.spec) == "g"
    if qualifier or exact < 0 or (whole and exact != exact.to_integral_value()):
        return [Reason("collecting.not_a_count" if whole else "collecting.not_a_time", about)]
    if exact > LARGEST:
        return [Reason("collecting.out_of_range", {"text": text})]
    if asked.spec.data_kind == "nonconforming-units" and size is not None and exact > size:
        return [Reason("collecting.above_size", {**about, "size": f"{size:f}"})]
    rate = exact / size if size else exact
    reasons = list(_bound_reasons(asked, f"{rate.normalize():f}", rate, confirmed=confirmed))
    return reasons or (float(exact) + 0.0, "", _verdict(asked, "", rate))


def beside_of(spec: Specification) -> str | None:
    """What a value of this characteristic must stand beside: ``size``, ``nominal``, ``part`` or nothing."""
    chart = _chart(spec)
    if spec.data_kind == "continuous":
        return {"difference": "nominal", "z-mr": "part"}.get(chart)
    if spec.data_kind == "nonconforming-units" or chart in ("u", "laney-u"):
        return "size"
    return None


def _chart(spec: Specification) -> str:
    return "" if spec.chart is None else spec.chart.kind


def typed_number(text: str) -> Decimal | None:
    """The number in a text as typed, without its qualifier; ``None`` where there is none."""
    found = _read(text)
    return None if isinstance(found, Reason) else found[1]


def exact_number(text: str) -> Decimal | None:
    """The number in a text that is nothing but a plain number, not too large."""
    if len(text) > LONGEST_NUMBER or not _number(text):
        return None
    found = Decimal(text)
    return found if -LARGEST <= found <= LARGEST else None


def _read(text: str) -> tuple[str, Decimal] | Reason:
    plain = text.strip().replace("−", "-")
    if not plain:
        return Reason("collecting.value_missing")
    match = _qualified(plain)
    qualifier, number = (match[1], match[2]) if match else ("", plain)
    if len(number) <= LONGEST_NUMBER and _number(number):
        return _QUALIFIERS.get(qualifier, qualifier), Decimal(number)
    code = "collecting.comma" if _comma(number) else "collecting.not_a_number"
    return Reason(code, {"text": text[:LONGEST_TEXT]})


def _verdict(asked: Asked, qualifier: str, exact: Decimal) -> str:
    """The verdict of all values that a qualified number leaves possible."""
    low, high = exact, exact
    if qualifier.startswith("<"):
        low = -_INFINITE if asked.spec.natural_low is None else asked.spec.natural_low
    elif qualifier.startswith(">"):
        high = _INFINITE if asked.spec.natural_high is None else asked.spec.natural_high
    if low >= asked.low_conform and high <= asked.high_conform:
        return "conform"
    below = high < asked.low_nonconform or (qualifier == "<" and high == asked.low_nonconform)
    above = low > asked.high_nonconform or (qualifier == ">" and low == asked.high_nonconform)
    return "nonconform" if below or above else "undecided"


def _unit_reasons(asked: Asked, unit: str) -> Iterator[Reason]:
    given, target = unit_named(unit), unit_named(asked.spec.unit)
    about = {"given": unit, "wanted": asked.spec.unit, "number": asked.spec.number}
    if given is None:
        yield Reason("collecting.unit_unknown", about)
    elif target is None or given.quantity != target.quantity:
        yield Reason("collecting.unit_other", about)


def _bound_reasons(asked: Asked, text: str, exact: Decimal, *, confirmed: bool) -> Iterator[Reason]:
    spec = asked.spec
    for code, low, high in (
        ("collecting.impossible", spec.natural_low, spec.natural_high),
        ("collecting.implausible", spec.plausible_low, spec.plausible_high),
    ):
        if code == "collecting.implausible" and confirmed:
            return
        if (low is not None and exact < low) or (high is not None and exact > high):
            about = {
                "text": text,
                "number": spec.number,
                "low": _written(low, "−∞"),
                "high": _written(high, "∞"),
            }
            yield Reason(code, about)
            return


def _written(bound: Decimal | None, endless: str) -> str:
    return endless if bound is None else f"{bound.normalize():f}"
