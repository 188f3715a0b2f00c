"""How a result shows itself in a notebook: picture, headline, tables."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from gemba.stats.results.errors import DataError, MissingExtra

if TYPE_CHECKING:
    from gemba.stats.results.result import Result

MAX_ROWS = 40
LONGEST = 1000
"""Rows of a folded table: a page stays light, and programs take ``to_frame``."""


def rich_html(result: Result) -> str:
    """Headline, figure (when the drawing library is installed) and tables as HTML."""
    parts = [f"<p><strong>{html.escape(result.headline())}</strong></p>"]
    try:
        parts.append(result.plot().to_svg())
    except MissingExtra as missing:
        parts.append(f"<p><em>{html.escape(str(missing))}</em></p>")
    except DataError:
        pass
    for table in result.tables():
        if len(table.rows) <= MAX_ROWS:
            parts.append(table.to_html())
        else:
            folded = f"{html.escape(table.title)} ({len(table.rows)})"
            body = table.first(LONGEST).to_html()
            parts.append(f"<details><summary>{folded}</summary>{body}</details>")
    return f'<div class="gemba-result">{"".join(parts)}</div>'
