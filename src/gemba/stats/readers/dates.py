"""Dates and times in text: recognised by form, ordered only when the data or a person say how."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Literal

from gemba.stats.readers.vocabulary import MONTHS

DateOrder = Literal["ymd", "dmy", "mdy"]
ORDERS: tuple[DateOrder, ...] = ("ymd", "dmy", "mdy")

_CLOCK = (
    r"(?:[T ,]\s*(?P<clock>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,6})?)?)"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_YEAR_FIRST = re.compile(
    r"(?P<y>[0-9]{4})(?P<mark>[-/.])(?P<a>[0-9]{1,2})(?P=mark)(?P<b>[0-9]{1,2})" + _CLOCK
)
_YEAR_LAST = re.compile(
    r"(?P<a>[0-9]{1,2})(?P<mark>[-/.])(?P<b>[0-9]{1,2})(?P=mark)(?P<y>[0-9]{4}|[0-9]{2})" + _CLOCK
)
_TIME = re.compile(r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,6})?)?\s*(?:[AaPp]\.?[Mm]\.?)?")
_NAMED = re.compile(
    r"(?:[0-9]{1,2}[-. ]{1,2}[A-Za-zäéû]{3,9}\.?(?:[- ][0-9]{2,4})?"
    r"|[A-Za-zäéû]{3,9}\.?[- ][0-9]{1,2}(?:,? [0-9]{4})?)"
)


def looks_like_date(text: str) -> bool:
    """Whether the text has the form of a date, a time or both."""
    stripped = text.strip()
    if not stripped or not any(mark in stripped for mark in ":-/. "):
        return False
    if _YEAR_FIRST.fullmatch(stripped) or _TIME.fullmatch(stripped):
        return True
    match = _YEAR_LAST.fullmatch(stripped)
    if match:
        return max(int(match["a"]), int(match["b"])) <= 31 and min(int(match["a"]), int(match["b"])) <= 12
    if _NAMED.fullmatch(stripped):
        return any(word in MONTHS for word in re.findall(r"[a-zäéû]+", stripped.casefold()))
    return False


def states_day(text: str) -> bool:
    """Whether the text states a whole date in digits, in whatever order."""
    stripped = text.strip()
    return _YEAR_FIRST.fullmatch(stripped) is not None or _YEAR_LAST.fullmatch(stripped) is not None


def find_orders(texts: Iterable[str]) -> tuple[DateOrder, ...]:
    """The orders of day, month and year that every date allows; one = certain, several = ask.

    A date with points and the year last is written day first; no country writes it otherwise.
    """
    possible = list(ORDERS)
    has_year_last = has_year_first = False
    for text in texts:
        match = None if text[4:5] == "-" else _YEAR_LAST.fullmatch(text.strip())
        if match is None:
            has_year_first = has_year_first or _YEAR_FIRST.fullmatch(text.strip()) is not None
            continue
        has_year_last = True
        allowed = {"dmy"} if match["mark"] == "." else _allowed(match)
        possible = [order for order in possible if order in allowed]
    return ("ymd",) if has_year_first and not has_year_last else tuple(possible)


def _allowed(match: re.Match[str]) -> set[str]:
    first, second, last = int(match["a"]), int(match["b"]), match["y"]
    allowed = set()
    if first <= 31 and second <= 12:
        allowed.add("dmy")
    if first <= 12 and second <= 31:
        allowed.add("mdy")
    if len(last) == 2 and second <= 12 and 1 <= int(last) <= 31:
        allowed.add("ymd")
    return allowed


def to_iso(text: str, order: DateOrder | None) -> str:
    """The date in ISO 8601 form, or the text as it is where it states no whole date or no order is known."""
    stripped = text.strip()
    match = _YEAR_FIRST.fullmatch(stripped)
    if match:
        return _iso(stripped, match["y"], match["a"], match["b"], match)
    match = _YEAR_LAST.fullmatch(stripped)
    if match is None or order is None:
        return stripped
    a, b, y = match["a"], match["b"], match["y"]
    year, month, day = {"ymd": (a, b, y), "dmy": (y, b, a), "mdy": (y, a, b)}[order]
    return _iso(stripped, year, month, day, match)


def _iso(text: str, year: str, month: str, day: str, match: re.Match[str]) -> str:
    whole = int(year) + (0 if len(year) > 2 else 2000 if int(year) < 69 else 1900)
    try:
        date = dt.date(whole, int(month), int(day)).isoformat()
    except ValueError:
        return text
    if not match["clock"]:
        return date
    hour, rest = match["clock"].replace(",", ".").split(":", 1)
    number = int(hour)
    if match["half"]:
        number = number % 12 + (12 if match["half"][0] in "Pp" else 0)
    return f"{date} {number:02d}:{rest}{match['zone'] or ''}"
