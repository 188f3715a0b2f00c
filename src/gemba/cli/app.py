"""The commands under one roof: how they are called and how they end."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import Annotated

import typer

from gemba import __version__
from gemba.cli.codes import MEANINGS, Code
from gemba.cli.commands import (
    alarms,
    backup,
    budget,
    capability,
    chart,
    demo,
    distribution,
    doctor,
    export,
    inspect,
    move,
    pareto,
    qualify,
    recommend,
    record,
    report,
    restore,
    run_length,
    screen,
    send,
    serve,
    tolerance,
    user,
    verify,
)
from gemba.cli.commands import print as printing
from gemba.cli.console import warn
from gemba.cli.language import _, helped, in_language, language_of, parsing, speaking
from gemba.cli.usage import usage_words

EPILOG = MEANINGS.replace("\n", " ")
TOP = """\
Examples:

\b
  gemba inspect parts.xlsx                                how the file is read
  gemba chart parts.csv --kind xbar-r --value diameter --subgroup sample
  gemba capability parts.csv --value diameter --subgroup sample --lsl 9.9 --usl 10.1
  gemba screen "line/*.parquet" --value value --stream tag   which of thousands are worst?
  gemba pareto defects.csv --category defect
  gemba run-length --rules 1,2,5                          how often is a chart wrong?
  gemba report parts.csv --value diameter --subgroup sample --out report.html
  gemba qualify                                           is this installation right?
  gemba demo                                              a living plant to look at
  gemba serve                                             a plant: records, readings, live charts

Control charts, capability and Pareto from any table of measurements, and a plant that keeps watch.
"""

_NAMES = (
    *("value", "subgroup", "size", "n", "rules", "lsl", "usl", "target", "confidence", "min_cpk", "within"),
    *("kind", "label", "stages", "exclude", "sigma_method", "mean", "sigma", "returning", "category"),
    *(
        "counts",
        "coverage",
        "side",
        "method",
        "nsigma",
        "shift",
        "arl",
        "charts",
        "points",
        "attention",
        "real",
    ),
    *("stream", "specs", "order", "engine", "mask", "oc", "step", "opportunities", "z_shift"),
    "language",
    *("weight", "sheet", "profile", "theme", "freeze", "out", "read", "save", "refused", "defects"),
    "convention",
)
_OPTIONS = {name: f"--{name.replace('_', '-')}" for name in _NAMES} | {
    "path": "--out",
    "distributions": "--try",
    "distribution": "--distribution",
}
"""What an argument of the library is called here; others, such as the file itself, need no name."""
_FACTS = (
    *("encoding", "delimiter", "header_row", "first_row", "last_row", "layout", "decimal", "qualified"),
    "missing",
)
"""Arguments of the reader that are given by --read."""
_MENDS = {
    "Give lsl, usl or both": "Give --lsl X, --usl X or both",
    "Give more data, or give mean and sigma": "Give more data, or --mean X and --sigma X",
    "Exclude fewer points, or give sigma": "Exclude fewer points, or give --sigma X",
    "If you trust the file, say guard=Limits({name}=...) with a larger figure": (
        "If you trust the file, read it in Python with guard=Limits({name}=...) and a larger figure"
    ),
}
"""What mends a fault here, where the library names its arguments in another way than ``name=value``."""

app = typer.Typer(
    name="gemba",
    help=TOP,
    epilog=EPILOG,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
STATISTICS = (
    recommend,
    chart,
    capability,
    screen,
    pareto,
    run_length,
    budget,
    tolerance,
    distribution,
    report,
    inspect,
    qualify,
)
PLANT = (demo, serve, send, record, verify, backup, restore, export, move, doctor, user, alarms, printing)
for module in (*STATISTICS, *PLANT):
    name = module.__name__.rsplit(".", 1)[-1].replace("_", "-")
    app.command(name, help=module.HELP, short_help=module.SHORT, epilog=EPILOG)(
        in_language(module.command, serves=module in (demo, serve))
    )


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"gemba {__version__}")
        raise typer.Exit


@app.callback()
def top(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of a fault.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """What comes before the command."""
    del version  # its callback has answered
    if debug:
        os.environ["GEMBA_DEBUG"] = "1"


def run(arguments: Sequence[str]) -> int:
    """Run one command line; every fault becomes one sentence on stderr and an exit code."""
    language = language_of(arguments)
    command = helped(typer.main.get_command(app), language)
    try:
        with parsing(language):
            return int(command.main(list(arguments), prog_name="gemba", standalone_mode=False) or 0)
    except (KeyboardInterrupt, typer.Abort):
        with speaking(language):
            warn(_("stopped."))
        return Code.ERROR
    except Exception as fault:  # a person never sees a traceback unasked
        if hasattr(fault, "show") and hasattr(fault, "exit_code"):
            with speaking(language):  # the parser's own errors: an unknown option, a missing argument
                typer.echo(usage_words(fault), err=True)
            return int(fault.exit_code)
        if os.environ.get("GEMBA_DEBUG"):
            raise
        with speaking(language):
            sentence, code = _said(fault)
        warn(sentence)
        return code


def _as_option(argument: re.Match[str]) -> str:
    """``returning='new'`` of the library is ``--returning new`` here; what is no option stays."""
    name, given = argument.groups(default="")
    if name in _FACTS:
        return f"--read {name}={given}"
    return f"{_OPTIONS[name]} {given}".rstrip() if name in _OPTIONS else argument[0]


def _for_the_shell(mend: str) -> str:
    """The mend with options instead of arguments, and the further values of an option without quotes."""
    given, found = re.subn(r"\b([a-z_]+)=(?:'?([\w-]+)'?)?", _as_option, _MENDS.get(mend, mend))
    return re.sub(r"(?<=, |r )'([\w-]+)'", r"\1", given) if found else given


def _said(fault: Exception) -> tuple[str, Code]:
    """One sentence for a fault. The statistics are imported only now: ``--help`` does not need them."""
    from gemba.stats.results.errors import DataError, MissingExtra, StatsError

    if isinstance(fault, MissingExtra):
        return str(fault), Code.ERROR
    if isinstance(fault, DataError):
        fault.argument = _OPTIONS.get(fault.argument or "")
        fault.mend = _for_the_shell(fault.mend)
    if isinstance(fault, StatsError):
        return str(fault), Code.USAGE
    if type(fault).__name__ in ("FolderRefused", "StoreRefused", "StartRefused", "CommandRefused"):
        return str(fault), Code.ERROR
    if isinstance(fault, OSError):
        return f"{fault.filename or 'file'}: {fault.strerror or fault}.", Code.ERROR
    if type(fault).__name__ in ("OperationalError", "InterfaceError"):  # Django's, which is not imported here
        words = _("the store cannot be read or written: {fault}. Mend that, then try again.")
        return words.format(fault=fault), Code.ERROR
    said = f"{type(fault).__name__}: {fault}"
    words = _("a fault of the program: {said}. Run it with GEMBA_DEBUG=1 to see where.")
    return words.format(said=said), Code.ERROR
