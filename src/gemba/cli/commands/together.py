"""What ``gemba capability`` answers of several characteristics, or of several steps, at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gemba.cli import options
from gemba.cli.codes import Code
from gemba.cli.commands.beside import Drawn, answered
from gemba.cli.commands.screen import read_specifications

if TYPE_CHECKING:
    from gemba.cli.source import Source
    from gemba.stats.data import Tolerance

Specs = Annotated[
    str | None,
    typer.Option(
        "--specs",
        metavar="FILE",
        help="Several characteristics at once, with the goal plot: a file of stream (the column), lsl, usl, "
        "target; or 'stated' for the limits that the file itself states.",
    ),
]
Step = Annotated[
    str | None,
    typer.Option(
        "--step", metavar="COL", help="With --n: each row is a step, and the yield of all steps is told."
    ),
]
Opportunities = Annotated[
    str | None,
    typer.Option(
        "--opportunities", metavar="COL", help="With --step: ways in which a unit can be wrong; or a number."
    ),
]
ZShift = Annotated[
    float | None, typer.Option("--z-shift", metavar="X", help="With --step: added to each Z, such as 1.5.")
]


def study_together(
    source: Source, specs: str, asked: dict[str, Any], wanted: tuple[float, float, str], drawn: Drawn
) -> Code:
    """The capability of several characteristics, ranked."""
    from gemba.stats.capability import capability_together
    from gemba.stats.results import N_, DataError

    limits = _limits(source, specs)
    if not limits:
        raise DataError(
            N_("{value} gives no limits"),
            mend=N_("Name a file with stream, lsl, usl"),
            argument="specs",
            value=specs,
        )
    least, confidence, rules = wanted
    with source.placing():
        found = capability_together(
            source.frame, limits, min_cpk=least, confidence=confidence, rules=rules, **options.known(**asked)
        )
    return answered(found, source, drawn, bad=len(found.capable) < len(found.studies))


def study_steps(
    source: Source, layout: dict[str, Any], step: str, model: str, asked: dict[str, Any], drawn: Drawn
) -> Code:
    """What passes each step, and all of them, the first time."""
    from gemba.stats.capability import throughput_yield
    from gemba.stats.results import N_, DataError

    if "n" not in layout:
        raise DataError(
            N_("how many units entered each step is not said"),
            mend=N_("Say --n with the column of units, or with one number for all"),
            argument="n",
        )
    counted = "defects" if model == "poisson" else "defective"
    given = options.known(**asked | {"opportunities": source.size(asked["opportunities"])})
    columns = {counted: layout["value"], "units": layout["n"], "step": source.column(step)}
    with source.placing():
        found = throughput_yield(source.frame, **columns, **given)
    return answered(found, source, drawn)


def _limits(source: Source, specs: str) -> dict[str, dict[str, Any]]:
    """Those that the file states above its data, or those of a file of specifications, by column."""
    from gemba.stats.screening.specifications import Specifications

    found: Mapping[str, Tolerance] = source.reading.tolerances
    if specs != "stated":
        listed = Specifications.of(read_specifications(specs)).by_stream
        found = {source.column(name) or name: one for name, one in listed.items()}
    return {name: {"lsl": t.lsl, "usl": t.usl, "target": t.target} for name, t in found.items()}
