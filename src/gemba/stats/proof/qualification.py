"""The proof run again on the user's machine, and what it found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from gemba import __version__
from gemba.stats.proof.case import Case, Quantity, carried_cases
from gemba.stats.proof.check import Check, Kind, check_case
from gemba.stats.proof.installation import check_files, library_versions, platform_words, program_digest
from gemba.stats.proof.integration import check_constants
from gemba.stats.proof.invariances import check_invariances
from gemba.stats.proof.topics import TOPICS
from gemba.stats.results import N_, NN_, Column, Result, Table, Translate, translator


@dataclass(frozen=True, kw_only=True, eq=False)
class Qualification(Result):
    """Does this installation compute right? (Installation and operational qualification.)

    Attributes
    ----------
    cases, passed, failed : int
        Items checked: carried cases, constants, invariances.
    worst_relative_error : float
        The largest relative deviation of a figure of the carried cases from its expected value. Cases whose
        certified figures suffer from the rounding of their data to double precision dominate it; each is
        judged by its own tolerance.
    checks : tuple of Check
        Every item with its source and each expected figure beside the computed one.
    version, platform, libraries, digest
        What was qualified; the digest is over every file of the installed program.
    signature : str or None
        The line by which a stored report was signed; see ``check_report``.
    """

    NAME: ClassVar[str] = "qualification"

    cases: int
    passed: int
    failed: int
    worst_relative_error: float
    checks: tuple[Check, ...]
    version: str
    platform: str
    libraries: Mapping[str, str]
    digest: str
    signature: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """As every result; without a word about a signature where there is none."""
        stored = super().to_dict()
        return stored if self.signature else {k: v for k, v in stored.items() if k != "signature"}

    def headline(self, language: str | None = None) -> str:
        t = translator(language)
        if self.failed == 0:
            return t.counted(
                NN_(
                    "Qualified: the one check passed. Worst relative error {worst}.",
                    "Qualified: all {cases} checks passed. Worst relative error {worst}.",
                ),
                self.cases,
            ).format(cases=self.cases, worst=f"{self.worst_relative_error:.1e}")
        return t.counted(
            NN_(
                "Not qualified: {failed} of {cases} check failed.",
                "Not qualified: {failed} of {cases} checks failed.",
            ),
            self.cases,
        ).format(failed=self.failed, cases=self.cases)

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        t = translator(language)
        failures = [check for check in self.checks if not check.passed]
        found = (_failures(failures, t),) if failures else ()
        return (_overview(self.checks, t), *found, _by_kind(self.checks, t), self._installation(t))

    def details(self, language: str | None = None) -> tuple[Table, ...]:
        """For each item a table of expected beside got, with the deviation."""
        t = translator(language)
        return tuple(_figures(check, t) for check in self.checks)

    def explain(self, language: str | None = None) -> str:
        t = translator(language)
        return t(
            N_(
                "Each carried case states its data, its method, the right answer and its source; a number "
                "passes when it deviates by no more than the larger of the absolute and the relative "
                "tolerance of the case. Where no published answer may be carried, a twin gives it: a naive "
                "program that does almost everything in another way. Constants are compared with closed "
                "forms and with printed tables. "
                "Invariances are laws that must hold on any data (shift, scale, order, and the same "
                "judgement point by point as all at once), tried on data generated with a fixed seed. No "
                "expected value was produced by this program."
            )
        )

    def _installation(self, t: Translate) -> Table:
        rows = [
            (t(N_("Program")), f"gemba {self.version}"),
            (t(N_("Digest of the program")), f"sha256:{self.digest}"),
            (t(N_("Platform")), self.platform),
            *((name, version) for name, version in self.libraries.items()),
        ]
        columns = (
            Column("part", t(N_("Part")), align="left"),
            Column("installed", t(N_("Installed")), align="left"),
        )
        in_place = N_("The program runs from its sources, so there is no package to hold its files against.")
        packed = any(check.kind == "installation" for check in self.checks)
        return Table.build(t(N_("Installation")), columns, rows, () if packed else (t(in_place),))


def qualify(
    cases: Sequence[Case] | None = None, *, progress: Callable[[str], None] | None = None
) -> Qualification:
    """Does this installation compute right?

    Parameters
    ----------
    cases : sequence of Case, optional
        Other cases than the carried ones, for example those of an auditor.
    progress : callable, optional
        Called with the id of each item before it is checked.

    Returns
    -------
    Qualification
        Every item with expected, got and deviation, and what is installed.

    Notes
    -----
    The sources are named with each item. See GAMP 5 (2022), appendix D5, for what an operational
    qualification is for.

    Examples
    --------
    >>> from gemba.stats.proof import qualify
    >>> qualify().failed  # doctest: +SKIP
    0
    """
    checks: list[Check] = list(check_files())
    for case in carried_cases() if cases is None else cases:
        if progress is not None:
            progress(case.id)
        checks.append(check_case(case, TOPICS))
    if progress is not None:
        progress("constants and invariances")
    checks += [*check_constants(), *check_invariances()]
    passed = sum(check.passed for check in checks)
    return Qualification(
        cases=len(checks),
        passed=passed,
        failed=len(checks) - passed,
        worst_relative_error=max(
            (c.relative_error or 0.0 for c in checks if c.kind in ("case", "twin")), default=0.0
        ),
        checks=tuple(checks),
        version=__version__,
        platform=platform_words(),
        libraries=library_versions(),
        digest=program_digest(),
    )


def _overview(checks: Sequence[Check], t: Translate) -> Table:
    columns = (
        Column("id", t(N_("Check")), align="left"),
        Column("topic", t(N_("Topic")), align="left"),
        Column("figures", t(N_("Figures"))),
        Column("relative_error", t(N_("Worst relative error")), digits=2),
        Column("verdict", t(N_("Verdict")), align="left"),
        Column("source", t(N_("Source")), align="left"),
    )
    rows = [
        (c.id, c.topic, len(c.quantities), c.relative_error, _verdict(c.passed, t), c.source) for c in checks
    ]
    return Table.build(t(N_("Checks")), columns, rows)


KINDS: Mapping[Kind, str] = {
    "installation": N_("Installed files as packed"),
    "case": N_("Cases with a published or certified answer"),
    "twin": N_("Cases answered by a naive twin"),
    "constant": N_("Constants and printed tables"),
    "invariance": N_("Laws that hold on any data"),
}


def _by_kind(checks: Sequence[Check], t: Translate) -> Table:
    columns = (
        Column("kind", t(N_("Kind of check")), align="left"),
        Column("checks", t(N_("Checks"))),
        Column("figures", t(N_("Figures"))),
        Column("passed", t(N_("Passed"))),
        Column("relative_error", t(N_("Worst relative error")), digits=2),
    )
    rows = []
    for kind, words in KINDS.items():
        of_kind = [check for check in checks if check.kind == kind]
        if of_kind:
            worst = max((c.relative_error for c in of_kind if c.relative_error is not None), default=None)
            figures = sum(len(check.quantities) for check in of_kind)
            rows.append((t(words), len(of_kind), figures, sum(c.passed for c in of_kind), worst))
    return Table.build(t(N_("What was checked, by kind")), columns, rows)


def _failures(checks: Sequence[Check], t: Translate) -> Table:
    columns = (
        Column("id", t(N_("Check")), align="left"),
        Column("quantity", t(N_("Figure")), align="left"),
        Column("expected", t(N_("Expected")), digits=10),
        Column("got", t(N_("Got")), digits=10),
    )
    rows: list[tuple[Any, ...]] = []
    for check in checks:
        bad = [q for q in check.quantities if not q.passed]
        rows += [(check.id, q.name, q.expected, q.got) for q in bad[:5]]
        if check.problem is not None:
            rows.append((check.id, check.problem, None, None))
    return Table.build(t(N_("Failures")), columns, rows)


def _figures(check: Check, t: Translate) -> Table:
    columns = (
        Column("quantity", t(N_("Figure")), align="left"),
        Column("expected", t(N_("Expected")), digits=12),
        Column("got", t(N_("Got")), digits=12),
        Column("relative_error", t(N_("Relative error")), digits=2),
        Column("verdict", t(N_("Verdict")), align="left"),
    )
    rows = [_row(quantity, t) for quantity in check.quantities]
    notes = (check.source,) if check.problem is None else (check.source, check.problem)
    return Table.build(f"{check.id} ({check.topic})", columns, rows, notes)


def _row(quantity: Quantity, t: Translate) -> tuple[Any, ...]:
    q = quantity
    return (q.name, q.expected, q.got, q.relative_error, _verdict(q.passed, t))


def _verdict(passed: bool, t: Translate) -> str:
    return t(N_("passed")) if passed else t(N_("FAILED"))
