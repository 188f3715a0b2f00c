"""A figure is Vega-Lite JSON built as plain dicts: one theme, one renderer, alternative text always."""

from gemba.stats.figures.figure import Figure

__all__ = ["Figure"]
