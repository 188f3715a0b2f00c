"""``gemba chart``: is the process stable?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gemba.cli import options
from gemba.cli.codes import settle
from gemba.cli.commands.beside import (
    Compare,
    Drawn,
    Mask,
    compared,
    in_order,
    in_several_materials,
    masked,
    single,
)
from gemba.cli.commands.conventions import compare
from gemba.cli.console import show_answer, show_json, suggest, tell
from gemba.cli.language import _

if TYPE_CHECKING:
    from gemba.cli.source import Source
    from gemba.stats.charts import ControlChart

SHORT = "Control chart: is the process stable?"
HELP = """\
Examples:

\b
  gemba chart parts.csv --kind xbar-r --value diameter --subgroup sample
  gemba chart parts.csv --kind xbar-r --value diameter --size 5 --rules nelson --out chart.svg
  gemba chart lots.csv --kind p --value defective --n inspected --json
  gemba chart resin.csv --kind t2 --value solids --value viscosity
  gemba chart march.csv --kind ewma --value ph --mean 7 --sigma 0.2 --set lam=0.1 --set L=2.7
  gemba chart march.csv --kind i-mr --value ph --freeze limits.json    (stores the limits)
  gemba chart april.csv --value ph --freeze limits.json                (judges by them)
  gemba chart parts.csv --kind xbar-r --value diameter --subgroup sample --against jmp
  gemba chart march.csv --kind i-mr --value ph --rules platform --compare nelson --compare 1,2
  gemba chart march.csv --kind cusum --value ph --mean 7 --sigma 0.2 --mask last
  gemba chart runs.csv --kind levey-jennings --value low --value high \
      --mean 4.9 --mean 12.1 --sigma 0.11 --sigma 0.25            (Westgard over materials)

A control chart of any table. Exit code 3 when a rule fires.
"""
KINDS = (
    "xbar-r, xbar-s, i-mr; median; r, s, mr (spread alone); levey-jennings; "
    "i-mr-r, i-mr-s (between and within); p, np, c, u, laney-p, laney-u; "
    "g, t (rare events); ewma, cusum, ma (small shifts); "
    "t2, mewma, mcusum, pca, gv (several variables); regression (tool wear); residual (values that follow "
    "one another); zone; difference, z-mr (short runs); run (runs tests and the rules of Anhøj)."
)
Kind = Annotated[
    str | None,
    typer.Option("--kind", metavar="KIND", help=KINDS),
]
Part = Annotated[
    str | None, typer.Option("--part", metavar="COL", help="z-mr: column that says which part a value is of.")
]
Nominal = Annotated[
    str | None,
    typer.Option("--nominal", metavar="COL", help="difference: column of nominals, or one number for all."),
]
Design = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="A design value of the kind: lam, L (ewma), k, h, fir (cusum), span (ma), "
        "limits=exact (p, np, c, u); repeatable.",
    ),
]
Freeze = Annotated[
    Path | None,
    typer.Option(
        "--freeze",
        metavar="LIMITS.json",
        help="Judge by the limits stored there; with no such file, store this chart's limits there.",
    ),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option(
        "--exclude",
        metavar="POINT=REASON",
        help="Leave a point out of the estimate, by label or number; repeatable.",
    ),
]
Stages = Annotated[
    str | None, typer.Option("--stages", metavar="COL", help="Column; where it changes, new limits begin.")
]
Sigma = Annotated[
    str | None,
    typer.Option("--sigma-method", metavar="NAME", help="Rbar, Sbar, pooled, 'average moving range', ..."),
]

Mean = Annotated[
    list[float] | None,
    typer.Option(
        "--mean", metavar="X", help="Historical mean, instead of an estimate; again for each of several."
    ),
]
HistoricalSigma = Annotated[
    list[float] | None,
    typer.Option(
        "--sigma", metavar="X", help="Historical sigma, instead of an estimate; again for each of several."
    ),
]

Corrected = Annotated[
    str | None,
    typer.Option(
        "--corrected",
        metavar="PROMISE",
        help="Limits that keep their promise after a short Phase I: guaranteed, average or 'run length'.",
    ),
]


def command(
    file: options.File,
    kind: Kind = None,
    value: options.Values = None,
    subgroup: options.Subgroup = None,
    size: options.Size = None,
    n: options.Number = None,
    rules: options.Rules = "bare",
    freeze: Freeze = None,
    exclude: Exclude = None,
    stages: Stages = None,
    sigma_method: Sigma = None,
    mean: Mean = None,
    sigma: HistoricalSigma = None,
    corrected: Corrected = None,
    design: Design = None,
    part: Part = None,
    nominal: Nominal = None,
    label: options.Label = None,
    returning: options.Returning = None,
    convention: options.Convention = None,
    against: options.Against = None,
    other_rules: Compare = None,
    mask: Mask = None,
    sheet: options.Sheet = None,
    profile: options.Profile = None,
    told: options.Told = None,
    out: options.Out = None,
    theme: options.Theme = "light",
    as_json: options.AsJson = False,
) -> int:
    """Draw and judge a control chart."""
    from gemba.cli.source import open_source

    source = open_source(
        file,
        numbers=[*(value or ()), *map(options.column_or_number, (n, nominal))] if value else (),
        subgroup=subgroup,
        labels=(label, stages, part),
        **options.known(sheet=sheet, profile=profile, returning=returning, told=told),
    )
    layout = source.layout(value=value, subgroup=subgroup, size=size, n=n, label=label, returning=returning)
    layout |= options.known(part=source.column(part), nominal=source.size(nominal))
    fitting = options.known(
        exclude=_reasons(exclude),
        stages=source.column(stages),
        sigma_method=sigma_method,
        mean=single(mean),
        sigma=single(sigma),
        corrected=corrected,
        **options.design_values(design),
    )
    drawn = Drawn(out, theme, as_json)
    if kind == "levey-jennings" and isinstance(layout["value"], list):
        return in_several_materials(source, layout["value"], fitting, drawn)
    if kind == "run":
        return in_order(source, layout, drawn)
    if mask is not None:
        return masked(source, mask, kind, layout, fitting, drawn)
    if against is not None:
        return compare(source, convention, against, as_json, kind=kind, rules=rules, **layout, **fitting)
    fitting |= options.known(convention=convention)
    with source.placing():
        chart = _chart(source, freeze, kind, layout, rules, fitting)
    if other_rules:
        return compared(chart, source, [rules, *other_rules], drawn)
    _print(chart, source, out, theme, as_json=as_json)
    if chart.stable:
        suggest(f"gemba capability {file} ... --lsl X --usl X")
    return settle(refused=source.refused > 0, signal=not chart.stable)


def _chart(
    source: Source,
    freeze: Path | None,
    kind: str | None,
    layout: dict[str, Any],
    rules: str,
    fitting: dict[str, Any],
) -> ControlChart:
    """By the stored limits where there are any; else by its own, stored where that is asked."""
    from gemba.cli.writing import writing

    if freeze is None:
        return _fit(source, kind, layout, rules, fitting)
    if freeze.exists():
        return _judge(source, freeze, kind, layout, rules, fitting)
    chart = _fit(source, kind, layout, rules, fitting)
    with writing(freeze, "freeze"):
        chart.limits.save(freeze)
    return chart


def _fit(
    source: Source, kind: str | None, layout: dict[str, Any], rules: str, fitting: dict[str, Any]
) -> ControlChart:
    from gemba.cli.source import choose_kind
    from gemba.stats.charts import control_chart

    chosen = choose_kind(source, layout) if kind is None else kind
    if kind is None:
        tell(_("Chart: {kind} (say --kind to choose another)").format(kind=chosen))
    return control_chart(chosen, source.frame, rules=rules, **layout, **fitting)


def _judge(
    source: Source,
    freeze: Path,
    kind: str | None,
    layout: dict[str, Any],
    rules: str,
    fitting: dict[str, Any],
) -> ControlChart:
    from gemba.stats.charts import Limits, judge
    from gemba.stats.results import N_, DataError

    limits = Limits.load(freeze, argument="freeze")
    if kind is not None and kind != limits.kind:
        raise DataError(
            N_("{path} holds limits of a {stored} chart, not of a {value} chart"),
            mend=N_("Leave out --kind, or name another file"),
            argument="freeze",
            value=kind,
            path=freeze,
            stored=limits.kind,
        )
    if fitting:
        raise DataError(
            N_("limits from {value} are not estimated again"),
            mend=N_("Leave out {given}, or name a new file to store new limits"),
            argument="freeze",
            value=str(freeze),
            given=", ".join(_option(name) for name in fitting),
        )
    return judge(limits, source.frame, rules=rules, **layout)


def _option(name: str) -> str:
    """An argument of the library as it is typed in the shell."""
    typed = name in ("exclude", "stages", "sigma_method", "mean", "sigma", "convention")
    return f"--{name.replace('_', '-')}" if typed else f"--set {name}"


def _reasons(exclude: list[str] | None) -> dict[Any, str] | None:
    """``POINT=REASON`` as point -> reason; a point that is a whole number is a number."""
    from gemba.stats.results import N_, DataError

    found: dict[Any, str] = {}
    for item in exclude or ():
        point, sign, reason = item.partition("=")
        if not (sign and point.strip() and reason.strip()):
            raise DataError(
                N_("{value} gives no reason"),
                mend=N_('Write --exclude "17=power failure"'),
                argument="exclude",
                value=item,
            )
        key = point.strip()
        found[int(key) if key.isdigit() else key] = reason.strip()
    return found or None


def _print(chart: ControlChart, source: Source, out: Path | None, theme: str, *, as_json: bool) -> None:
    from gemba.cli.writing import save_picture
    from gemba.stats.charts import report_dict

    if out is not None:
        save_picture(chart, out, theme)
    if as_json:
        show_json(report_dict(chart) | {"source": source.to_dict()})
    else:
        headline = chart.headline()
        rest = chart.summary().removeprefix(headline).lstrip("\n")
        show_answer(headline, rest, "good" if chart.stable else "bad")
