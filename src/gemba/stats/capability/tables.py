"""The figures of a study as tables: indices, process data, parts per million."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gemba.stats.capability.indices import EACH
from gemba.stats.capability.words import remark_of
from gemba.stats.results import N_, Column, Table, Translate, translator

if TYPE_CHECKING:
    from gemba.stats.capability.nonconforming import Ppm
    from gemba.stats.capability.result import Capability

LABELS = {
    "cp": "Cp", "cpl": "CPL", "cpu": "CPU", "cpk": "Cpk",
    "pp": "Pp", "ppl": "PPL", "ppu": "PPU", "ppk": "Ppk", "cpm": "Cpm",
}  # fmt: skip


def capability_tables(study: Capability, language: str | None = None) -> tuple[Table, ...]:
    """All tables; the indices come first."""
    t = translator(language)
    return (_indices(study, t), _process(study, t, language), _ppm(study, t))


def sigma_of(study: Capability, index: str) -> str:
    """From which sigma an index is computed."""
    if index == "cpm":
        return study.cpm_sigma
    return "overall" if index.startswith("pp") else "within"


def _indices(study: Capability, t: Translate) -> Table:
    percent = f"{100 * study.confidence:g}"
    columns = (
        Column("index", t(N_("Index")), align="left"),
        Column("sigma", t(N_("Sigma")), align="left"),
        Column("estimate", t(N_("Estimate")), decimals=3),
        Column("lower", t(N_("Lower {percent} %")).format(percent=percent), decimals=3),
        Column("upper", t(N_("Upper {percent} %")).format(percent=percent), decimals=3),
        Column("remark", t(N_("Remark")), align="left"),
    )
    intervals = study.intervals
    kinds = {"within": t(N_("within")), "overall": t(N_("overall"))}
    remark = t(remark_of(study)) if remark_of(study) else ""
    rows: list[tuple[object, ...]] = []
    for name in EACH:
        value, interval = getattr(study, name), intervals.get(name)
        bounds = (interval.lower, interval.upper) if interval else (None, None)
        rows.append((
            LABELS[name], kinds[sigma_of(study, name)], value, *bounds,
            t(_why_not(study, name)) if value is None else remark,
        ))  # fmt: skip
    for label, kind, value in (
        (N_("Z.bench"), "within", study.z_bench_within),
        (N_("Z.bench"), "overall", study.z_bench_overall),
        (N_("Sigma level"), "overall", study.sigma_level),
    ):
        rows.append((
            t(label), kinds[kind], value, None, None,
            t(_why_not(study, "cp")) if value is None else remark,
        ))  # fmt: skip
    return Table.build(t(N_("Capability indices")), columns, rows, study_notes(study, t))


def study_notes(study: Capability, t: Translate) -> list[str]:
    """What a reader of any table of indices must know."""
    notes = []
    if study.z_shift is not None:
        notes.append(t(N_("The sigma level contains a shift of {shift:g}.")).format(shift=study.z_shift))
    return notes


def _why_not(study: Capability, index: str) -> str:
    if index == "cpm":
        return N_("no target is given") if study.tolerance.target is None else N_("no spread")
    if study.sigma_within == 0 and sigma_of(study, index) == "within":
        return N_("sigma within is zero")
    if index in ("cp", "pp"):
        return N_("needs a requirement on both sides")
    natural = study.tolerance.lower_natural if index.endswith("l") else study.tolerance.upper_natural
    return N_("the bound is natural") if natural else N_("no limit on this side")


def _process(study: Capability, t: Translate, language: str | None) -> Table:
    tolerance = study.tolerance
    natural = t(N_("natural bound"))
    stable = {True: N_("stable"), False: N_("not stable"), None: N_("not judged")}[study.stable]
    rows = (
        (t(N_("Values")), study.n, ""),
        (t(N_("Missing")), study.missing, ""),
        (t(N_("Points in time")), study.groups, ""),
        (t(N_("LSL")), tolerance.lsl, natural if tolerance.lower_natural else ""),
        (t(N_("Target")), tolerance.target, ""),
        (t(N_("USL")), tolerance.usl, natural if tolerance.upper_natural else ""),
        (t(N_("Mean")), study.mean, ""),
        (t(N_("Sigma within")), study.sigma_within, study.within.method),
        (t(N_("Degrees of freedom within")), study.within.df, ""),
        (t(N_("Sigma overall")), study.sigma_overall, t(N_("standard deviation, n - 1"))),
        (t(N_("Stability index")), study.stability_index, t(N_("overall / within"))),
        (t(N_("Anderson-Darling A²")), study.anderson_darling, ""),
        (t(N_("p of normality")), study.normality_p, ""),
        (
            t(N_("Control chart")),
            None,
            t(stable) if study.chart is None else f"{study.chart.kind}: {t(stable)}",
        ),
    )
    columns = (
        Column("quantity", t(N_("Figure")), align="left"),
        Column("value", t(N_("Value")), digits=7),
        Column("note", t(N_("Note")), align="left"),
    )
    return Table.build(t(N_("Process data")), columns, rows, study.warnings(language))


def _ppm(study: Capability, t: Translate) -> Table:
    kinds: tuple[Ppm | None, ...] = (study.ppm_observed, study.ppm_within, study.ppm_overall)

    def row(label: str, part: str) -> tuple[object, ...]:
        return (t(label), *(None if kind is None else getattr(kind, part) for kind in kinds))

    columns = (
        Column("where", t(N_("Where")), align="left"),
        Column("observed", t(N_("Observed"))),
        Column("expected_within", t(N_("Expected within"))),
        Column("expected_overall", t(N_("Expected overall"))),
    )
    rows = (row(N_("Below LSL"), "below"), row(N_("Above USL"), "above"), row(N_("Total"), "total"))
    notes = [t(N_("Expected: {remark}")).format(remark=t(remark_of(study)))] if remark_of(study) else []
    return Table.build(t(N_("Parts per million outside")), columns, rows, notes)
