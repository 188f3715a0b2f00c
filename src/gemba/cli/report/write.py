"""A report to a file, as its suffix says."""

from __future__ import annotations

from pathlib import Path

from gemba.cli.report.contents import Report
from gemba.stats.results import N_, UnknownName


def write_report(report: Report, path: Path) -> Path:
    """Write HTML or PDF.

    Raises
    ------
    UnknownName
        For another suffix.
    """
    suffix = path.suffix.lower().removeprefix(".")
    if suffix in ("html", "htm"):
        from gemba.cli.report.page import render_page

        path.write_text(render_page(report), encoding="utf-8")
    elif suffix == "pdf":
        from gemba.cli.report.paper import render_paper

        path.write_bytes(render_paper(report))
    else:
        raise UnknownName(suffix, ("html", "pdf"), what=N_("kind of report"), argument="out")
    return path
