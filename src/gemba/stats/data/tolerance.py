"""Specification limits, one-sided and two-sided, with natural bounds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from gemba.stats.results import N_, DataError

Number: TypeAlias = float | int | str | Decimal


@dataclass(frozen=True)
class Tolerance:
    """What the customer allows.

    ``lsl`` and ``usl`` are the specification limits, ``None`` where there is none (a blank is never
    zero). ``target`` is the value that is aimed at. A limit marked natural (``lower_natural``,
    ``upper_natural``) is a bound that the characteristic cannot pass, such as zero for roundness: it is
    no requirement, and no index is computed against it.
    """

    lsl: float | None = None
    usl: float | None = None
    target: float | None = None
    lower_natural: bool = False
    upper_natural: bool = False

    @classmethod
    def of(
        cls,
        lsl: Number | None = None,
        usl: Number | None = None,
        target: Number | None = None,
        *,
        lower_natural: bool = False,
        upper_natural: bool = False,
    ) -> Tolerance:
        """A checked tolerance; text is read as a decimal number, blank means "no limit".

        Raises
        ------
        DataError
            When no limit is left, the lower is not below the upper, the target is outside them, a limit is
            no finite number, or a natural bound has no value.

        Examples
        --------
        >>> Tolerance.of(usl="12.5", lsl="")
        Tolerance(lsl=None, usl=12.5, target=None, lower_natural=False, upper_natural=False)
        """
        low, high, aim = _number(lsl, "lsl"), _number(usl, "usl"), _number(target, "target")
        made = cls(low, high, aim, lower_natural, upper_natural)
        made._check()
        return made

    @classmethod
    def around(
        cls, nominal: Number, lower: Number, upper: Number, *, target: Number | None = None
    ) -> Tolerance:
        """Limits from a nominal and two signed allowances, summed in decimal.

        The nominal is the target when it lies inside the limits; +0.02/+0.05 leaves no target.

        Examples
        --------
        >>> Tolerance.around("10", "+0.02", "+0.05").lsl
        10.02
        """
        base, low, high = _decimal(nominal, "nominal"), _decimal(lower, "lower"), _decimal(upper, "upper")
        if target is None and low <= 0 <= high:
            target = base
        return cls.of(base + low, base + high, target)

    @property
    def sides(self) -> str:
        """``"both"``, ``"lower"`` or ``"upper"``: the sides that are a requirement."""
        if self.required_lsl is not None and self.required_usl is not None:
            return "both"
        return "lower" if self.required_lsl is not None else "upper"

    @property
    def middle(self) -> float | None:
        """The middle between both limits, or ``None`` with one."""
        return None if self.lsl is None or self.usl is None else (self.lsl + self.usl) / 2

    @property
    def required_lsl(self) -> float | None:
        """The lower limit when it is a requirement, else ``None``."""
        return None if self.lower_natural else self.lsl

    @property
    def required_usl(self) -> float | None:
        """The upper limit when it is a requirement, else ``None``."""
        return None if self.upper_natural else self.usl

    def _check(self) -> None:
        if (self.lower_natural and self.lsl is None) or (self.upper_natural and self.usl is None):
            raise DataError(
                N_("a natural bound is stated and its value is not given"),
                mend=N_("Give the bound itself, for example lsl=0 with lower_natural=True"),
                argument="lsl" if self.lower_natural and self.lsl is None else "usl",
            )
        if self.required_lsl is None and self.required_usl is None:
            raise DataError(
                N_("no specification limit is given"),
                mend=N_("Give lsl, usl or both"),
                argument="lsl, usl",
            )
        if self.lsl is not None and self.usl is not None and self.lsl >= self.usl:
            raise DataError(
                N_("the lower limit {value} is not below the upper limit {upper}"),
                mend=N_("Exchange or correct them"),
                argument="lsl",
                value=self.lsl,
                upper=self.usl,
            )
        self._check_target()

    def _check_target(self) -> None:
        aim = self.target
        below = aim is not None and self.lsl is not None and aim < self.lsl
        above = aim is not None and self.usl is not None and aim > self.usl
        if below or above:
            raise DataError(
                N_("the target {value} lies outside the specification limits"),
                mend=N_("Correct the target, or leave it out"),
                argument="target",
                value=aim,
            )


def _number(value: Number | None, argument: str) -> float | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, float) and math.isnan(value):
        return None
    return float(_decimal(value, argument))


def _decimal(value: Number, argument: str) -> Decimal:
    try:
        number = Decimal(value.strip()) if isinstance(value, str) else Decimal(str(value))
    except (InvalidOperation, ValueError):
        raise DataError(
            N_("{value} is not a number"),
            mend=N_("Give a number with a decimal point, or leave it out"),
            argument=argument,
            value=value,
        ) from None
    if not number.is_finite():
        raise DataError(
            N_("{value} is no limit"),
            mend=N_("Leave the limit out if there is none"),
            argument=argument,
            value=value,
        )
    return number
