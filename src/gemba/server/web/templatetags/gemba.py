"""How values are written on a page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import segno
from django import template
from django.template.defaultfilters import truncatechars
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from gemba.quality.control.collecting.queries import key_in_words
from gemba.quality.control.monitoring.words import PANELS
from gemba.quality.records.canonical import from_microseconds
from gemba.quality.records.names import printed_names
from gemba.server.clock import now
from gemba.server.web import language
from gemba.server.web.cells import Cell
from gemba.server.web.doings import done_in_words
from gemba.server.web.language import code_word
from gemba.server.web.numbers import shown_number
from gemba.server.web.screening_words import WORDS
from gemba.stats.charts import KINDS
from gemba.stats.results import N_, translator

register = template.Library()
LONG = 60
"""A text with more signs needs the whole width."""
MOST_COLUMNS = 8
ONE_WORD = 16


@register.simple_tag(takes_context=True)
def menu(context: dict[str, Any]) -> SafeString:
    """Where one can go from here."""
    drawn: SafeString = context["menu"].lines(context["path"])
    return drawn


@register.filter
def moment(value: Any, zone: str = "UTC") -> str | SafeString:
    """A moment in microseconds as date and time at a site; the offset shows on hover."""
    if value in (None, ""):
        return "–"
    when = value if isinstance(value, datetime) else from_microseconds(int(value))
    local = when.astimezone(ZoneInfo(zone or "UTC"))
    written = local.isoformat(" ", "seconds")
    there, offset = written[:19], written[19:].replace(":", "")
    exact = when.astimezone(UTC).isoformat(timespec="seconds")
    words = f"{there} {local.tzname()} (UTC{offset})"
    return mark_safe(f'<time datetime="{exact}" title="{words}">{there[:16]}</time>')  # noqa: S308 (digits and zones)


@register.simple_tag
def subgroup_of(point: Mapping[str, Any], zone: str = "UTC") -> str:
    """The name of a point's subgroup; nothing where it only repeats when that was."""
    local = point["at"].astimezone(ZoneInfo(zone or "UTC"))
    named = str(point["subgroup"])
    return "" if f"{local:%m-%d %H:%M}" in named else named


@register.filter
def shown(value: Any, empty: str = "–") -> Any:
    """Nothing as a dash, yes and no in words, everything else as it is."""
    if value is None or value == "":
        return empty or "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return value


@register.filter
def qr(value: str) -> SafeString:
    """A QR code as inline SVG, without styles of its own."""
    made = segno.make(value, error="m")
    drawn = made.svg_inline(scale=5, border=2, dark="#000", light="#fff", omitsize=True, svgclass="qr")
    return mark_safe(drawn)  # noqa: S308 (made here, the value is only its content)


@register.simple_tag(takes_context=True)
def with_query(context: dict[str, Any], **changed: Any) -> str:
    """The query of this page with some values replaced; an empty one is dropped."""
    query = context["request"].GET.copy()
    for name, value in changed.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else "?"


@register.filter
def iso_moment(value: Any, zone: str = "UTC") -> Any:
    """A moment that JSON holds as ISO 8601, as a page shows it."""
    if isinstance(value, str) and value:
        return moment(datetime.fromisoformat(value), zone)
    return moment(value, zone) if isinstance(value, datetime) else shown(value)


@register.filter
def holder(value: str) -> str:
    """Who holds a task: a role by its word, a person by name."""
    kind, _, name = str(value).partition(":")
    return (
        language.within(code_word(name))
        if kind == "role"
        else printed_names([str(value)]).get(str(value), str(value))
    )


@register.filter
def called(value: Any, names: Mapping[str, str] | str) -> str:
    """The printed name of an actor among those of the page."""
    found = names.get(str(value), "") if isinstance(names, Mapping) else ""
    return found or str(value or "–")


@register.filter
def action(value: Any) -> str:
    """The code of an action, a field or a state in plain words."""
    return ": ".join(code_word(part) for part in str(value).replace(".", ":").split(":"))


@register.filter
def done_in(action: str, record_type: str) -> str:
    """What a line of the trail of a record of this type says was done."""
    return done_in_words(action, record_type)


@register.filter
def unbroken(item: Any) -> bool:
    """Whether a cell holds one short word or number, which no line may break."""
    text = str(item.text or item.value or "")
    return item.kind not in ("moment", "person") and 0 < len(text) <= ONE_WORD and " " not in text


@register.filter
def said(text: Any) -> str:
    """A text of ours that was marked where it is written, in the reader's language."""
    return _(str(text)) if text else ""


@register.filter
def within(text: Any) -> str:
    """A word of ours inside a sentence."""
    return language.within(str(text))


@register.filter
def at(row: Mapping[str, Any], name: str) -> Any:
    """One value of a row."""
    return row.get(name)


@register.filter
def finding_word(name: str) -> str:
    """What a screening finds, how a chart stands, or by what streams are ranked."""
    return _(WORDS.get(name, name))


@register.filter
def brief(value: Any) -> str:
    """A value of any kind in one line; a long one is cut."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 160 else f"{text[:157]}…"


@register.filter
def clipped(text: str, most: int) -> str:
    """A text of at most so many characters, as ``truncatechars`` has it."""
    if not text.isascii():
        return str(truncatechars(text, most))
    return text if len(text) <= most else f"{text[: most - 1]}…"


@register.filter
def long(value: Any) -> bool:
    """Whether a text needs the whole width."""
    return isinstance(value, str) and len(value) > LONG


@register.filter
def crowded(table: Any) -> bool:
    """Whether the rows of a table are too wide for its columns, and each stands better as a small sheet."""
    columns = len(table.columns)
    longest = max(
        (len(str(cell.text or cell.value or "")) for line in table.cells for cell in line), default=0
    )
    return columns > MOST_COLUMNS or (columns > MOST_COLUMNS - 2 and longest > LONG // 2)


@register.filter
def kind_word(name: Any) -> str:
    """What a kind of chart is called; a size of subgroup behind it stays: ``xbar-r (5)``."""
    code, space, size = str(name).partition(" ")
    found = next((kind for kind in KINDS if kind.name == code), None)
    return str(name) if found is None else translator()(found.words.title) + space + size


RULE_SETS = {
    "bare": N_("beyond the limits only"),
    "platform": N_("Nelson 1, 2 and 5"),
    "nelson": N_("Nelson, all eight"),
    "western-electric": N_("Western Electric"),
}


@register.filter
def rules_word(name: Any) -> str:
    """What a set of rules is called; single rules by their codes."""
    return _(RULE_SETS[name]) if name in RULE_SETS else str(name)


@register.filter
def key_words(key: Any) -> str:
    """What tells a stream apart, as people say it."""
    return key_in_words(str(key or ""))


@register.filter
def panel(name: str) -> str:
    """The template of a piece of the object page."""
    return f"panels/{name}.html"


@register.filter
def rounded(value: Any, decimals: Any) -> str:
    """A number with the decimals of its characteristic."""
    if value is None or value == "":
        return "–"
    places = int(decimals) if str(decimals).isdigit() else 3
    return shown_number(f"{float(value):.{places}f}")


@register.filter
def finer(value: Any, decimals: Any) -> str:
    """A statistic of readings: with one decimal more than they have."""
    return rounded(value, int(decimals) + 1 if str(decimals).isdigit() else 4)


@register.filter
def exactly(value: Any) -> Any:
    """A number with all its digits, as programs write it; nothing where there is none."""
    text = "" if value is None else str(value)
    return value if "e" in text else text  # with an exponent: Django writes it out


@register.filter
def number(value: Any) -> str:
    """A number that is written out already, with the decimal sign of the reader."""
    return shown_number(value)


@register.filter
def significant(value: Any) -> str:
    """A number with four significant digits, written plainly."""
    return "–" if value is None else shown_number(f"{float(value):.4g}")


@register.simple_tag
def spark(sparks: Mapping[int, Any], stream: int) -> SafeString | str:
    """The small chart of a stream, with its words on hover; a dash where it has no point."""
    found = sparks.get(stream)
    if found is None:
        return "–"
    return format_html('<span title="{}">{}</span>', found.words, mark_safe(found.svg))  # noqa: S308 (made by us, its label escaped)


@register.filter
def blank(fields: Any) -> list[Any]:
    """Those of the facts that hold nothing."""
    return [item for item in fields if item.value is None or item.value in ("", [], ())]


@register.filter
def filled(fields: Any) -> list[Any]:
    """Those of the facts that hold something."""
    left = blank(fields)
    return [item for item in fields if item not in left]


@register.filter
def initials(name: str) -> str:
    """The first letters of a name."""
    parts = str(name).split()
    return "".join(part[0] for part in (parts[:1] + parts[1:][-1:])).upper()


@register.filter
def how_long(value: Any) -> str:
    """How far a moment is from now: ``3 days late``, ``in 2 h``."""
    if not isinstance(value, datetime):
        return ""
    minutes = round((value - now()).total_seconds() / 60)
    size = abs(minutes)
    words = {"span": _span(size)}
    return _("%(span)s late") % words if minutes < 0 else _("in %(span)s") % words


def _span(minutes: int) -> str:
    count, unit = (
        (minutes, _("min"))
        if minutes < 60
        else (minutes // 60, _("h"))
        if minutes < 2880
        else (minutes // 1440, _("days"))
    )
    return f"{count} {unit}"


@register.filter
def age(value: Any) -> str:
    """How old something is: ``5 min``, ``3 h``, ``12 days``."""
    if not isinstance(value, datetime):
        return ""
    return _span(max(0, round((now() - value).total_seconds() / 60)))


@register.filter
def panel_word(name: Any) -> str:
    """The word for a panel of a chart."""
    word = PANELS.get(str(name))
    return _(word) if word else str(name or "–")


@register.filter
def words_of(text: str) -> list[int]:
    """The numbers in a text."""
    return [int(part) for part in text.split()]


@register.simple_tag(takes_context=True)
def further_cells(context: dict[str, Any], cells: Sequence[Cell]) -> SafeString:
    """The values of a line of a list behind the first one, which leads to its record."""
    drawn = []
    for cell in cells[1:]:
        look = f' class="{cell.look}"' if cell.look else ""
        drawn.append(
            f'<td data-label="{escape(cell.label)}"{look}>{conditional_escape(value(context, cell))}</td>'
        )
    return mark_safe("".join(drawn))  # noqa: S308 (all of it is escaped)


@register.simple_tag(takes_context=True)
def value(context: dict[str, Any], item: Any, empty: str = "–") -> str | SafeString:
    """One value as its kind wants to be shown: a state as a badge, a moment at the site, a person by name."""
    kind, held, text = item.kind, item.value, item.text
    if kind == "state":
        category = getattr(item, "category", "") or context.get("category", "")
        return format_html('<span class="state {}">{}</span>', category, text or held)
    if kind == "moment":
        found: SafeString | str = iso_moment(held, str(context.get("zone", "UTC")))
        return found
    if text:
        return str(text)
    if kind == "number" and held is not None and not text:
        return shown_number(shown(held, empty))
    if held and item.name.endswith("_role"):
        return language.within(code_word(str(held)))
    if kind == "person":
        return called(held, context.get("names") or {})
    return str(shown(held, empty))
