"""Options that several commands share, so that they read and mean the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

File = Annotated[
    str,
    typer.Argument(
        metavar="FILE",
        help="CSV, TSV, Excel (xlsx, xls, ods) or Parquet; - reads text from stdin.",
        show_default=False,
    ),
]
Sheet = Annotated[str | None, typer.Option("--sheet", metavar="NAME", help="Sheet of a workbook.")]
Profile = Annotated[
    Path | None,
    typer.Option(
        "--profile", metavar="PROFILE.json", help="How to read this kind of file; see gemba inspect."
    ),
]
Told = Annotated[
    list[str] | None,
    typer.Option("--read", metavar="KEY=VALUE", help="A fact about the file: decimal=, or header_row=4."),
]
Values = Annotated[
    list[str] | None,
    typer.Option(
        "--value",
        metavar="COL",
        help="Column of measurements or counts; again for wide subgroups and several variables.",
    ),
]
Subgroup = Annotated[
    str | None,
    typer.Option("--subgroup", metavar="COL", help="Column that says which values belong together."),
]
Size = Annotated[
    int | None,
    typer.Option("--size", metavar="N", min=1, help="Or: every N rows in order are one subgroup."),
]
Number = Annotated[
    str | None,
    typer.Option("--n", metavar="COL", help="Items or units inspected: a column, or one number for all."),
]
Label = Annotated[str | None, typer.Option("--label", metavar="COL", help="Column that names the points.")]
Rules = Annotated[
    str,
    typer.Option("--rules", metavar="SET", help="bare, platform, nelson, western-electric, or codes: 1,2,5."),
]
Convention = Annotated[
    str | None,
    typer.Option(
        "--convention",
        metavar="NAME",
        help="Whose way to take where nothing is said: gemba, minitab, jmp, aiag, iso22514 or qcc.",
    ),
]
Against = Annotated[
    str | None,
    typer.Option(
        "--against",
        metavar="NAME",
        help="Say line by line where another convention gives another number, and why.",
    ),
]
Returning = Annotated[
    str | None,
    typer.Option(
        "--returning", metavar="new|join", help="A subgroup that returns later: a new one, or the same."
    ),
]
Lsl = Annotated[str | None, typer.Option("--lsl", metavar="X", help="Lower specification limit.")]
Usl = Annotated[str | None, typer.Option("--usl", metavar="X", help="Upper specification limit.")]
Target = Annotated[str | None, typer.Option("--target", metavar="X", help="Wanted value.")]
MinCpk = Annotated[
    float, typer.Option("--min-cpk", metavar="X", help="Cpk from which the process is capable.")
]
Confidence = Annotated[float, typer.Option("--confidence", metavar="X", help="Level of the intervals.")]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="FILE", help="Write the picture: .svg, .png, .pdf, .html, or .json (Vega-Lite)."
    ),
]
Theme = Annotated[
    str, typer.Option("--theme", metavar="NAME", help="Look of the picture: light, dark or print.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def column_or_number(said: str | None) -> str | None:
    """``said`` where it names a column, ``None`` where it is a number for all."""
    if said is None:
        return None
    try:
        float(said)
    except ValueError:
        return said
    return None


def known(**facts: Any) -> dict[str, Any]:
    """What was said, without what was not."""
    return {name: fact for name, fact in facts.items() if fact is not None}


def design_values(said: list[str] | None) -> dict[str, Any]:
    """``NAME=VALUE`` as name -> value; what is no number stays text."""
    from gemba.stats.results import N_, DataError

    found: dict[str, Any] = {}
    for item in said or ():
        name, sign, value = (part.strip() for part in item.partition("="))
        if not (sign and name and value):
            raise DataError(
                N_("{value} sets nothing"), mend=N_('Write --set "lam=0.1"'), argument="set", value=item
            )
        try:
            found[name] = float(value)
        except ValueError:
            found[name] = value
    return found
