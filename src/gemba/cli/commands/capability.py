"""``gemba capability``: can the process keep its specification?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gemba.cli import options
from gemba.cli.codes import settle
from gemba.cli.commands.beside import Drawn
from gemba.cli.commands.conventions import compare
from gemba.cli.commands.together import (
    Opportunities,
    Specs,
    Step,
    ZShift,
    study_steps,
    study_together,
)
from gemba.cli.console import Tone, show_answer, show_json, suggest

if TYPE_CHECKING:
    from gemba.cli.source import Source
    from gemba.stats.results import Result

SHORT = "Capability: can the process keep its specification?"
HELP = """\
Examples:

\b
  gemba capability parts.csv --value diameter --subgroup sample --lsl 9.9 --usl 10.1 --target 10
  gemba capability parts.csv --value roughness --usl 1.6
  gemba capability parts.csv --value diameter --size 5 --lsl 9.9 --usl 10.1 --out capability.pdf
  gemba capability parts.csv --value diameter --lsl 9.9 --usl 10.1 --min-cpk 1.67 --json
  gemba capability parts.csv --value roughness --usl 1.6 --distribution best
  gemba capability parts.csv --value diameter --size 5 --lsl 9.9 --usl 10.1 --over-time auto
  gemba capability parts.csv --value diameter --size 5 --lsl 9.9 --usl 10.1 --against qcc
  gemba capability lots.csv --value defective --n inspected --target 0.01
  gemba capability parts.csv --specs specs.csv --out goal.svg        (several characteristics)
  gemba capability line.csv --value defects --n units --step step --model poisson    (yield of a chain)

Cp, Cpk, Pp, Ppk with intervals, and whether the process is stable enough to speak of them.
Limits that the file states above its data are used when none are given. Exit code 3 when the process is not
stable or not capable.
"""
Within = Annotated[
    str | None, typer.Option("--within", metavar="NAME", help="Sigma within: pooled, Rbar, Sbar, ...")
]
Distribution = Annotated[
    str | None,
    typer.Option(
        "--distribution",
        metavar="NAME",
        help="Not normal: best, weibull, lognormal, ..., box-cox, yeo-johnson, johnson or nonparametric.",
    ),
]
OverTime = Annotated[
    str | None,
    typer.Option(
        "--over-time",
        metavar="MODEL",
        help="ISO 22514-2: the model of location and spread in time: auto, or A1, A2, B, C1 to C4, D.",
    ),
]
Model = Annotated[
    str,
    typer.Option(
        "--model", metavar="NAME", help="With --n: binomial (defective items) or poisson (defects)."
    ),
]


def command(
    file: options.File,
    value: options.Values = None,
    subgroup: options.Subgroup = None,
    size: options.Size = None,
    lsl: options.Lsl = None,
    usl: options.Usl = None,
    target: options.Target = None,
    min_cpk: options.MinCpk = 1.33,
    confidence: options.Confidence = 0.95,
    within: Within = None,
    distribution: Distribution = None,
    over_time: OverTime = None,
    n: options.Number = None,
    model: Model = "binomial",
    specs: Specs = None,
    step: Step = None,
    opportunities: Opportunities = None,
    z_shift: ZShift = None,
    rules: options.Rules = "bare",
    returning: options.Returning = None,
    convention: options.Convention = None,
    against: options.Against = None,
    sheet: options.Sheet = None,
    profile: options.Profile = None,
    told: options.Told = None,
    out: options.Out = None,
    theme: options.Theme = "light",
    as_json: options.AsJson = False,
) -> int:
    """Study the capability of one characteristic."""
    from gemba.cli.source import open_source

    asked: dict[str, Any]
    source = open_source(
        file,
        numbers=[*(value or ()), *map(options.column_or_number, (n, opportunities))] if value else (),
        subgroup=subgroup,
        labels=(step,),
        **options.known(sheet=sheet, profile=profile, returning=returning, told=told),
    )
    drawn = Drawn(out, theme, as_json)
    if step is not None:
        chain = {"opportunities": opportunities, "z_shift": z_shift, "confidence": confidence}
        return study_steps(source, source.layout(value=value, n=n), step, model, chain, drawn)
    if specs is not None:
        apart = {"subgroup": source.column(subgroup), "size": size, "returning": returning, "within": within}
        return study_together(source, specs, apart, (min_cpk, confidence, rules), drawn)
    if n is not None:
        asked = {"model": model, "confidence": confidence, "target": _number(target)}
        return _counts(source, value, n, asked, out, theme, as_json=as_json)
    layout = source.layout(value=value, subgroup=subgroup, size=size, returning=returning)
    limits = source.limits(layout["value"], lsl=lsl, usl=usl, target=target)
    if distribution is not None:
        return _by_distribution(
            source, layout["value"], limits, (distribution, confidence, min_cpk), out, theme, as_json=as_json
        )
    if over_time is not None:
        wanted = (over_time, confidence, min_cpk)
        return _over_time(source, layout, limits, wanted, out, theme, as_json=as_json)
    asked = {"min_cpk": min_cpk, "confidence": confidence, "within": within}
    if against is not None:
        return compare(source, convention, against, as_json, rules=rules, **layout, **limits, **asked)
    return _study(file, source, layout | limits | asked | {"rules": rules, "convention": convention}, drawn)


def _study(file: str, source: Source, asked: dict[str, Any], drawn: Drawn) -> int:
    """The capability of normal values."""
    from gemba.cli.writing import save_picture
    from gemba.stats.capability import capability, capability_dict

    with source.placing():
        study = capability(source.frame, **asked)
    if drawn.out is not None:
        save_picture(study, drawn.out, drawn.theme)
    if drawn.as_json:
        show_json(capability_dict(study) | {"source": source.to_dict()})
    else:
        headline = study.headline()
        tone: Tone = "good" if study.capable else "bad"
        show_answer(headline, study.summary().removeprefix(headline).lstrip("\n"), tone)
    if study.stable is False:
        suggest(f"gemba chart {file} ... --rules nelson")
    return settle(refused=source.refused > 0, signal=study.capable is not True)


def _counts(
    source: Source,
    value: list[str] | None,
    n: str,
    asked: dict[str, Any],
    out: Path | None,
    theme: str,
    *,
    as_json: bool,
) -> int:
    """The capability of counts: defective items, or defects."""
    from gemba.stats.capability import count_capability

    layout = source.layout(value=value, n=n)
    with source.placing():
        found = count_capability(source.frame, value=layout["value"], n=layout["n"], **asked)
    bad = not found.stable or found.capable is False
    _answer(found, source, out, theme, as_json=as_json, bad=bad)
    return settle(refused=source.refused > 0, signal=bad)


def _by_distribution(
    source: Source,
    value: str | list[str],
    limits: dict[str, Any],
    asked: tuple[str, float, float],
    out: Path | None,
    theme: str,
    *,
    as_json: bool,
) -> int:
    """The capability of values that are not normal."""
    from gemba.stats.capability import capability_by_distribution

    distribution, confidence, least = asked
    name = value if isinstance(value, str) else value[0]
    kept = {key: limit for key, limit in limits.items() if key != "target"}
    with source.placing():
        found = capability_by_distribution(
            source.frame, name, **kept, distribution=distribution, confidence=confidence, min_ppk=least
        )
    _answer(found, source, out, theme, as_json=as_json, bad=found.capable is not True)
    return settle(refused=source.refused > 0, signal=found.capable is not True)


def _over_time(
    source: Source,
    layout: dict[str, Any],
    limits: dict[str, Any],
    asked: tuple[str, float, float],
    out: Path | None,
    theme: str,
    *,
    as_json: bool,
) -> int:
    """Capability or performance by a time-dependent distribution model."""
    from gemba.stats.capability import capability_over_time

    model, confidence, least = asked
    kept = {key: limit for key, limit in limits.items() if key != "target"}
    with source.placing():
        found = capability_over_time(
            source.frame,
            **layout,
            **kept,
            model=None if model.lower() == "auto" else model.upper(),
            confidence=confidence,
            min_ppk=least,
        )
    _answer(found, source, out, theme, as_json=as_json, bad=found.capable is not True)
    return settle(refused=source.refused > 0, signal=found.capable is not True)


def _answer(found: Result, source: Source, out: Path | None, theme: str, *, as_json: bool, bad: bool) -> None:
    from gemba.cli.writing import save_picture

    if out is not None:
        save_picture(found, out, theme)
    if as_json:
        tables = [table.to_dict() for table in found.tables()]
        show_json({"headline": found.headline(), "tables": tables, "source": source.to_dict()})
    else:
        headline = found.headline()
        tone: Tone = "bad" if bad else "good"
        show_answer(headline, found.summary().removeprefix(headline).lstrip("\n"), tone)


def _number(said: str | None) -> float | None:
    """A target that was typed, as a number; the library says what it must be."""
    from gemba.stats.data import Tolerance

    return None if said is None else Tolerance.of(usl=said).usl
