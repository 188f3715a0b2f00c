"""The report of a qualification, signed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from gemba.cli.language import _
from gemba.cli.report.contents import Report, Section, Verdict
from gemba.stats.proof import Qualification, Signer
from gemba.stats.proof.signature import kind_of
from gemba.stats.results import N_, UnknownName

UNSIGNED = N_("not signed: the extra 'server' brings the library that signs")


def write_qualification(
    found: Qualification, path: Path, date: str, *, signer: Signer | None, now: datetime
) -> Path:
    """The whole qualification as HTML, PDF or JSON, as the suffix says.

    Raises
    ------
    UnknownName
        For another suffix.
    """
    suffix = kind_of(path)
    report = compose_qualification(found, date, signer, whole=suffix == "pdf")
    if suffix == "json":
        written = (found.to_json(indent=1) + "\n").encode()
    elif suffix == "html":
        from gemba.cli.report.page import render_page

        written = render_page(report).encode()
    elif suffix == "pdf":
        from gemba.cli.report.paper import render_paper

        written = render_paper(report)
    else:
        raise UnknownName(suffix, ("html", "pdf", "json"), what=N_("kind of report"), argument="out")
    if signer is not None:
        written = signer.sign(
            written, suffix, program=found.digest, passed=found.passed, cases=found.cases, now=now
        )
    path.write_bytes(written)
    return path


def compose_qualification(
    found: Qualification, date: str, signer: Signer | None = None, *, whole: bool = False
) -> Report:
    """Verdict, every check, and every figure: folded away on a page, ``whole`` on paper."""
    overview, *others = found.tables()
    verdict = Verdict(
        _("Qualification"),
        _("Not qualified") if found.failed else _("Qualified"),
        found.headline(),
        "bad" if found.failed else "good",
    )
    passed = _("{passed} of {cases} passed").format(passed=found.passed, cases=found.cases)
    counts = Verdict(_("Checks"), passed, _("Each states its source."), "plain")
    every, figures = _("Every compared figure of every check."), found.details()
    sections = (
        *(Section(table.title, tables=(replace(table, title=""),)) for table in others),
        Section(_("Every check"), tables=(replace(overview, title=""),), explain=found.explain()),
        Section(
            _("Expected beside computed"),
            every,
            tables=figures if whole else (),
            long=() if whole else figures,
        ),
    )
    facts = (
        (_("Program"), f"gemba {found.version}"),
        (_("Digest"), f"sha256:{found.digest}"),
        *_signed(signer),
    )
    return Report(_("Qualification of Gemba"), found.platform, date, (verdict, counts), sections, facts)


def _signed(signer: Signer | None) -> tuple[tuple[str, str], ...]:
    """Whose key signs the report, and how that is checked."""
    if signer is None:
        return ((_("Signature"), _(UNSIGNED)),)
    return (
        (_("Signed by the key"), signer.public),
        (_("Kept in"), str(signer.path)),
        (
            _("Signature"),
            _("the last line of this file; gemba qualify --check FILE holds the file against it"),
        ),
    )
