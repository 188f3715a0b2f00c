"""The drawing library, in one place: Vega-Lite in, SVG, PNG, PDF and the browser's script out."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from gemba.stats.results import N_, require


def draw_svg(spec: Mapping[str, Any]) -> str:
    """The figure as SVG text."""
    svg: str = _library().vegalite_to_svg(dict(spec), allowed_base_urls=[])
    return svg


def draw_png(spec: Mapping[str, Any], scale: float) -> bytes:
    """The figure as PNG, ``scale`` pixels to a point."""
    png: bytes = _library().vegalite_to_png(dict(spec), scale=scale, allowed_base_urls=[])
    return png


def draw_pdf(spec: Mapping[str, Any]) -> bytes:
    """The figure as a one-page PDF with text that can be searched."""
    pdf: bytes = _library().vegalite_to_pdf(dict(spec), allowed_base_urls=[])
    return pdf


@lru_cache(maxsize=1)
def browser_script() -> str:
    """The JavaScript that draws a figure in a browser, about 0.9 MB, without any outside address."""
    script: str = _library().javascript_bundle()
    return script


def _library() -> Any:
    return require("vl_convert", extra="figures", purpose=N_("Drawing a figure"))
