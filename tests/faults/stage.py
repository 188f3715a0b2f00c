"""Does deeds in one folder, each in a process of its own: ``python -m faults.stage FOLDER STDERR``.

Everything is imported once; each line on stdin names a deed, each line on stdout says how it ended.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any


def act(asked: dict[str, Any], errors: Path) -> None:
    """One deed in this process, which ends as abruptly as a program can: nothing is tidied up."""
    from faults import deeds

    os.dup2(os.open(errors, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 2)
    ctypes.CDLL(None).disk_begin(
        os.fsencode(asked["log"]), *map(ctypes.c_long, (*asked["fail"], asked["kill"]))
    )
    try:
        deeds.DEEDS[asked["deed"]](**asked["more"])
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def main(folder: Path, errors: Path) -> None:
    from gemba.server.opening import prepare_settings

    prepare_settings(folder, database="", https=False, hosts=(), proxy="")
    import django

    django.setup()
    from django.db.migrations.loader import MigrationLoader

    from faults import deeds
    from gemba.server import assemble  # noqa: F401 (all that a server uses is there before the first deed)

    MigrationLoader(None)
    deeds.FOLDER = folder
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            act(json.loads(line), errors)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201 (the answer)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
