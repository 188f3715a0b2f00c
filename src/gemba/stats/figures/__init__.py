"""A figure is Vega-Lite JSON built as plain dicts: one theme, one renderer, alternative text always.

``marks`` makes the layers, ``plane`` the panel they lie in, ``labels`` and ``text`` the room for words,
``reduce`` the points worth drawing, ``theme`` the look, ``render`` the files, ``page`` a page for a browser,
``sparkline`` a chart as small as a word.
"""

from gemba.stats.figures.figure import Figure, stack
from gemba.stats.figures.labels import EdgeLabel, Spot
from gemba.stats.figures.page import html_page, page_style
from gemba.stats.figures.plane import Plane, domain_of, heading, number_axis, value_ticks
from gemba.stats.figures.sparkline import sparkline
from gemba.stats.figures.theme import Theme, theme_config

__all__ = [
    "EdgeLabel",
    "Figure",
    "Plane",
    "Spot",
    "Theme",
    "domain_of",
    "heading",
    "html_page",
    "number_axis",
    "page_style",
    "sparkline",
    "stack",
    "theme_config",
    "value_ticks",
]
