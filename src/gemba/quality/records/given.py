"""What a service is given: a frozen input, read from plain values with every fault named, checked at start.

A field is declared twice and no more: in the model, and in the frozen input of the service that sets it.
"""

from __future__ import annotations

import re
import types
import unicodedata
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from django.db import models

from gemba.quality.records.reasons import Reason

INT_RANGE = (-(2**31), 2**31 - 1)
_NUMBER = re.compile(r"[+-]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})([eE][+-]?\d{1,2})?")
YES, NO = {"yes", "true", "on", "1"}, {"no", "false", "off", "0", ""}
FITTING: Mapping[type, tuple[type[models.Field[Any, Any]], ...]] = {
    str: (models.CharField, models.TextField),
    Decimal: (models.DecimalField,),
    int: (models.IntegerField, models.ForeignKey),
    bool: (models.BooleanField,),
    float: (models.FloatField,),
    date: (models.DateField,),
    datetime: (models.BigIntegerField, models.DateTimeField),
}
"""Python type of an input field -> the columns that can hold it; moments are kept in microseconds."""


@dataclass(frozen=True)
class Shape:
    """One field of an input: its plain type, whether it may be empty, its choices, the input of its rows.

    ``label`` is what a form calls it where no column holds it: ``field(metadata={"label": ...})``.
    """

    name: str
    plain: type
    optional: bool = False
    choices: tuple[str, ...] = ()
    rows: type[Any] | None = None
    required: bool = False
    label: str = ""


class Unfit(Exception):
    """A value that does not fit its field; carries the reason."""

    def __init__(self, code: str, **values: Any) -> None:
        self.code, self.values = code, values
        super().__init__(code)


class TwoWays(str):
    """A number as it was typed in a language in which it says two things: refused, never guessed."""


class Full(tuple[Any, ...]):
    """The rows that a form begins with where there can be no others: no empty row is offered beside them."""


_shapes: dict[type[Any], tuple[Shape, ...]] = {}


def shapes(given: type[Any]) -> tuple[Shape, ...]:
    """The fields of a frozen input.

    Raises
    ------
    TypeError
        When the class is no frozen dataclass, or a field has a type that no form can show.
    """
    if given not in _shapes:
        if not is_dataclass(given) or not given.__dataclass_params__.frozen:  # type: ignore[attr-defined]
            raise TypeError(f"{given.__name__} must be a frozen dataclass")
        hints = get_type_hints(given)
        _shapes[given] = tuple(_shape(item, hints[item.name]) for item in fields(given))
    return _shapes[given]


def _shape(item: Field[Any], hint: Any) -> Shape:
    required = item.default is MISSING and item.default_factory is MISSING
    optional = False
    if get_origin(hint) in (Union, types.UnionType):
        inner = [part for part in get_args(hint) if part is not type(None)]
        optional, hint = len(inner) < len(get_args(hint)), inner[0]
    if get_origin(hint) is Literal:
        return Shape(item.name, str, optional, tuple(get_args(hint)), required=required)
    if get_origin(hint) is tuple:
        row: type[Any] = get_args(hint)[0]
        return Shape(item.name, tuple, rows=None if row is str else row, required=required)
    if hint not in FITTING:
        raise TypeError(f"no form can show {item.name}: {hint}")
    return Shape(item.name, hint, optional, required=required, label=item.metadata.get("label", ""))


def read_given(
    given: type[Any], typed: Mapping[str, Any], *, base: Mapping[str, Any] | None = None
) -> tuple[Any, tuple[Reason, ...]]:
    """A frozen input from plain values (of a form, of JSON), and every reason why it cannot be made.

    What was not typed comes from ``base`` (the values of a record that is edited) or is the field's default.
    The input is ``None`` when there are reasons. A field that it does not name is refused, never ignored.
    """
    known = {shape.name: shape for shape in shapes(given)}
    reasons = [Reason("records.field_unknown", {"field": name}) for name in typed if name not in known]
    values: dict[str, Any] = {}
    for name, shape in known.items():
        if name in typed:
            value, found = _read(shape, typed[name])
            reasons += found
            values[name] = value
        elif base is not None and name in base:
            values[name] = base[name]
        elif shape.required:
            reasons.append(Reason("records.field_missing", {"field": name}))
    return (None, tuple(reasons)) if reasons else (given(**values), ())


def _read(shape: Shape, value: Any) -> tuple[Any, tuple[Reason, ...]]:
    if shape.plain is tuple:
        return _read_rows(shape, value)
    if value is None or (isinstance(value, str) and not value.strip()):
        if shape.optional:
            return None, ()
        if value is None or shape.plain not in (str, bool):
            return None, (Reason("records.field_missing", {"field": shape.name}),)
    try:
        plain = READERS[shape.plain](value)
        if shape.choices and plain not in shape.choices:
            raise Unfit("records.not_choice", choices=", ".join(shape.choices))
    except Unfit as unfit:
        return None, (Reason(unfit.code, {"field": shape.name, **unfit.values}),)
    return plain, ()


def _read_rows(shape: Shape, value: Any) -> tuple[Any, tuple[Reason, ...]]:
    if not isinstance(value, list | tuple):
        return None, (Reason("records.not_list", {"field": shape.name}),)
    if shape.rows is None:
        found = [_read(Shape(shape.name, str), item) for item in value]
    else:
        found = [
            read_given(shape.rows, item)
            if isinstance(item, Mapping)
            else (None, (Reason("records.not_list", {"field": shape.name}),))
            for item in value
        ]
    return tuple(item for item, _ in found), tuple(reason for _, reasons in found for reason in reasons)


def read_text(value: Any) -> str:
    """A text as typed, ends trimmed; control characters and halves of characters are refused."""
    if not isinstance(value, str) or any(
        unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\r\t" for letter in value
    ):
        raise Unfit("records.not_text")
    return value.strip()


def read_number(value: Any) -> Decimal:
    """A finite decimal, exactly as typed."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise Unfit("records.not_number")
    if isinstance(value, TwoWays):
        raise Unfit("records.number_two_ways", given=str(value))
    text = value.strip() if isinstance(value, str) else str(value)
    if not _NUMBER.fullmatch(text):
        raise Unfit("records.not_number")
    try:
        return Decimal(text)
    except InvalidOperation:
        raise Unfit("records.not_number") from None


def read_whole(value: Any) -> int:
    """A whole number that both databases hold."""
    least, most = INT_RANGE
    unfit = Unfit("records.not_whole", least=least, most=most)
    try:
        number = read_number(value)
    except Unfit:
        raise unfit from None
    if number != number.to_integral_value() or not least <= number <= most:
        raise unfit
    return int(number)


def read_date(value: Any) -> date:
    """A day as ISO 8601 writes it."""
    try:
        day = date.fromisoformat(value.strip())
    except (AttributeError, ValueError):
        raise Unfit("records.not_date") from None
    if not 1900 < day.year < 9000:
        raise Unfit("records.not_date")
    return day


def read_moment(value: Any) -> datetime:
    """A moment with its zone as ISO 8601 writes it."""
    try:
        moment = datetime.fromisoformat(value.strip())
    except (AttributeError, ValueError):
        raise Unfit("records.not_moment") from None
    if moment.tzinfo is None or not 1900 < moment.year < 9000:
        raise Unfit("records.not_moment")
    return moment


def read_yes_no(value: Any) -> bool:
    """Yes or no, as JSON or a form says it."""
    word = str(value).strip().lower() if isinstance(value, str | bool | int) else "?"
    if word not in YES | NO:
        raise Unfit("records.not_yes_no")
    return word in YES


READERS: Mapping[type, Any] = {
    str: read_text,
    Decimal: read_number,
    float: lambda value: float(read_number(value)),
    int: read_whole,
    bool: read_yes_no,
    date: read_date,
    datetime: read_moment,
}


def choice_faults(given: Any) -> tuple[Reason, ...]:
    """The fields of an input that a program filled with something that is no choice."""
    return tuple(
        Reason("records.not_choice", {"field": shape.name, "choices": ", ".join(shape.choices)})
        for shape in shapes(type(given))
        if shape.choices and getattr(given, shape.name) not in (*shape.choices, *([None] * shape.optional))
    )


def column_faults(row: models.Model, names: tuple[str, ...]) -> tuple[Reason, ...]:
    """What the columns of a row cannot hold: too long a text, too many digits."""
    reasons = []
    for name in names:
        column, value = row._meta.get_field(name), getattr(row, name)  # noqa: SLF001 (Django's public Meta API)
        if isinstance(column, models.CharField) and len(value or "") > (column.max_length or 0):
            reasons.append(Reason("records.too_long", {"field": name, "limit": column.max_length}))
        if isinstance(column, models.DecimalField) and isinstance(value, Decimal):
            digits, places = column.max_digits or 0, column.decimal_places or 0
            if not fits_digits(value, digits, places):
                faults = {"field": name, "digits": digits, "places": places}
                reasons.append(Reason("records.too_many_digits", faults))
    return tuple(reasons)


def fits_digits(value: Decimal, digits: int, places: int) -> bool:
    """Whether a decimal column of so many digits, so many after the point, holds the value exactly."""
    tail = -int(value.normalize().as_tuple().exponent)
    return tail <= places and (not value or value.adjusted() < digits - places)


def faults_of(given: type[Any], model: type[models.Model], *, beside: tuple[str, ...] = ()) -> list[str]:
    """Where a frozen input does not fit its model; ``beside`` are no columns. For the start."""
    columns = {column.name: column for column in model._meta.get_fields()}  # noqa: SLF001 (public Meta API)
    found = []
    for shape in shapes(given):
        column = columns.get(shape.name)
        if shape.name in beside or shape.plain is tuple:
            continue
        if column is None:
            found.append(f"{given.__name__}.{shape.name} is no column of {model.__name__}")
        elif not isinstance(column, FITTING[shape.plain]):
            found.append(f"{given.__name__}.{shape.name} cannot be kept in {type(column).__name__}")
    return found
