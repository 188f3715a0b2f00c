"""What a value stands beside: the number inspected of a count, its nominal, or its part. Pure."""

from __future__ import annotations

from decimal import Decimal

from gemba.quality.control.collecting.reading import Reading
from gemba.quality.control.collecting.verdict import Asked, beside_of, exact_number
from gemba.quality.records.reasons import Reason

FIELDS = ("size", "nominal", "part")
LARGEST_SIZE = Decimal(10) ** 12


def beside(asked: Asked, reading: Reading, held: str | None) -> tuple[str | None, list[Reason]]:
    """What stands beside the value, as typed, and every reason why it cannot.

    ``held`` is what stands beside the reading that is amended. Where a chart has a usual sample, that is the
    size of a count which is sent without one.
    """
    wanted = beside_of(asked.spec)
    about = {"number": asked.spec.number}
    strange = [name for name in FIELDS if name != wanted and getattr(reading, name).strip()]
    reasons = [Reason("collecting.beside_unexpected", {**about, "field": name}) for name in strange]
    if wanted is None:
        return None, reasons
    text = getattr(reading, wanted).strip() or held or (_usual(asked) if wanted == "size" else "")
    if not text:
        return None, [*reasons, Reason(f"collecting.{wanted}_missing", about)]
    if wanted == "part":
        return text, reasons
    number = exact_number(text)
    if number is None or (wanted == "size" and not _is_size(asked, number)):
        return None, [*reasons, Reason(f"collecting.{wanted}_invalid", {**about, "given": text})]
    usual = _usual(asked)
    if wanted == "size" and asked.spec.chart and asked.spec.chart.kind == "np" and number != Decimal(usual):
        reasons.append(Reason("collecting.size_other", {**about, "given": text, "usual": usual}))
    return text, reasons


def _usual(asked: Asked) -> str:
    chart = asked.spec.chart
    if chart is None or (chart.subgroup_size < 2 and chart.kind != "np"):
        return ""
    return str(chart.subgroup_size)


def _is_size(asked: Asked, number: Decimal) -> bool:
    """Items are whole; units of nonconformities may be such as 1.5 square metres."""
    whole = asked.spec.data_kind == "nonconforming-units"
    return 0 < number <= LARGEST_SIZE and not (whole and number != number.to_integral_value())
