"""A report as PDF by typst. Data reach the template as JSON, never as markup."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from importlib import resources
from pathlib import Path
from typing import Any

from gemba.cli.language import _, spoken
from gemba.cli.report.contents import Report, Section
from gemba.stats.results import N_, Table, require


def render_paper(report: Report) -> bytes:
    """The report as PDF, with page numbers, on A4.

    Raises
    ------
    MissingExtra
        When typst or the drawing library is not installed.
    """
    typst = require("typst", extra="reports", purpose=N_("A PDF report"))
    template = (resources.files(__package__) / "paper.typ").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "report.typ").write_text(template, encoding="utf-8")
        sections = [_section(section, root, number) for number, section in enumerate(report.sections)]
        content = {
            "title": report.title,
            "subtitle": report.subtitle,
            "date": report.date,
            "verdicts": [asdict(verdict) for verdict in report.verdicts],
            "sections": sections,
            "facts": report.facts,
            "language": spoken(),
            "whence": _("Where this comes from"),
            "page": _("page {page} of {pages}"),
        }
        (root / "report.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        pdf: bytes = typst.compile(str(root / "report.typ"), root=folder, ignore_system_fonts=True)
    return pdf


def _section(section: Section, root: Path, number: int) -> dict[str, Any]:
    figure = None
    if section.figure is not None:
        figure = f"figure-{number}.pdf"
        (root / figure).write_bytes(section.figure.to_pdf("print"))
    return {
        "title": section.title,
        "lead": section.lead,
        "figure": figure,
        "alt": "" if section.figure is None else section.figure.alt,
        "tables": [_table(table) for table in section.tables],
        "notes": section.notes,
        "explain": section.explain,
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "title": table.title,
        "heads": [column.label for column in table.columns],
        "aligns": [column.align for column in table.columns],
        "rows": table.shown(),
        "notes": table.notes,
    }
