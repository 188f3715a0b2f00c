"""``gemba demo``: a living plant to look at, made and opened by one command."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from gemba.cli.codes import Code
from gemba.cli.console import tell, warn
from gemba.cli.language import _

SHORT = "A living plant to try everything in."
HELP = """\
Examples:

\b
  gemba demo                              a plant in the folder gemba-demo, opened in the browser
  gemba demo --no-browser                 only prints the link
  gemba demo --fresh                      made anew, after asking

Makes a plant of three lines and a hospital laboratory with ninety days of history, and serves it on this
machine until Ctrl+C; the next start opens the same plant again. While it is served, readings come every
few seconds. A coloured bar lets you be each of its six people, and lets thirty days pass. It never touches a
plant of your own.
"""
HERE = Path("gemba-demo")
Folder = Annotated[
    Path, typer.Option("--data", metavar="FOLDER", help="Folder of the demo plant.", show_default=True)
]
Port = Annotated[
    int,
    typer.Option("--port", metavar="N", min=0, max=65535, help="Port; without it the first free from 8000."),
]
Browser = Annotated[bool, typer.Option("--browser/--no-browser", help="Open it in the browser.")]
Fresh = Annotated[bool, typer.Option("--fresh", help="Make it anew; asks before it deletes the old one.")]
Yes = Annotated[bool, typer.Option("--yes", help="Delete the old one without asking.")]


def command(
    data: Folder = HERE, port: Port = 0, browser: Browser = True, fresh: Fresh = False, yes: Yes = False
) -> int:
    """Serve the demo plant until a signal ends the process."""
    if fresh and not yes and not sys.stdin.isatty():
        warn(_("--fresh deletes the demo plant that is there. Nobody can be asked here: say --yes too."))
        return Code.USAGE
    from gemba.cli.door import answerer
    from gemba.demo.serving import run_demo

    def agree(question: str) -> bool:
        return yes or typer.confirm(question, err=True)

    run_demo(data, port=port, fresh=fresh, agree=agree, browser=browser, say=tell, answerer=answerer)
    return Code.FINE
