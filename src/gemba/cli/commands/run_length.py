"""``gemba run-length``: how long to a false alarm, and how soon is a shift found?"""

from __future__ import annotations

from typing import Annotated, Any

import typer

from gemba.cli import options
from gemba.cli.codes import Code
from gemba.cli.console import show_answer, show_json, suggest

SHORT = "Chart design: how long to a false alarm, how soon is a shift found?"
HELP = """\
Examples:

\b
  gemba run-length --rules 1,2,5
  gemba run-length --rules nelson --n 5 --shift 0 --shift 0.5 --shift 1 --out rules.svg
  gemba run-length --kind ewma --set lam=0.1 --set L=2.7
  gemba run-length --kind cusum --set fir=2.5
  gemba run-length --kind ewma --set lam=0.1 --arl 370       (finds the limit first)

Average, percentiles and the chance of a signal, by the size of the shift. No file is needed.
"""
Kind = Annotated[str, typer.Option("--kind", metavar="KIND", help="shewhart, ewma, cusum, mewma or mcusum.")]
Shift = Annotated[
    list[float] | None,
    typer.Option("--shift", metavar="X", help="Shift of the mean in sigma; repeatable; 0 to 3 without it."),
]
Size = Annotated[int, typer.Option("--n", metavar="N", min=1, help="Size of the subgroups.")]
Reach = Annotated[
    float | None, typer.Option("--nsigma", metavar="X", help="Where the limits stand; 3 without it.")
]
Wanted = Annotated[
    float | None,
    typer.Option("--arl", metavar="X", help="Find the limit with so many points to a false alarm."),
]
Design = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="lam, L, limits (ewma); k, h, fir, sums (cusum); variables, lam, h (mewma); "
        "variables, k, h (mcusum); repeatable.",
    ),
]


def command(
    kind: Kind = "shewhart",
    rules: options.Rules = "bare",
    nsigma: Reach = None,
    n: Size = 1,
    shift: Shift = None,
    arl: Wanted = None,
    design: Design = None,
    out: options.Out = None,
    theme: options.Theme = "light",
    as_json: options.AsJson = False,
) -> int:
    """Say how a chart would behave."""
    from gemba.cli.writing import save_picture
    from gemba.stats.charts.run_length import run_length, run_length_limit
    from gemba.stats.charts.run_length.study import CHARTS

    values = options.design_values(design)
    asked: dict[str, Any] = options.known(nsigma=nsigma) | values
    if arl is not None:
        limit = run_length_limit(kind, arl=arl, rules=rules, **asked)
        asked[CHARTS[kind].reach if kind in CHARTS else "nsigma"] = limit
    found = run_length(kind, rules=rules, n=n, **options.known(shift=shift), **asked)
    if out is not None:
        save_picture(found, out, theme)
    if as_json:
        show_json({"headline": found.headline()} | found.to_dict())
    else:
        headline = found.headline()
        show_answer(headline, found.summary().removeprefix(headline).lstrip("\n"), "plain")
    suggest("gemba budget --charts 100 --points 168 --attention 20")
    return Code.FINE
