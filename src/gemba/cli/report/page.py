"""A report as one HTML file: no script, no network, light and dark by the reader's own setting."""

from __future__ import annotations

import html
import re
from importlib import resources

from gemba.cli.language import _, spoken
from gemba.cli.report.contents import Report, Section, Verdict
from gemba.stats.figures import Figure
from gemba.stats.figures.theme import TOKENS
from gemba.stats.results import Table

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
LONGEST = 1000
"""Rows of a folded table: a page of a million points stays a page."""
WIDE = 800
"""Figures wider than this many pixels are not squeezed on a small screen."""
MARKS = {"good": "✓", "bad": "▲", "plain": "•"}


def render_page(report: Report) -> str:
    """The report as HTML text."""
    verdicts = "".join(_verdict(item) for item in report.verdicts)
    sections = "\n".join(_section(item, number) for number, item in enumerate(report.sections, start=1))
    contents = "".join(
        f'<li><a href="#part-{number}">{html.escape(item.title)}</a></li>'
        for number, item in enumerate(report.sections, start=1)
    )
    return f"""<!doctype html>
<html lang="{spoken()}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{html.escape(report.title)}</title>
<style>{_style()}</style>
</head>
<body>
<header class="top">
<p class="kicker"><span>{html.escape(report.subtitle)}</span><span>{html.escape(report.date)}</span></p>
<h1>{html.escape(report.title)}</h1>
<div class="verdicts">{verdicts}</div>
<nav aria-label="{html.escape(_("Contents"))}"><ul>{contents}</ul></nav>
</header>
<main>
{sections}
</main>
<footer><dl>{_facts(report.facts)}</dl></footer>
</body>
</html>
"""


def _verdict(verdict: Verdict) -> str:
    return (
        f'<div class="verdict {verdict.tone}"><p class="label">{html.escape(verdict.label)}</p>'
        f'<p class="value"><span aria-hidden="true">{MARKS[verdict.tone]}</span> '
        f"{html.escape(verdict.value)}</p><p>{html.escape(verdict.sentence)}</p></div>"
    )


def _section(section: Section, number: int) -> str:
    parts = [f'<section id="part-{number}"><h2>{html.escape(section.title)}</h2>']
    if section.lead:
        parts.append(f'<p class="lead">{html.escape(section.lead)}</p>')
    parts += [f'<p class="note">{html.escape(note)}</p>' for note in section.notes]
    if section.figure is not None:
        parts.append(_figure(section.figure, number))
    if section.tables:
        parts.append(f'<div class="tables">{"".join(_table(table) for table in section.tables)}</div>')
    parts += [
        _folded(table.title, len(table.rows), _table(table.first(LONGEST), titled=False))
        for table in section.long
    ]
    if section.explain:
        paragraphs = [line for line in section.explain.split("\n") if line.strip()]
        text = "".join(f"<p>{html.escape(line)}</p>" for line in paragraphs)
        how = html.escape(_("How this was computed"))
        parts.append(f"<details><summary>{how}</summary>{text}</details>")
    parts.append("</section>")
    return "\n".join(parts)


def _figure(figure: Figure, number: int) -> str:
    light = _unique(figure.to_svg("light"), f"l{number}-")
    dark = _unique(figure.to_svg("dark"), f"d{number}-")
    size = re.search(r'<svg[^>]*? width="([0-9.]+)"', light)
    kind = ' class="wide"' if size and float(size[1]) > WIDE else ""
    return f'<figure{kind}><div class="light">{light}</div><div class="dark">{dark}</div></figure>'


def _unique(svg: str, prefix: str) -> str:
    """Ids of several pictures on one page must not meet."""
    named = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}\1"', svg)
    named = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}\1)", named)
    return re.sub(r'href="#([^"]+)"', rf'href="#{prefix}\1"', named)


def _table(table: Table, *, titled: bool = True) -> str:
    shown = table if titled else Table("", table.columns, table.rows, table.notes)
    return f'<div class="scroll" tabindex="0">{shown.to_html()}</div>'


def _folded(title: str, rows: int, body: str) -> str:
    counted = _("{title} ({rows:,} rows)").format(title=title, rows=rows)
    return f"<details><summary>{html.escape(counted)}</summary>{body}</details>"


def _facts(facts: tuple[tuple[str, str], ...]) -> str:
    return "".join(f"<dt>{html.escape(name)}</dt><dd>{html.escape(value)}</dd>" for name, value in facts)


def _style() -> str:
    """The style sheet with the tokens of the figures as its colours."""
    light, dark = (
        "".join(f"--{name}:{value};" for name, value in TOKENS[theme].items()) for theme in ("light", "dark")
    )
    sheet = (resources.files(__package__) / "page.css").read_text(encoding="utf-8")
    return f":root{{{light}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n{sheet}"
