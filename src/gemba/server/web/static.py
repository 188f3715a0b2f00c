"""Static files that are made at the start: the bundle that draws figures in the browser."""

from __future__ import annotations

import os
from importlib.metadata import version
from pathlib import Path

from gemba.stats.figures.render import browser_script


def make_static(folder: Path) -> None:
    """Have Vega's bundle, as vl-convert carries it, where WhiteNoise serves it.

    Bundling takes seconds, more than all the rest of a start, so a bundle of the same version is kept. Its
    first line names that version; a process that is killed while it writes leaves no bundle at all.
    """
    place = folder / "gemba"
    place.mkdir(parents=True, exist_ok=True)
    bundle, first = place / "vega.js", f"// vl-convert-python {version('vl-convert-python')}\n"
    if _begins_with(bundle, first):
        return
    fresh = bundle.with_name(f"vega.js.{os.getpid()}")
    fresh.write_text(first + browser_script(), encoding="utf-8")
    fresh.replace(bundle)


def _begins_with(file: Path, line: str) -> bool:
    try:
        with file.open(encoding="utf-8") as opened:
            return opened.readline() == line
    except FileNotFoundError:
        return False
