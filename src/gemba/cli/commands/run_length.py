"""``gemba run-length``: how long to a false alarm, and how soon is a shift found?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from gemba.cli import options
from gemba.cli.codes import Code
from gemba.cli.console import show_answer, show_json, suggest

if TYPE_CHECKING:
    from gemba.stats.results import Result

SHORT = "Chart design: how long to a false alarm, how soon is a shift found?"
HELP = """\
Examples:

\b
  gemba run-length --rules 1,2,5
  gemba run-length --rules nelson --n 5 --shift 0 --shift 0.5 --shift 1 --out rules.svg
  gemba run-length --kind ewma --set lam=0.1 --set L=2.7
  gemba run-length --kind cusum --set fir=2.5
  gemba run-length --kind ewma --set lam=0.1 --arl 370       (finds the limit first)
  gemba run-length --oc --kind xbar-r --n 5                  (what does one point overlook?)
  gemba run-length --oc --kind p --n 200 --mean 0.02 --at 0.02 --at 0.05

Average, percentiles and the chance of a signal, by the size of the shift. No file is needed.
"""
Kind = Annotated[
    str,
    typer.Option(
        "--kind",
        metavar="KIND",
        help="shewhart, ewma, cusum, mewma or mcusum; with --oc xbar-r, xbar-s, i-mr, r, s, p, np, c or u.",
    ),
]
Shift = Annotated[
    list[float] | None,
    typer.Option(
        "--shift",
        "--at",
        metavar="X",
        help="Shift of the mean in sigma; with --oc of r and s the new sigma over the old, of counts the "
        "share or rate; repeatable; a useful range without it.",
    ),
]
Size = Annotated[
    float, typer.Option("--n", metavar="N", help="Size of the subgroups; items or units with --oc of counts.")
]
Overlooked = Annotated[
    bool,
    typer.Option("--oc", help="Operating characteristic: the chance that one point stays within the limits."),
]
Mean = Annotated[
    float | None,
    typer.Option("--mean", metavar="X", help="With --oc of counts: the share or rate the limits stand for."),
]
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
    oc: Overlooked = False,
    mean: Mean = None,
    design: Design = None,
    out: options.Out = None,
    theme: options.Theme = "light",
    as_json: options.AsJson = False,
) -> int:
    """Say how a chart would behave."""
    from gemba.cli.writing import save_picture

    asked: dict[str, Any] = options.known(nsigma=nsigma, mean=mean) | options.design_values(design)
    size = int(n) if n.is_integer() else n
    found = (
        _overlooked(kind, size, shift, rules, arl, asked)
        if oc
        else _runs(kind, size, shift, rules, arl, asked)
    )
    if out is not None:
        save_picture(found, out, theme)
    if as_json:
        show_json({"headline": found.headline()} | found.to_dict())
    else:
        headline = found.headline()
        show_answer(headline, found.summary().removeprefix(headline).lstrip("\n"), "plain")
    suggest("gemba budget --charts 100 --points 168 --attention 20")
    return Code.FINE


def _runs(
    kind: str, n: float, shift: list[float] | None, rules: str, arl: float | None, asked: dict[str, Any]
) -> Result:
    """The run length, with the limit found first where one is wanted."""
    from gemba.stats.charts.run_length import run_length, run_length_limit
    from gemba.stats.charts.run_length.study import CHARTS

    if arl is not None:
        limit = run_length_limit(kind, arl=arl, rules=rules, **asked)
        asked[CHARTS[kind].reach if kind in CHARTS else "nsigma"] = limit
    return run_length(kind, rules=rules, n=n, **options.known(shift=shift), **asked)  # type: ignore[arg-type] # it says what n must be


def _overlooked(
    kind: str, n: float, at: list[float] | None, rules: str, arl: float | None, asked: dict[str, Any]
) -> Result:
    """The operating characteristic; a shewhart chart is one of single values, or of means."""
    from gemba.stats.charts.operating import operating_characteristic
    from gemba.stats.results import N_, DataError

    others = [f"--set {name}" for name in asked if name not in ("nsigma", "mean", "limits")]
    others += ["--rules"] * (rules != "bare") + ["--arl"] * (arl is not None)
    if others:
        raise DataError(
            N_("an operating characteristic asks only about one point and its limits"),
            mend=N_("Leave out {given}"),
            argument="oc",
            given=", ".join(others),
        )
    if kind == "shewhart":
        kind = "i-mr" if n == 1 else "xbar-r"
    return operating_characteristic(kind, n=n, at=at, **asked)
