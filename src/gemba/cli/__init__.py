"""The shell: one command, one call of ``gemba.stats``, and the printing of its answer.

``gemba chart``, ``capability``, ``screen``, ``report``, ``inspect`` and ``qualify``. Data go to stdout,
messages to stderr; the exit codes are in ``codes``. Nothing is computed here.
"""

from __future__ import annotations

import io
import sys

INSTALL = "The command gemba needs the extra 'shell'. Install it with: pip install \"gemba[shell]\""


def main() -> None:
    """Run the command line and leave with its exit code."""
    _write_utf8()
    try:
        from gemba.cli.app import run
    except ModuleNotFoundError as missing:
        if missing.name not in ("typer", "rich"):
            raise
        print(INSTALL, file=sys.stderr)  # noqa: T201 (the one message that cannot use the console)
        raise SystemExit(1) from None
    raise SystemExit(run(sys.argv[1:]))


def _write_utf8() -> None:
    """Data in files and pipes are UTF-8 everywhere; a terminal shows a question mark for what it has not."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")
