"""A screening in words and tables."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from gemba.stats.charts.kinds import kind_named
from gemba.stats.results import N_, NN_, Column, Forms, Table, Translate, translator
from gemba.stats.screening.findings import FINDINGS, STUCK

if TYPE_CHECKING:
    from gemba.stats.screening.result import Screening

NAMES: Final[Mapping[str, str]] = {
    "empty": N_("no values"),
    "dead": N_("dead sensor"),
    "not capable": N_("not capable"),
    "shift": N_("mean shifted"),
    "drift": N_("drifts"),
    "not stable": N_("not stable"),
}
COUNTED: Final[Mapping[str, Forms]] = {
    "empty": NN_("{count} without values", "{count} without values"),
    "dead": NN_("{count} dead sensor", "{count} dead sensors"),
    "not capable": NN_("{count} not capable", "{count} not capable"),
    "shift": NN_("{count} whose mean shifted", "{count} whose means shifted"),
    "drift": NN_("{count} that drifts", "{count} that drift"),
    "not stable": NN_("{count} not stable", "{count} not stable"),
}
MEANINGS: Final[Mapping[str, str]] = {
    "empty": N_("Fewer than two values."),
    "dead": N_(
        "All values are equal, or {stuck} or more in a row are and the other neighbours do not explain it."
    ),
    "not capable": N_("Ppk, which counts all that was delivered, is below {least:g}."),
    "shift": N_("Two stretches have means of their own, and explain the values better than a straight line."),
    "drift": N_("The values follow a straight line that rises or falls."),
    "not stable": N_("A rule fires on the control chart, and chance does not explain it."),
}
ORDER_WORDS: Final[Mapping[str, str]] = {
    "concern": N_("by concern"),
    "ppk": N_("by Ppk, the lowest first"),
    "signals": N_("by the share of points that signal"),
    "shift": N_("by the shift of the mean, in its standard errors"),
    "drift": N_("by the drift, in its standard errors"),
    "name": N_("by name"),
}


def headline(result: Screening, language: str | None) -> str:
    """How many streams, and what was found."""
    t = translator(language)
    count = len(result.streams)
    forms = NN_("{count} stream, {rows} values", "{count} streams, {rows} values")
    parts = [t.counted(forms, count).format(count=f"{count:,}", rows=f"{result.rows:,}")]
    totals = {name: int(result.found[name].sum()) for name in FINDINGS}
    told = [t.counted(COUNTED[name], n).format(count=f"{n:,}") for name, n in totals.items() if n]
    parts.append(", ".join(told) if told else t(N_("nothing found")))
    ranked = t(N_("Ranked {order}.")).format(order=t(ORDER_WORDS[result.order]))
    return f"{': '.join(parts)}. {ranked}"


def ranked_table(result: Screening, language: str | None = None) -> Table:
    """Every stream, the worst first."""
    t = translator(language)
    columns = (
        Column("rank", t(N_("Rank"))),
        Column("stream", t(N_("Stream")), align="left"),
        Column("finding", t(N_("Finding")), align="left"),
        Column("n", t(N_("n"))),
        Column("missing", t(N_("Missing"))),
        Column("mean", t(N_("Mean"))),
        Column("sigma_within", t(N_("Sigma within")), digits=4),
        Column("sigma_overall", t(N_("Sigma overall")), digits=4),
        Column("cpk", t(N_("Cpk")), decimals=2),
        Column("ppk", t(N_("Ppk")), decimals=2),
        Column("outside", t(N_("Outside"))),
        Column("signals", t(N_("Signals"))),
        Column("shift", t(N_("Shift")), decimals=2),
        Column("shift_row", t(N_("From row"))),
        Column("drift", t(N_("Drift")), decimals=2),
        Column("longest", t(N_("Equal in a row"))),
    )
    title = t(N_("Streams, ranked {order}")).format(order=t(ORDER_WORDS[result.order]))
    return Table.build(title, columns, _rows(result, t), _notes(result, t))


def _rows(result: Screening, t: Translate) -> list[tuple[Any, ...]]:
    m, order = result.measures, result.ranking
    outside, signals = m.below + m.above, m.signals + m.spread_signals
    arrays = (m.n, m.missing, m.mean, m.within, m.overall, result.cpk, result.ppk)
    further = (outside, signals, m.shift, m.shift_row, m.drift, m.longest)
    listed = [[_none(x) for x in array[order].tolist()] for array in (*arrays, *further)]
    words = {name: t(NAMES[name]) for name in FINDINGS}
    marks = {name: result.found[name][order].tolist() for name in FINDINGS}
    told = [", ".join(words[name] for name in FINDINGS if marks[name][i]) for i in range(len(order))]
    names = [result.streams[place] for place in order.tolist()]
    return list(zip(range(1, len(order) + 1), names, told, *listed, strict=True))


def _none(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else value


def _notes(result: Screening, t: Translate) -> list[str]:
    notes = [t(N_("Shift and drift are in sigma within. Signals are points of both panels."))]
    for forms, names in (
        (NN_("Left out, for it holds no numbers: {names}.", "Left out, for they hold no numbers: {names}."),
         result.skipped),
        (NN_("{count} specification names no stream: {names}.",
             "{count} specifications name no stream: {names}."),
         result.without_stream),
    ):  # fmt: skip
        if names:
            listed = ", ".join(names[:5]) + (" ..." if len(names) > 5 else "")
            notes.append(t.counted(forms, len(names)).format(count=len(names), names=listed))
    return notes


def totals_table(result: Screening, language: str | None = None) -> Table:
    """How many streams have each finding."""
    t = translator(language)
    columns = (
        Column("finding", t(N_("Finding")), align="left"),
        Column("streams", t(N_("Streams"))),
        Column("meaning", t(N_("Meaning")), align="left"),
    )
    rows = [(t(NAMES[name]), int(result.found[name].sum()), _meaning(result, name, t)) for name in FINDINGS]
    return Table.build(t(N_("What was found")), columns, rows)


def _meaning(result: Screening, name: str, t: Translate) -> str:
    return t(MEANINGS[name]).format(stuck=STUCK, least=result.min_cpk)


def explain(result: Screening, language: str | None) -> str:
    """What is measured, what each finding means, and the order."""
    t = translator(language)
    kind = t(kind_named(result.kind).words.title)
    codes, compiled = ", ".join(result.rules.codes), result.engine.endswith(", fast")
    judged = t(N_("Each stream is judged by its own chart: {kind}, rules {codes}."))
    parts = [
        judged.format(kind=kind, codes=codes),
        t(N_("Sigma within is the average moving range divided by d2(2).")) if result.size == 1
        else t(N_("Sigma within is pooled over subgroups of {size} rows.")).format(size=result.size),
        *(f"{t(NAMES[name])}: {_meaning(result, name, t)}" for name in FINDINGS),
        t(N_("Shift, drift and dead sensors are stated where chance gives one of them among all streams "
             "in at most {chance:g} of such screenings.")).format(chance=result.chance),
        t(N_("By concern: the gravest finding first, in the order above; within a finding the worst first.")),
        t(N_("Computed by compiled loops.") if compiled else N_("Computed by NumPy.")),
    ]  # fmt: skip
    return " ".join(parts)
