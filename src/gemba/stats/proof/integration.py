"""The constants of control charts against closed forms and against the printed tables."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial

from gemba.stats import constants
from gemba.stats.proof.case import Quantity, Tolerance
from gemba.stats.proof.check import Check, check_item

EXACT = Tolerance(1e-10, 0.0)
HALF_DIGIT = 0.0005 + 1e-12
PRINTED = {"c4": 0.00005, "d3": 0.001, "D1": 0.002, "D2": 0.002, "D3": 0.001, "D4": 0.001}
"""How far a printed figure may lie from the exact one: half its last digit, except where the table has
four decimals (c4) or was computed from rounded d2 and d3."""


def check_constants() -> tuple[Check, ...]:
    """Every constant of the printed table, and those that have a closed form."""
    table = constants.published_constants()
    sizes = [int(size) for size in table.pop("n")]
    printed = (
        check_item(
            f"constant-{name}",
            "constant",
            "chart.constants",
            "Montgomery, Introduction to Statistical Quality Control, Appendix VI; ASTM E2587; n = 2 to 25",
            partial(_against_print, name, sizes, figures),
        )
        for name, figures in table.items()
    )
    closed = check_item(
        "constant-closed-forms",
        "constant",
        "chart.constants",
        "closed forms: d2(2), d2(3), d2(4), d3(2), d3(3) by elementary integrals, c4 by the gamma function",
        _against_closed_forms,
    )
    return (*printed, closed)


def _against_print(name: str, sizes: Sequence[int], printed: Sequence[float]) -> list[Quantity]:
    computed = getattr(constants.control_chart_constants(sizes), name)
    allowed = Tolerance(0.0, PRINTED.get(name, HALF_DIGIT))
    return [
        allowed.compare(f"{name}({size})", figure, float(value))
        for size, figure, value in zip(sizes, printed, computed, strict=True)
    ]


def _against_closed_forms() -> list[Quantity]:
    root = math.sqrt(math.pi)
    forms = {
        "d2(2)": (2 / root, constants.d2(2)),
        "d2(3)": (3 / root, constants.d2(3)),
        "d2(4)": (3 / root * (1 + 2 / math.pi * math.asin(1 / 3)), constants.d2(4)),
        "d3(2)": (math.sqrt(2 - 4 / math.pi), constants.d3(2)),
        "d3(3)": (math.sqrt(2 + 3 * math.sqrt(3) / math.pi - 9 / math.pi), constants.d3(3)),
    }
    for n in (2, 5, 25, 100, 1000):
        log = math.lgamma(n / 2) - math.lgamma((n - 1) / 2)
        forms[f"c4({n})"] = (math.sqrt(2 / (n - 1)) * math.exp(log), constants.c4(n))
    return [EXACT.compare(name, expected, got) for name, (expected, got) in forms.items()]
