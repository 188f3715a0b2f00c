"""Results to plain JSON values and back, driven by the types of their fields.

A missing number in an array is ``null``; infinities are the strings ``"inf"`` and ``"-inf"``; a missing
optional field is ``null``.
"""

from __future__ import annotations

import dataclasses
import math
import types
from collections.abc import Mapping
from enum import Enum
from functools import lru_cache
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import numpy as np

from gemba.stats.results.arrays import sealed
from gemba.stats.results.errors import DataError

T = TypeVar("T")


def encode_fields(instance: Any) -> dict[str, Any]:
    """Field name -> JSON value of a dataclass instance."""
    return {f.name: encode(getattr(instance, f.name)) for f in dataclasses.fields(instance) if f.init}


def encode(value: Any) -> Any:
    """One value as JSON."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, np.ndarray):
        return _encode_array(value)
    if isinstance(value, np.generic):
        return encode(value.item())
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return _encode_float(value)
    if dataclasses.is_dataclass(value):
        return encode_fields(value)
    if isinstance(value, Mapping):
        return {str(key): encode(item) for key, item in value.items()}
    if isinstance(value, tuple | list | frozenset):
        return [encode(item) for item in value]
    raise TypeError(f"a result cannot hold a {type(value).__name__}")


def _encode_array(array: Any) -> list[Any]:
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        return [_encode_float(item) for item in array.tolist()]
    listed: list[Any] = array.tolist()
    return listed


def _encode_float(value: float) -> float | str | None:
    if math.isnan(value):
        return None
    return value if math.isfinite(value) else ("inf" if value > 0 else "-inf")


@lru_cache(maxsize=512)
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def decode_fields(kind: type[T], values: Mapping[str, Any]) -> T:
    """A dataclass of ``kind`` from field name -> JSON value; says what is missing or unknown."""
    hints, required = _hints(cast(Any, kind)), _required(cast(Any, kind))
    unknown = [name for name in values if name not in required]
    missing = [name for name, needed in required.items() if needed and name not in values]
    for names, word in ((missing, "missing"), (unknown, "unknown")):
        if names:
            raise ValueError(f"{', '.join(map(str, names))} {word}")
    return kind(**{name: _decode_field(name, hints[name], value) for name, value in values.items()})


@lru_cache(maxsize=512)
def _required(kind: Any) -> dict[str, bool]:
    """Each field that can be given, and whether it must be."""
    return {field.name: _is_required(field) for field in dataclasses.fields(kind) if field.init}


def _is_required(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _decode_field(name: str, hint: Any, value: Any) -> Any:
    try:
        return decode(hint, value)
    except DataError:
        raise
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{name}: {error}") from error


def decode(hint: Any, value: Any) -> Any:
    """One JSON value as the type that ``hint`` states."""
    if hint is float:
        return _decode_float(value)
    origin, arguments = _parts(hint)
    if origin is np.ndarray:
        return _decode_array(arguments, value)
    if origin in (Union, types.UnionType):
        return _decode_union(arguments, value)
    if origin is tuple:
        return _decode_tuple(arguments, value)
    if origin is not None and issubclass_safe(origin, Mapping):
        return {decode(arguments[0], key): decode(arguments[1], item) for key, item in value.items()}
    if origin in (list, frozenset):
        return origin(decode(arguments[0], item) for item in value)
    if origin is Literal or hint is Any or hint is object:
        return value
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(value)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return decode_fields(hint, value)
    return value


@lru_cache(maxsize=1024)
def _parts(hint: Any) -> tuple[Any, tuple[Any, ...]]:
    """What a type is made of."""
    return get_origin(hint), get_args(hint)


def _decode_union(arguments: tuple[Any, ...], value: Any) -> Any:
    if value is None and types.NoneType in arguments:
        return None
    options = [option for option in arguments if option is not types.NoneType]
    for option in options:
        if _fits(option, value):
            return decode(option, value)
    return decode(options[0], value)


def _fits(option: Any, value: Any) -> bool:
    origin = get_origin(option) or option
    if isinstance(value, list):
        return origin in (tuple, list, frozenset, np.ndarray)
    if isinstance(value, Mapping):
        return dataclasses.is_dataclass(origin) or issubclass_safe(origin, Mapping)
    if isinstance(value, bool | str):
        return origin is type(value) or origin is Literal or (value in ("inf", "-inf") and origin is float)
    return origin is type(value) or (origin is float and isinstance(value, int))


def _decode_tuple(arguments: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        return tuple(decode(arguments[0], item) for item in value)
    return tuple(decode(option, item) for option, item in zip(arguments, value, strict=True))


def _decode_array(arguments: tuple[Any, ...], value: Any) -> Any:
    dtype = get_args(arguments[1])[0] if len(arguments) > 1 and get_args(arguments[1]) else np.float64
    if dtype is np.float64:
        return sealed(np.array([_decode_float(item) for item in value], dtype=np.float64))
    return sealed(np.array(value, dtype=dtype))


def _decode_float(value: Any) -> float:
    return math.nan if value is None else float(value)


def issubclass_safe(kind: Any, parent: type) -> bool:
    """``issubclass`` that is false for what is no class."""
    return isinstance(kind, type) and issubclass(kind, parent)
