"""Fill a report: ask ``gemba.stats``, and say what it answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from gemba import __version__
from gemba.cli.language import _
from gemba.cli.report.contents import Report, Section, Tone, Verdict
from gemba.cli.source import Source, choose_kind
from gemba.stats.capability import Capability, capability
from gemba.stats.charts import KINDS, ControlChart, control_chart, kind_named
from gemba.stats.graphs import Pareto, histogram, pareto, run_chart
from gemba.stats.results.words import signed

SHOWN = 12
"""Tables with more rows are folded away."""
COUNTS = tuple(kind.name for kind in KINDS if kind.layout in ("defectives", "defects"))


@dataclass(frozen=True)
class Request:
    """What the report is asked for. ``layout`` and ``limits`` are arguments of the library's functions."""

    layout: Mapping[str, Any]
    limits: Mapping[str, Any]
    kind: str | None = None
    rules: str = "bare"
    category: str | None = None
    weight: str | None = None
    defects: Source | None = None
    title: str = ""
    date: str = ""
    study: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Findings:
    """What the library answered."""

    chart: ControlChart
    study: Capability | None
    ranking: Pareto | None

    @property
    def signal(self) -> bool:
        """Whether a process is out of control or not capable."""
        return not self.chart.stable or (self.study is not None and self.study.capable is not True)


def find(source: Source, request: Request) -> Findings:
    """The chart, the study when there are limits, the ranking when there is a category."""
    layout = dict(request.layout)
    kind = choose_kind(source, layout) if request.kind is None else request.kind
    with source.placing():
        study = None if kind in COUNTS else _study(source, request)
        chart = control_chart(
            kind, source.frame, rules=request.rules, sigma_method=_sigma(kind, study), **layout
        )
    ranking = None
    if request.category is not None:
        log = request.defects or source
        category = str(log.column(request.category))
        ranking = pareto(log.frame, category=category, weight=log.column(request.weight))
    return Findings(chart, study, ranking)


def _study(source: Source, request: Request) -> Capability | None:
    if request.limits.get("lsl") is None and request.limits.get("usl") is None:
        return None
    wanted: dict[str, Any] = {
        name: request.layout.get(name) for name in ("value", "subgroup", "size", "returning")
    }
    wanted |= {"rules": request.rules} | dict(request.limits) | dict(request.study)
    return capability(source.frame, **wanted)


def _sigma(kind: str, study: Capability | None) -> str | None:
    """The chart takes the sigma of the study, so that one page never shows two limits for the same points."""
    if study is None or study.within.method not in kind_named(kind).methods:
        return None
    return study.within.method


def compose(source: Source, request: Request, findings: Findings) -> Report:
    """The report of what was found."""
    chart = findings.chart
    return Report(
        title=request.title or f"{chart.name[:1].upper()}{chart.name[1:]}",
        subtitle=_("{file}, {rows} rows").format(file=source.name, rows=source.stored),
        date=request.date,
        verdicts=tuple(_verdicts(findings)),
        sections=tuple(_sections(source, request, findings)),
        facts=(*source.facts(), (_("Program"), f"gemba {__version__}")),
    )


def _verdicts(findings: Findings) -> Iterator[Verdict]:
    chart, study, ranking = findings.chart, findings.study, findings.ranking
    tone: Tone = "good" if chart.stable else "bad"
    signals = len(chart.violations)
    signalled = _("{count} signal") if signals == 1 else _("{count} signals")
    value = _("In control") if chart.stable else signalled.format(count=signals)
    yield Verdict(_("Stability"), value, chart.headline(), tone)
    if study is not None:
        tone = "good" if study.capable else "bad"
        value = _capability_value(study)
        yield Verdict(_("Capability"), value, study.headline().removeprefix(f"{value}. "), tone)
    if ranking is not None:
        share = f"{100 * float(ranking.shares[0]):.0f} %"
        yield Verdict(_("Largest cause"), f"{ranking.names[0]}, {share}", ranking.headline(), "plain")


def _capability_value(study: Capability) -> str:
    if study.stable is False:
        return _("Not stable: not meaningful")
    if study.cpk is None:
        return signed(f"Ppk {study.ppk:.2f}")
    return signed(f"Cpk {study.cpk:.2f}")


def _sections(source: Source, request: Request, findings: Findings) -> Iterator[Section]:
    chart, study, ranking = findings.chart, findings.study, findings.ranking
    points, *tables = chart.tables()
    few = tuple(table for table in tables if len(table.rows) <= SHOWN)
    long = tuple(table for table in tables if len(table.rows) > SHOWN)
    notes = tuple(caution.words() for caution in chart.warnings)
    yield Section(_("Control chart"), "", chart.plot(), few, (*long, points), notes, chart.explain())
    if study is not None:
        found = study.tables()
        yield Section(_("Capability"), "", study.plot(), found, (), study.warnings(), study.explain())
    if chart.kind not in COUNTS:
        yield from _pictures(source, request, alone=study is None)
    if ranking is not None:
        whence = "" if request.defects is None else _("From {file}.").format(file=request.defects.name)
        yield Section(_("Pareto"), whence, ranking.plot(), ranking.tables(), explain=ranking.explain())
    yield Section(_("Data"), source.sentence(), tables=source.tables(), notes=source.notes())


def _pictures(source: Source, request: Request, *, alone: bool) -> Iterator[Section]:
    """The values in order, and their histogram where no capability study shows it."""
    value = request.layout["value"]
    if not isinstance(value, str):
        return
    if alone:
        shape = histogram(source.frame, value=value)
        yield Section(_("Histogram"), "", shape.plot(), explain=shape.explain())
    order = run_chart(source.frame, value=value)
    yield Section(_("Run chart"), "", order.plot(), explain=order.explain())
