"""``gemba serve``: the plant in the browser, and its door for readings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gemba.cli.codes import Code
from gemba.cli.console import tell
from gemba.cli.plant import HERE, Database, Folder

SHORT = "Serve a plant: pages, readings, live charts."
HELP = """\
Examples:

\b
  gemba serve                                     an empty plant in the folder gemba-data
  gemba serve --data /srv/plant --port 8080
  gemba serve --host 0.0.0.0                      for the whole site, by HTTPS of its own
  gemba serve --database postgresql://gemba@db/plant

Opens the plant in a folder and serves it until Ctrl+C. The first start prints a link, valid for 30 minutes,
by which the first administrator comes in; there is no default password.
"""
Host = Annotated[str, typer.Option("--host", metavar="ADDRESS", help="Address to listen at.")]
Port = Annotated[int, typer.Option("--port", metavar="N", min=1, max=65535, help="Port to listen at.")]
Certificate = Annotated[
    Path | None, typer.Option("--certificate", metavar="FILE.pem", help="Certificate for HTTPS.")
]
Key = Annotated[Path | None, typer.Option("--certificate-key", metavar="FILE.pem", help="Its key.")]
Proxy = Annotated[
    str, typer.Option("--proxy", metavar="ADDRESS", help="Address of a proxy that speaks HTTPS for us.")
]
Names = Annotated[
    list[str] | None, typer.Option("--name", metavar="NAME", help="Host name that browsers use; repeatable.")
]


def command(
    data: Folder = HERE,
    database: Database = "",
    host: Host = "127.0.0.1",
    port: Port = 8000,
    certificate: Certificate = None,
    certificate_key: Key = None,
    proxy: Proxy = "",
    name: Names = None,
) -> int:
    """Serve until a signal ends the process."""
    from gemba.cli.door import answerer
    from gemba.server.app import Serving, run

    serving = Serving(
        host=host,
        port=port,
        database=database,
        certificate=certificate,
        certificate_key=certificate_key,
        proxy=proxy,
        names=tuple(name or ()),
    )
    run(data, serving, say=tell, answerer=answerer)
    return Code.FINE
