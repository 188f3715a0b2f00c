"""Addresses of pages without Django's search: a list has one for each row, and each took 25 us.

A route is found once for its name and the kinds of its values, whole numbers and words. Values that need
more than to be put in their places go to Django.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.urls import reverse

_is_plain = re.compile(r"[A-Za-z0-9_.-]*[A-Za-z_.-][A-Za-z0-9_.-]*").fullmatch
"""A word that most kinds of text in a route take, and no number; with a dot it is a name, for fewer."""
_NUMBER, _WORDS = 9_182_736_450, {"word": "q9w8e7r6t", "name": "q9w8.e7r6t"}
"""What stands for a value while a route is found."""
_routes: dict[tuple[str, ...], str] = {}


def address_of(name: str, *values: Any) -> str:
    """What ``reverse`` answers."""
    kinds = []
    for value in values:
        if type(value) is int and value >= 0:
            kinds.append("number")
        elif isinstance(value, str) and _is_plain(value):
            kinds.append("name" if "." in value else "word")
        else:
            return str(reverse(name, args=values))
    key = (name, *kinds)
    route = _routes.get(key)
    if route is None:
        route = _routes[key] = _found(name, kinds)
    return route.format(*values)


def _found(name: str, kinds: Sequence[str]) -> str:
    """The route with a place for each value, in the order in which they are given."""
    marks: list[int | str] = [
        _NUMBER + place if kind == "number" else f"{_WORDS[kind]}{place}" for place, kind in enumerate(kinds)
    ]
    route = str(reverse(name, args=marks))
    for place, mark in enumerate(marks):
        route = route.replace(str(mark), f"{{{place}}}")
    return route
