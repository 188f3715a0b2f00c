"""Static files that are made at the start: the bundle that draws figures in the browser."""

from __future__ import annotations

from pathlib import Path

from gemba.stats.figures.render import browser_script


def make_static(folder: Path) -> None:
    """Write Vega's bundle, as vl-convert carries it, where WhiteNoise serves it."""
    place = folder / "gemba"
    place.mkdir(parents=True, exist_ok=True)
    (place / "vega.js").write_text(browser_script(), encoding="utf-8")
