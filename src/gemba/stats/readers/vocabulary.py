"""The words by which people mark units, limits, totals and subgroups in their sheets.

English, German, French, Spanish and Italian, as plants write them. A word decides only together with its
place and with numbers beside it.
"""

from __future__ import annotations

import json
import re
from importlib import resources
from typing import Any, Literal

SpecSide = Literal["nominal", "lower", "upper"]
SpecSense = Literal["limit", "allowance", "either"]


def _load() -> dict[str, Any]:
    text = resources.files(__package__).joinpath("vocabulary.json").read_text(encoding="utf-8")
    tables: dict[str, Any] = json.loads(text)
    return tables


_TABLES = _load()
UNITS = frozenset(_TABLES["units"])
MISSING = frozenset(_TABLES["missing"])
NOT_DETECTED = frozenset(_TABLES["not_detected"])
SUMMARY_WORDS = frozenset(_TABLES["summary"])
COMPUTED_WORDS = frozenset(_TABLES["computed"])
SUBGROUP_WORDS = frozenset(_TABLES["subgroup"])
ID_WORDS = frozenset(_TABLES["id"])
TIME_WORDS = frozenset(_TABLES["time"])
CHARACTERISTIC_WORDS = frozenset(_TABLES["characteristic"])
SIZE_WORDS = frozenset(_TABLES["size"])
DEFECT_WORDS = frozenset(_TABLES["defect"])
MONTHS = frozenset(_TABLES["months"])
SPEC_WORDS: dict[str, tuple[SpecSide, SpecSense]] = {
    word: (side, sense)
    for side, senses in _TABLES["spec"].items()
    for sense, words in senses.items()
    for word in words
}

_FOLDED = {unit.casefold(): unit for unit in sorted(UNITS, key=len) if len(unit) > 1}
_GLUED = frozenset(["%", "‰", "°", '"', "Ω", "''"])
_SPACES = re.compile(r"[\s_.:;\u00a0\u202f]+")


def plain_word(text: str) -> str:
    """The text as the tables above write words: folded, without stops and doubled spaces."""
    return _SPACES.sub(" ", text.casefold()).strip()


def find_unit(text: str) -> str | None:
    """The unit a text names, or ``None``; ``μ`` and ``µ`` are one letter."""
    name = text.strip().replace("μ", "µ")
    if name in UNITS:
        return name
    return _FOLDED.get(name.casefold())


def is_glued_unit(text: str) -> bool:
    """Whether the unit may follow its number without a space: ``5%`` and ``5mm``, but not ``5A``."""
    return text in _GLUED or len(text) > 1


_IN_BRACKETS = re.compile(
    r"^(?P<name>.*?)\s*[\[(]\s*(?P<unit>[^\[\]()]{1,12}(?:\(A\))?)\s*[\])]\s*$", re.DOTALL
)
_AFTER_MARK = re.compile(r"^(?P<name>.+?)(?:\s*/\s*|\s+in\s+|\s*,\s*)(?P<unit>[^\s,]{1,10})$", re.DOTALL)


def split_heading(heading: str) -> tuple[str, str]:
    """Name and unit of a column from its heading.

    Examples
    --------
    >>> split_heading("Diameter (mm)"), split_heading("Side (left)"), split_heading("Force / kN")
    (('Diameter', 'mm'), ('Side (left)', ''), ('Force', 'kN'))
    """
    text = " ".join(heading.split())
    for pattern in (_IN_BRACKETS, _AFTER_MARK):
        match = pattern.match(text)
        if match and match["name"]:
            unit = find_unit(match["unit"])
            if unit is not None:
                return match["name"], unit
    return text, ""


def unit_alone(text: str) -> str | None:
    """The unit of a cell that holds nothing else: ``mm``, ``(mm)``, ``[mm]``; a dash is "no unit"."""
    name = text.strip().strip("[]()").strip()
    return "" if name in ("-", "–", "—") else find_unit(name)
