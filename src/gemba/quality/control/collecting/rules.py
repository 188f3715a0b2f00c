"""What stands against taking a reading, its value apart. Pure: every function returns reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from urllib.parse import unquote

from gemba.quality.control.collecting.reading import KINDS, PURPOSES, VALIDITIES, Reading
from gemba.quality.control.collecting.sheet import Sheet
from gemba.quality.control.collecting.verdict import LONGEST_TEXT
from gemba.quality.planning.products.specification import Specification
from gemba.quality.records.reasons import Reason

LIMITS = {
    "characteristic": 80, "text": LONGEST_TEXT, "unit": 20, "operator": 80, "gauge": 80, "lot": 80,
    "serial": 80, "subgroup": 80, "note": 2000, "size": LONGEST_TEXT, "nominal": LONGEST_TEXT,
    "part": LONGEST_TEXT,
}  # fmt: skip
LONGEST_SOURCE = 80
_USUAL: Mapping[str, object] = {
    "purpose": "production", "validity": "valid", "kind": "reading", "about": None,
    "size": "", "nominal": "", "part": "",
}  # fmt: skip
_WORDS = {"source": LONGEST_SOURCE} | {
    name: limit for name, limit in LIMITS.items() if name not in {"characteristic", *_USUAL}
}
_LONGEST_UNIT = LIMITS["unit"]
LONGEST_KEY = 60
MOST_KEYS = 20
LARGEST_SEQUENCE = 2**63 - 1
_BREAKS = {ord(sign): " " for sign in "\n\r\t\u00a0\u202f\u2009"}
_KEY_SIGNS = str.maketrans({"%": "%25", ";": "%3B", "=": "%3D"})


def key_reasons(reading: Reading) -> Iterator[Reason]:
    """Why nothing can be kept under the key of a reading."""
    source = reading.source
    if not 1 <= len(source) <= LONGEST_SOURCE or not source.isprintable() or not source.strip():
        yield Reason("collecting.key_source")
    if not 0 <= reading.sequence <= LARGEST_SEQUENCE:
        yield Reason("collecting.key_sequence", {"given": str(reading.sequence)[:LONGEST_TEXT]})


def is_plain(reading: Reading) -> bool:
    """Whether nothing can stand against the form of a reading, seen at a glance; else look closer."""
    words = (
        f"{reading.source}{reading.text}{reading.unit}{reading.operator}{reading.gauge}{reading.lot}"
        f"{reading.serial}{reading.subgroup}{reading.note}"
    )
    return (
        len(words) <= LONGEST_SOURCE
        and words.isprintable()
        and len(reading.text) <= LONGEST_TEXT
        and len(reading.unit) <= _LONGEST_UNIT
        and 0 <= reading.sequence <= LARGEST_SEQUENCE
        and not reading.source.isspace()
        and reading.source != ""
        and reading.purpose == "production"
        and reading.validity == "valid"
        and reading.kind == "reading"
        and reading.about is None
        and not reading.size
        and not reading.nominal
        and not reading.part
    )


def are_plain(sheet: Sheet) -> bool:
    """Whether that holds for every one of many, column by column: most of them hold one value."""
    if not len(sheet):
        return True
    sequences = sheet["sequence"]
    if min(sequences) < 0 or max(sequences) > LARGEST_SEQUENCE:
        return False
    if not all(sheet.holds_only(name, usual) for name, usual in _USUAL.items()):
        return False
    if any(not source or source.isspace() for source in set(sheet["source"])):
        return False
    return all(_words_plain(sheet[name], limit) for name, limit in _WORDS.items())


def _words_plain(column: Sequence[str], limit: int) -> bool:
    first = column[0]
    if column.count(first) == len(column):
        return len(first) <= limit and first.isprintable()
    return max(map(len, column)) <= limit and "".join(column).isprintable()


def form_reasons(reading: Reading) -> Iterator[Reason]:
    """What is wrong with the form of a reading: lengths, signs, unknown words, a reason left out."""
    for name, limit in LIMITS.items():
        yield from _text_reasons(name, getattr(reading, name), limit)
    known = {"kind": KINDS, "purpose": PURPOSES, "validity": VALIDITIES}
    for name, words in known.items():
        if getattr(reading, name) not in words:
            about = {"given": getattr(reading, name)[:LONGEST_TEXT], "known": ", ".join(words)}
            yield Reason(f"collecting.{name}_unknown", about)
    if (reading.kind != "reading" or reading.validity == "excluded") and not reading.note.strip():
        said = reading.kind if reading.kind != "reading" else reading.validity
        yield Reason("collecting.note_missing", {"kind": said[:LONGEST_TEXT]})
    if reading.kind == "reading" and reading.about is not None:
        yield Reason("collecting.about_unexpected")
    if reading.kind == "void" and reading.text.strip():
        yield Reason("collecting.void_with_value", {"text": reading.text[:LONGEST_TEXT]})


def _text_reasons(name: str, text: str, limit: int) -> Iterator[Reason]:
    if len(text) > limit:
        yield Reason("collecting.too_long", {"field": name, "limit": limit})
    if not text.translate(_BREAKS).isprintable():
        yield Reason("collecting.unreadable", {"field": name})


def time_reasons(moment: datetime | None) -> Iterator[Reason]:
    """Why nobody knows which moment is meant."""
    if moment is not None and moment.utcoffset() is None:
        yield Reason("collecting.time_zone", {"given": moment.isoformat(sep=" ")})


def stream_reasons(stream: Mapping[str, str], asked: Specification | None) -> Iterator[Reason]:
    """What is wrong with what tells streams apart, and with the context beside it."""
    if len(stream) > MOST_KEYS:
        yield Reason("collecting.too_long", {"field": "stream", "limit": MOST_KEYS})
    for name, value in stream.items():
        yield from _text_reasons(name[:LONGEST_KEY], name, LONGEST_KEY)
        yield from _text_reasons(name[:LONGEST_KEY], value, LONGEST_KEY)
    for name in asked.stream_keys if asked else ():
        if not stream.get(name, "").strip():
            about = {"key": name, "number": asked.number if asked else ""}
            yield Reason("collecting.stream_key_missing", about)


def stream_key(names: tuple[str, ...], values: tuple[str, ...]) -> str:
    """The key of a stream as text: ``machine=M2;cavity=3``, with ``%``, ``;`` and ``=`` escaped."""
    pairs = zip(names, values, strict=True)
    return ";".join(f"{name}={value.translate(_KEY_SIGNS)}" for name, value in pairs)


def key_parts(key: str) -> dict[str, str]:
    """The names and values that a stream key was made of."""
    parts = (part.partition("=") for part in key.split(";") if part)
    return {name: unquote(value) for name, _, value in parts}
