"""One look from one table of tokens: light, dark and print.

A figure names styles (``limit``, ``signal-beyond``); a theme gives them colours. The hues are those of
Okabe and Ito (2008), "Color Universal Design", made darker or lighter until every text reaches a contrast
of 4.5 to its ground and every mark one of 3 (WCAG 2.2, 1.4.3 and 1.4.11).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, Literal, TypeAlias

from gemba.stats.figures.text import FONTS
from gemba.stats.results import N_, UnknownName

Theme: TypeAlias = Literal["light", "dark", "print"]

TOKENS: Final[dict[str, dict[str, str]]] = {
    "light": {
        "ground": "#ffffff",
        "ink": "#1b1f24",
        "muted": "#57606a",
        "axis": "#7d8791",
        "grid": "#e9ecf0",
        "series": "#0072b2",
        "center": "#007a5c",
        "limit": "#c04a00",
        "beyond": "#c04a00",
        "run": "#a0417c",
        "bar": "#4a8fc0",
        "on-bar": "#0b0f14",
        "rest": "#858f99",
        "second": "#a86e00",
        "zone": "#0072b2",
    },
    "dark": {
        "ground": "#14181d",
        "ink": "#e8ecf0",
        "muted": "#a8b2bd",
        "axis": "#7b8590",
        "grid": "#272e36",
        "series": "#56b4e9",
        "center": "#2fc79b",
        "limit": "#ff8a4c",
        "beyond": "#ff8a4c",
        "run": "#e58fc4",
        "bar": "#4391c4",
        "on-bar": "#0b0f14",
        "rest": "#808a95",
        "second": "#e69f00",
        "zone": "#7cc4f0",
    },
    "print": {
        "ground": "#ffffff",
        "ink": "#000000",
        "muted": "#3a3a3a",
        "axis": "#5a5a5a",
        "grid": "#e2e2e2",
        "series": "#4a4a4a",
        "center": "#000000",
        "limit": "#000000",
        "beyond": "#a63a00",
        "run": "#7d2b5f",
        "bar": "#8a8a8a",
        "on-bar": "#0b0f14",
        "rest": "#6e6e6e",
        "second": "#000000",
        "zone": "#000000",
    },
}

SIZES: Final[dict[str, int]] = {
    "title": 16,
    "subtitle": 12,
    "label": 11,
    "note": 11,
    "axis": 11,
    "number": 10,
}
"""Font sizes in pixels."""

# A value that starts with "$" is a token.
STYLES: Final[dict[str, dict[str, Any]]] = {
    "series-line": {"color": "$series", "strokeWidth": 1.4, "opacity": 1, "strokeJoin": "round"},
    "series-point": {"color": "$series", "filled": True, "size": 26, "opacity": 1},
    "series-small": {"color": "$series", "filled": True, "size": 11, "opacity": 1},
    "series-band": {"color": "$series", "opacity": 0.55},
    "series-dense": {"color": "$series", "strokeWidth": 0.8, "opacity": 1, "strokeJoin": "round"},
    "center": {"color": "$center", "strokeWidth": 1.4, "opacity": 1},
    "center-dense": {"color": "$center", "strokeWidth": 0.6, "opacity": 1},
    "limit": {"color": "$limit", "strokeWidth": 1.4, "strokeDash": [6, 3], "opacity": 1},
    "limit-dense": {"color": "$limit", "strokeWidth": 0.7, "opacity": 0.9},
    "zone": {"color": "$zone", "opacity": 0.06},
    "signal-beyond": {"color": "$beyond", "filled": True, "shape": "diamond", "size": 110, "opacity": 1},
    "signal-run": {"color": "$run", "filled": True, "shape": "square", "size": 66, "opacity": 1},
    "beyond-small": {"color": "$beyond", "filled": True, "shape": "diamond", "size": 30, "opacity": 1},
    "run-small": {"color": "$run", "filled": True, "shape": "square", "size": 20, "opacity": 1},
    "signal-part": {"color": "$run", "filled": True, "shape": "circle", "size": 34, "opacity": 1},
    "beyond-number": {"color": "$beyond", "fontSize": SIZES["number"], "fontWeight": "bold"},
    "run-number": {"color": "$run", "fontSize": SIZES["number"], "fontWeight": "bold"},
    "excluded": {
        "color": "$ground",
        "filled": True,
        "stroke": "$muted",
        "size": 46,
        "strokeWidth": 1.5,
        "opacity": 1,
    },
    "halo": {
        "color": "$ground",
        "stroke": "$ground",
        "strokeWidth": 3,
        "strokeJoin": "round",
        "fontSize": SIZES["number"],
        "fontWeight": "bold",
        "opacity": 0.85,
    },
    "excluded-ring": {"color": "$muted", "filled": False, "size": 230, "strokeWidth": 1.4, "opacity": 1},
    "stage-border": {"color": "$axis", "strokeWidth": 1, "strokeDash": [2, 3], "opacity": 1},
    "stage-name": {"color": "$ink", "fontSize": SIZES["label"], "fontWeight": "bold"},
    "stage-note": {"color": "$muted", "fontSize": SIZES["number"]},
    "event-line": {"color": "$muted", "strokeWidth": 0.8, "strokeDash": [1, 3], "opacity": 1},
    "event": {"color": "$second", "filled": True, "shape": "triangle-right", "size": 58, "opacity": 1},
    "event-lot": {"color": "$second", "filled": True, "shape": "circle", "size": 52, "opacity": 1},
    "event-tool": {"color": "$second", "filled": True, "shape": "triangle-up", "size": 62, "opacity": 1},
    "event-gauge": {"color": "$second", "filled": True, "shape": "cross", "size": 62, "opacity": 1},
    "event-action": {"color": "$second", "filled": True, "shape": "triangle-down", "size": 62, "opacity": 1},
    "event-name": {"color": "$ink", "fontSize": SIZES["number"]},
    "label-ink": {"color": "$ink", "fontSize": SIZES["label"]},
    "spot-ink": {"color": "$ink", "fontSize": SIZES["number"], "fontWeight": "bold"},
    "label-strong": {"color": "$ink", "fontSize": SIZES["label"], "fontWeight": "bold"},
    "label-muted": {"color": "$muted", "fontSize": SIZES["label"]},
    "label-center": {"color": "$center", "fontSize": SIZES["label"]},
    "label-limit": {"color": "$limit", "fontSize": SIZES["label"]},
    "label-small": {"color": "$muted", "fontSize": SIZES["number"]},
    "label-on-bar": {"color": "$on-bar", "fontSize": SIZES["label"]},
    "leader": {"color": "$axis", "strokeWidth": 0.7, "opacity": 1},
    "bar": {"color": "$bar", "opacity": 1},
    "bar-joined": {"color": "$bar", "stroke": "$ground", "strokeWidth": 1, "opacity": 1},
    "bar-rest": {"color": "$rest", "opacity": 1},
    "curve": {"color": "$second", "strokeWidth": 2, "opacity": 1},
    "curve-other": {"color": "$ink", "strokeWidth": 1.6, "strokeDash": [5, 3], "opacity": 1},
    "cumulative-line": {"color": "$second", "strokeWidth": 1.8, "opacity": 1},
    "cumulative-point": {"color": "$second", "filled": True, "size": 34, "opacity": 1},
    "goal": {"color": "$center", "opacity": 0.1},
    "goal-met": {"color": "$center", "filled": True, "shape": "circle", "size": 70, "opacity": 1},
    "goal-open": {"color": "$center", "filled": False, "strokeWidth": 2, "size": 70, "opacity": 1},
    "guide": {"color": "$muted", "strokeWidth": 1, "strokeDash": [3, 3], "opacity": 1},
    "spec-limit": {"color": "$limit", "strokeWidth": 1.8, "opacity": 1},
    "target": {"color": "$center", "strokeWidth": 1.6, "strokeDash": [4, 3], "opacity": 1},
    "box": {"color": "$bar", "opacity": 0.35},
    "box-frame": {"color": "$series", "filled": False, "strokeWidth": 1.2, "opacity": 1},
    "whisker": {"color": "$series", "strokeWidth": 1.2, "opacity": 1},
    "median": {"color": "$ink", "strokeWidth": 2.2, "opacity": 1},
    "mean": {"color": "$center", "filled": True, "shape": "diamond", "size": 60, "opacity": 1},
    "outlier-small": {"color": "$beyond", "filled": True, "size": 7, "opacity": 0.7},
    "outlier": {"color": "$beyond", "filled": False, "size": 36, "strokeWidth": 1.4, "opacity": 1},
}


@lru_cache(maxsize=8)
def theme_config(theme: str) -> dict[str, Any]:
    """The Vega-Lite ``config`` of a theme; a browser may put another in its place without a new figure.

    Raises
    ------
    UnknownName
        For a theme that does not exist.
    """
    if theme not in TOKENS:
        raise UnknownName(theme, TOKENS, what=N_("theme"), argument="theme")
    tokens = TOKENS[theme]
    return {
        "font": FONTS,
        "background": tokens["ground"],
        "padding": 12,
        "title": _title(tokens),
        "axis": _axis(tokens),
        "view": {"stroke": tokens["axis"], "strokeOpacity": 0.6},
        "text": {"opacity": 1},
        "style": {name: _resolve(style, tokens) for name, style in STYLES.items()},
    }


NUMBERS: Final[dict[str, dict[str, Any]]] = {
    "de": {"decimal": ",", "thousands": "\u202f", "grouping": [3], "currency": ["", "\u202f€"]},
}
"""How languages write numbers, but for English, which needs no word of it."""


def number_locale(language: str) -> dict[str, Any]:
    """The part of a ``config`` that makes axes and tooltips write numbers as a language does."""
    return {"locale": {"number": NUMBERS[language]}} if language in NUMBERS else {}


def named_styles(node: Any) -> set[str]:
    """The styles that the marks of a specification name; a theme need not carry the others."""
    if isinstance(node, Mapping):
        own = {node["style"]} if isinstance(node.get("style"), str) else set()
        return own.union(*(named_styles(item) for key, item in node.items() if key != "data"))
    if isinstance(node, list | tuple):
        return set().union(*map(named_styles, node))
    return set()


def _title(tokens: dict[str, str]) -> dict[str, Any]:
    return {
        "anchor": "start",
        "frame": "group",
        "color": tokens["ink"],
        "fontSize": SIZES["title"],
        "fontWeight": "bold",
        "subtitleColor": tokens["muted"],
        "subtitleFontSize": SIZES["subtitle"],
        "subtitlePadding": 5,
        "subtitleLineHeight": 16,
        "offset": 12,
    }


def _axis(tokens: dict[str, str]) -> dict[str, Any]:
    return {
        "domain": False,
        "gridColor": tokens["grid"],
        "tickColor": tokens["axis"],
        "tickSize": 4,
        "labelColor": tokens["muted"],
        "labelFontSize": SIZES["axis"],
        "titleColor": tokens["ink"],
        "titleFontSize": SIZES["axis"],
        "titleFontWeight": "normal",
    }


def _resolve(style: dict[str, Any], tokens: dict[str, str]) -> dict[str, Any]:
    return {
        name: tokens[value[1:]] if isinstance(value, str) and value.startswith("$") else value
        for name, value in style.items()
    }
