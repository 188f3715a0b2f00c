"""``gemba screen``: thousands of streams at once, ranked by concern."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from gemba.cli import options
from gemba.cli.codes import settle
from gemba.cli.console import show_answer, show_json, suggest, working
from gemba.cli.language import _

SHORT = "Screen: which of many streams are dead, not capable, or have moved?"
HELP = """\
Examples:

\b
  gemba screen line.csv --specs specs.csv                 each column of numbers is a stream
  gemba screen log.csv --value value --stream tag --rules nelson
  gemba screen "measurements/*.parquet" --value value --stream tag --specs specs.csv --out worst.svg

Each stream with statistics, capability, signals, shift, drift and dead sensors, the worst first. Parquet
files may be larger than memory. A file of specifications has the columns stream, lsl, usl and target.
"""
Files = Annotated[
    list[str],
    typer.Argument(
        metavar="FILE...",
        help="Any number of Parquet files, or one file of another kind.",
        show_default=False,
    ),
]
Stream = Annotated[
    str | None, typer.Option("--stream", metavar="COL", help="Column that says which stream a value is of.")
]
Specs = Annotated[
    str | None, typer.Option("--specs", metavar="FILE", help="Specifications: stream, lsl, usl, target.")
]
Order = Annotated[
    str, typer.Option("--order", metavar="NAME", help="concern, ppk, signals, shift, drift or name.")
]
EngineName = Annotated[
    str | None, typer.Option("--engine", metavar="NAME", help="numpy or fast; without it the one worth it.")
]


def command(
    files: Files,
    value: options.Values = None,
    stream: Stream = None,
    specs: Specs = None,
    size: options.Size = None,
    rules: options.Rules = "bare",
    min_cpk: options.MinCpk = 1.33,
    order: Order = "concern",
    engine: EngineName = None,
    out: options.Out = None,
    theme: options.Theme = "light",
    as_json: options.AsJson = False,
) -> int:
    """Screen many streams and rank what is found."""
    from gemba.cli.writing import save_picture
    from gemba.stats.screening import screen

    asked: dict[str, Any] = {"size": size or 1, "rules": rules, "min_cpk": min_cpk, "order": order}
    frame, columns, refused = _open(files, value, stream)
    with working(_("Screening")):
        limits = None if specs is None else read_specifications(specs)
        found = screen(frame, **columns, specs=limits, engine=engine, **asked)  # type: ignore[arg-type] # it says which there are
    if out is not None:
        save_picture(found, out, theme)
    if as_json:
        show_json(found.to_dict())
    else:
        headline = found.headline()
        show_answer(headline, found.summary().removeprefix(headline).lstrip("\n"), "plain")
    suggest(f"gemba chart {files[0]} --value {found.worst(1)[0]}")
    grave = any(marks.any() for marks in found.found.values())
    return settle(refused=refused, signal=grave)


def _open(files: list[str], value: list[str] | None, stream: str | None) -> tuple[Any, dict[str, Any], bool]:
    """What ``screen`` takes: Parquet files as they are, another file read."""
    columns: dict[str, Any] = {"stream": stream}
    if len(files) > 1 or Path(files[0]).suffix.lower() in (".parquet", ".pq"):
        columns["value"] = value if value is None or len(value) > 1 or stream is None else value[0]
        return files, columns, False
    from gemba.cli.source import open_source

    source = open_source(files[0], numbers=value or (), labels=[stream] if stream else ())
    names = [source.column(name) for name in value or ()] or list(source.reading.value_names)
    columns["value"] = names[0] if stream is not None and len(names) == 1 else names
    columns["stream"] = source.column(stream)
    return source.frame, columns, source.refused > 0


def read_specifications(file: str) -> dict[str, Any]:
    """The columns of a file of specifications, as ``screen`` takes them; others are passed over."""
    from gemba.cli.source import load
    from gemba.stats.readers import read

    reading = read(load(file), layout="plain", roles={"stream": "label"})
    frame = dict(reading.frame())
    names = {name: name.strip().lower() for name in frame}
    wanted = ("stream", "lsl", "usl", "target")
    return {names[name]: values for name, values in frame.items() if names[name] in wanted}
