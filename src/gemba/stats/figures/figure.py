"""One figure everywhere: the same Vega-Lite JSON on a page, in a report and in a notebook."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from gemba.stats.figures import render
from gemba.stats.figures.page import html_page
from gemba.stats.figures.theme import named_styles, number_locale, theme_config
from gemba.stats.results import N_, MissingExtra, UnknownName, spoken

SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v6.json"


@dataclass(frozen=True, eq=False)
class Figure:
    """A picture as Vega-Lite JSON without colours of its own, with the words that replace it.

    Parameters
    ----------
    spec : mapping
        Vega-Lite 6 as plain values. Marks name styles; the theme gives the colours.
    alt : str
        What the picture shows, for those who cannot see it. It stands in every SVG and page.
    title : str
        The picture in a few words, for a page's heading and a file's name.

    Examples
    --------
    >>> bar = {"mark": {"type": "bar", "style": "bar"}, "encoding": {"x": {"field": "n", "type": "nominal"}}}
    >>> figure = Figure({"data": {"values": [{"n": "A"}]}, **bar}, alt="One bar.")
    >>> sorted(figure.themed("dark"))
    ['$schema', 'config', 'data', 'description', 'encoding', 'mark']
    """

    spec: Mapping[str, Any]
    alt: str
    title: str = ""

    def themed(self, theme: str = "light") -> dict[str, Any]:
        """The whole Vega-Lite specification with the colours of ``"light"``, ``"dark"`` or ``"print"``."""
        config, used = theme_config(theme), named_styles(self.spec)
        styles = {name: style for name, style in config["style"].items() if name in used}
        return {
            "$schema": SCHEMA,
            "description": self.alt,
            **self.spec,
            "config": config | {"style": styles} | number_locale(spoken()),
        }

    def to_svg(self, theme: str = "light") -> str:
        """The picture as SVG text with its alternative text inside."""
        label = html.escape(self.alt, quote=True)
        svg = render.draw_svg(self.themed(theme))
        return svg.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)

    def to_png(self, theme: str = "light", *, scale: float = 2.0) -> bytes:
        """The picture as PNG, ``scale`` pixels to a point."""
        return render.draw_png(self.themed(theme), scale)

    def to_pdf(self, theme: str = "light") -> bytes:
        """The picture as a one-page PDF with text that can be searched."""
        return render.draw_pdf(self.themed(theme))

    def to_html(self, theme: str = "light") -> str:
        """A page that shows the picture with tooltips, without a network; as SVG where scripts are off."""
        return html_page(self.title, [self], theme=theme)

    def save(self, path: str | Path, theme: str = "light") -> Path:
        """Write the picture as its suffix says: svg, png, pdf, html, or json for Vega-Lite itself.

        Raises
        ------
        UnknownName
            For another suffix.
        MissingExtra
            When the drawing library is not installed.
        """
        target = Path(path)
        suffix = target.suffix.lower().removeprefix(".")
        if suffix not in _WRITERS:
            raise UnknownName(suffix, _WRITERS, what=N_("kind of picture file"), argument="path")
        target.write_bytes(_WRITERS[suffix](self, theme))
        return target

    def _repr_svg_(self) -> str:
        return self.to_svg()

    def _repr_mimebundle_(self, **_wanted: Any) -> dict[str, str]:
        try:
            return {"image/svg+xml": self.to_svg(), "text/plain": self.alt}
        except MissingExtra as missing:
            return {"text/plain": f"{self.alt}\n{missing}"}


_WRITERS: Final[dict[str, Callable[[Figure, str], bytes]]] = {
    "svg": lambda figure, theme: figure.to_svg(theme).encode(),
    "png": lambda figure, theme: figure.to_png(theme),
    "pdf": lambda figure, theme: figure.to_pdf(theme),
    "html": lambda figure, theme: figure.to_html(theme).encode(),
    "json": lambda figure, theme: json.dumps(figure.themed(theme), ensure_ascii=False).encode(),
}


def stack(figures: Sequence[Figure], *, title: str = "", columns: int = 1) -> Figure:
    """Several figures as one, below each other or in columns, each with its own title and axes."""
    spec: dict[str, Any] = {
        "concat": [dict(figure.spec) for figure in figures],
        "columns": columns,
        "spacing": 28,
    }
    if title:
        spec["title"] = {"text": title}
    return Figure(spec, alt=" ".join(figure.alt for figure in figures), title=title)
