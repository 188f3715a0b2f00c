"""A self-contained page: headings, tables and figures, drawn in the browser without a network."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from gemba.stats.figures import render
from gemba.stats.figures.text import FONTS
from gemba.stats.figures.theme import TOKENS, theme_config

if TYPE_CHECKING:
    from gemba.stats.figures.figure import Figure

POLICY: Final = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"

OPTIONS: Final[dict[str, Any]] = {
    "ast": True,
    "actions": False,
    "renderer": "svg",
    "defaultStyle": False,
    "tooltip": {"disableDefaultStyle": True},
}
"""How vega-embed draws: no evaluated text, no menu, no styles but ours."""


def html_page(
    title: str, blocks: Sequence[str | Figure], *, theme: str = "light", language: str = "en"
) -> str:
    """One HTML file that needs nothing else: pieces of HTML and figures in the order given.

    Parameters
    ----------
    title : str
        The page's title; it is not repeated as a heading.
    blocks : sequence of str or Figure
        HTML, which is taken as it is, and figures, which become interactive. Where scripts are off a
        figure is its SVG.
    theme : {"light", "dark", "print"}
        The look of the figures and the page.
    language : str
        The language of the text, for screen readers.

    Raises
    ------
    MissingExtra
        When the drawing library is not installed.
    """
    body: list[str] = []
    specs: list[dict[str, Any]] = []
    for block in blocks:
        if isinstance(block, str):
            body.append(block)
            continue
        body.append(_place(block, len(specs), theme))
        specs.append(block.themed(theme))
    script = f"<script>{render.browser_script()}</script>\n<script>{_start(specs)}</script>" if specs else ""
    return _PAGE.format(
        language=html.escape(language, quote=True),
        policy=POLICY,
        title=html.escape(title),
        style=page_style(theme),
        body="\n".join(body),
        script=script,
    )


def page_style(theme: str) -> str:
    """The CSS of a page and of the tooltips, from the tokens of the theme."""
    theme_config(theme)  # refuses a theme that does not exist
    tokens = TOKENS[theme]
    return _STYLE.format(fonts=FONTS, scheme="dark" if theme == "dark" else "light", **tokens)


def _place(figure: Figure, number: int, theme: str) -> str:
    label = html.escape(figure.alt, quote=True)
    return (
        f'<figure class="gemba-figure"><div id="figure-{number}" role="img" aria-label="{label}"></div>'
        f"<noscript>{figure.to_svg(theme)}</noscript></figure>"
    )


def _start(specs: Sequence[dict[str, Any]]) -> str:
    data = _inline(list(specs))
    return (
        f"const specs = {data}; const options = {_inline(OPTIONS)};\n"
        "specs.forEach((spec, i) => vegaEmbed('#figure-' + i, spec, options));"
    )


def _inline(value: Any) -> str:
    """JSON that cannot end the script element it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


_PAGE: Final = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
{body}
</main>
{script}
</body>
</html>
"""

_STYLE: Final = """
:root {{ color-scheme: {scheme}; }}
body {{ margin: 0; background: {ground}; color: {ink}; font: 15px/1.5 {fonts}; }}
main {{ max-width: 980px; margin: 0 auto; padding: 24px 16px 48px; }}
h1 {{ font-size: 26px; line-height: 1.2; margin: 0 0 8px; }}
h2 {{ font-size: 19px; margin: 32px 0 8px; }}
.gemba-figure {{ margin: 16px 0; overflow-x: auto; }}
.gemba-table {{ border-collapse: collapse; margin: 12px 0; font-size: 14px; }}
.gemba-table caption {{ text-align: left; font-weight: bold; padding: 4px 0; }}
.gemba-table th, .gemba-table td {{ padding: 3px 12px 3px 0; border-bottom: 1px solid {grid};
  text-align: left; vertical-align: top; }}
.gemba-table .num {{ text-align: right; font-variant-numeric: tabular-nums; }}
.gemba-note {{ color: {muted}; font-size: 13px; margin: 4px 0; }}
#vg-tooltip-element {{ position: fixed; visibility: hidden; z-index: 1000; padding: 6px 10px;
  background: {ground}; color: {ink}; border: 1px solid {axis}; border-radius: 4px;
  font: 12px/1.45 {fonts}; box-shadow: 0 2px 8px rgba(0, 0, 0, .2); }}
#vg-tooltip-element.visible {{ visibility: visible; }}
#vg-tooltip-element td.key {{ color: {muted}; padding-right: 8px; text-align: right; }}
#vg-tooltip-element td.value {{ max-width: 320px; }}
@media print {{ main {{ max-width: none; padding: 0; }} .gemba-figure {{ break-inside: avoid; }} }}
"""
