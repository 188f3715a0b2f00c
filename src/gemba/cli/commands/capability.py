"""``gemba capability``: can the process keep its specification?"""

from __future__ import annotations

from typing import Annotated, Any

import typer

from gemba.cli import options
from gemba.cli.codes import settle
from gemba.cli.console import Tone, show_answer, show_json, suggest

SHORT = "Capability: can the process keep its specification?"
HELP = """\
Examples:

\b
  gemba capability parts.csv --value diameter --subgroup sample --lsl 9.9 --usl 10.1 --target 10
  gemba capability parts.csv --value roughness --usl 1.6
  gemba capability parts.csv --value diameter --size 5 --lsl 9.9 --usl 10.1 --out capability.pdf
  gemba capability parts.csv --value diameter --lsl 9.9 --usl 10.1 --min-cpk 1.67 --json

Cp, Cpk, Pp, Ppk with intervals, and whether the process is stable enough to speak of them.
Limits that the file states above its data are used when none are given. Exit code 3 when the process is not
stable or not capable.
"""
Within = Annotated[
    str | None, typer.Option("--within", metavar="NAME", help="Sigma within: pooled, Rbar, Sbar, ...")
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
    rules: options.Rules = "bare",
    returning: options.Returning = None,
    sheet: options.Sheet = None,
    profile: options.Profile = None,
    told: options.Told = None,
    out: options.Out = None,
    theme: options.Theme = "light",
    as_json: options.AsJson = False,
) -> int:
    """Study the capability of one characteristic."""
    from gemba.cli.source import open_source
    from gemba.cli.writing import save_picture
    from gemba.stats.capability import capability, capability_dict

    source = open_source(
        file,
        numbers=value or (),
        subgroup=subgroup,
        **options.known(sheet=sheet, profile=profile, returning=returning, told=told),
    )
    layout = source.layout(value=value, subgroup=subgroup, size=size, returning=returning)
    limits = source.limits(layout["value"], lsl=lsl, usl=usl, target=target)
    asked: dict[str, Any] = {"min_cpk": min_cpk, "confidence": confidence, "within": within}
    with source.placing():
        study = capability(source.frame, rules=rules, **layout, **limits, **asked)
    if out is not None:
        save_picture(study, out, theme)
    if as_json:
        show_json(capability_dict(study) | {"source": source.to_dict()})
    else:
        headline = study.headline()
        tone: Tone = "good" if study.capable else "bad"
        show_answer(headline, study.summary().removeprefix(headline).lstrip("\n"), tone)
    if study.stable is False:
        suggest(f"gemba chart {file} ... --rules nelson")
    return settle(refused=source.refused > 0, signal=study.capable is not True)
