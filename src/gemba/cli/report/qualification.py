"""The report of a qualification."""

from __future__ import annotations

from pathlib import Path

from gemba.cli.report.contents import Report, Section, Verdict
from gemba.cli.report.write import write_report
from gemba.stats.proof import Qualification


def write_qualification(found: Qualification, path: Path, date: str) -> Path:
    """The whole qualification as HTML, PDF or JSON, as the suffix says."""
    if path.suffix.lower() == ".json":
        path.write_text(found.to_json(indent=1) + "\n", encoding="utf-8")
        return path
    return write_report(compose_qualification(found, date), path)


def compose_qualification(found: Qualification, date: str) -> Report:
    """Verdict, every check, and every figure folded away below it."""
    overview, *others = found.tables()
    verdict = Verdict(
        "Qualification",
        "Not qualified" if found.failed else "Qualified",
        found.headline(),
        "bad" if found.failed else "good",
    )
    counts = Verdict("Checks", f"{found.passed} of {found.cases} passed", "Each states its source.", "plain")
    sections = (
        Section("What was checked", tables=(overview,), explain=found.explain()),
        *(Section(table.title, tables=(table,)) for table in others),
        Section("Expected beside computed", "Every compared figure of every check.", long=found.details()),
    )
    facts = (("Program", f"gemba {found.version}"), ("Digest", f"sha256:{found.digest}"))
    return Report("Qualification of Gemba", found.platform, date, (verdict, counts), sections, facts)
