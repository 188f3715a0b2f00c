"""How values are written on a page."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import segno
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from gemba.quality.records.canonical import from_microseconds

register = template.Library()


@register.filter
def moment(value: Any, zone: str = "UTC") -> str | SafeString:
    """A moment in microseconds as date and time at a site; the offset shows on hover."""
    if value in (None, ""):
        return "–"
    when = value if isinstance(value, datetime) else from_microseconds(int(value))
    local = when.astimezone(ZoneInfo(zone or "UTC"))
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        when.astimezone(UTC).isoformat(timespec="seconds"),
        f"{local:%Y-%m-%d %H:%M:%S %Z (UTC%z)}",
        f"{local:%Y-%m-%d %H:%M}",
    )


@register.filter
def shown(value: Any) -> Any:
    """Nothing as a dash, yes and no in words, everything else as it is."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value


@register.filter
def qr(value: str) -> SafeString:
    """A QR code as inline SVG, without styles of its own."""
    made = segno.make(value, error="m")
    drawn = made.svg_inline(scale=5, border=2, dark="#000", light="#fff", omitsize=True, svgclass="qr")
    return mark_safe(drawn)  # noqa: S308 (made here, the value is only its content)


@register.simple_tag(takes_context=True)
def with_query(context: dict[str, Any], **changed: Any) -> str:
    """This page's query with some values replaced; an empty one is dropped."""
    query = context["request"].GET.copy()
    for name, value in changed.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else "?"
