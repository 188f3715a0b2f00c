"""Units and their conversion in decimal arithmetic. Pure.

Factors are exact by definition (BIPM, SI Brochure, 9th ed., 2019; inch, pound and their kin: NIST Special
Publication 811, 2008, appendix B). A unit that is not listed is taken only where it is the unit asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Context, Decimal
from types import MappingProxyType
from typing import NamedTuple

_EXACT = Context(prec=40)


class Unit(NamedTuple):
    """A unit as ``(value + zero) * factor / divisor`` of the basic unit of its quantity."""

    quantity: str
    factor: Decimal
    zero: Decimal = Decimal(0)
    divisor: int = 1


def _scaled(quantity: str, written: str) -> dict[str, Unit]:
    pairs = (item.split() for item in written.split(","))
    return {name: Unit(quantity, Decimal(factor)) for name, factor in pairs}


_POUND, _INCH = Decimal("0.45359237"), Decimal("0.0254")
_KELVIN = Unit("temperature", Decimal(1))
UNITS: Mapping[str, Unit] = MappingProxyType(
    _scaled("length", "m 1, dm 0.1, cm 0.01, mm 0.001, µm 1E-6, nm 1E-9, km 1000")
    | {"in": Unit("length", _INCH), "mil": Unit("length", _INCH / 1000), "ft": Unit("length", 12 * _INCH)}
    | _scaled("mass", "kg 1, g 0.001, mg 1E-6, µg 1E-9, t 1000")
    | {"lb": Unit("mass", _POUND), "oz": Unit("mass", _POUND, divisor=16)}
    | _scaled("time", "s 1, ms 0.001, µs 1E-6, min 60, h 3600, d 86400")
    | _scaled("force", "N 1, kN 1000, mN 0.001, MN 1E6, kgf 9.80665")
    | {"lbf": Unit("force", _POUND * Decimal("9.80665"))}
    | _scaled("pressure", "Pa 1, hPa 100, kPa 1000, MPa 1E6, GPa 1E9, bar 1E5, mbar 100")
    | _scaled("torque", "Nm 1, Ncm 0.01, kNm 1000")
    | _scaled("voltage", "V 1, mV 0.001, kV 1000")
    | _scaled("current", "A 1, mA 0.001, µA 1E-6")
    | _scaled("resistance", "Ω 1, mΩ 0.001, kΩ 1000, MΩ 1E6")
    | _scaled("volume", "l 1, ml 0.001, µl 1E-6, cl 0.01, dl 0.1, hl 100")
    | _scaled("angle", "° 3600, arcmin 60, arcsec 1")
    | _scaled("share", "% 0.01, ‰ 0.001, ppm 1E-6, ppb 1E-9")
    | {"K": _KELVIN, "°C": _KELVIN._replace(zero=Decimal("273.15"))}
    | {"°F": Unit("temperature", Decimal(5), Decimal("459.67"), 9)}
)
ALIASES: Mapping[str, str] = MappingProxyType(
    {f"u{name}": f"µ{name}" for name in "mgsAl"}
    | {f"\u03bc{name}": f"µ{name}" for name in "mgsAl"}
    | {"uL": "µl", "L": "l", "mL": "ml", "inch": "in", '"': "in", "sec": "s", "deg": "°"}
    | {"degC": "°C", "degF": "°F", "Ohm": "Ω", "kOhm": "kΩ", "MOhm": "MΩ", "\u2126": "Ω"}
    | {"N·m": "Nm", "N*m": "Nm"}
)
"""Other ways to write a unit; the micro sign and the Greek letter are two characters."""


def unit_named(text: str) -> Unit | None:
    """The unit of that name, in any of its spellings."""
    return UNITS.get(ALIASES.get(text, text))


def same_unit(one: str, other: str) -> bool:
    """Whether two spellings mean one unit."""
    return ALIASES.get(one, one) == ALIASES.get(other, other)


def convert(value: Decimal, given: Unit, wanted: Unit) -> Decimal:
    """A value in another unit of the same quantity, exact to 40 digits.

    >>> convert(Decimal("0.5"), UNITS["in"], UNITS["mm"])
    Decimal('12.7')
    """
    basic = _EXACT.multiply(_EXACT.add(value, given.zero), given.factor * wanted.divisor)
    scaled = _EXACT.divide(basic, wanted.factor * given.divisor)
    return _EXACT.subtract(scaled, wanted.zero).normalize(_EXACT)
