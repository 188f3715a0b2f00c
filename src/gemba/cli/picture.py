"""Write the picture of a result to a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gemba.cli.console import tell, working

if TYPE_CHECKING:
    from gemba.stats.results import Result


def save_picture(result: Result, path: Path, theme: str) -> None:
    """The result's figure, as the suffix of the path says."""
    with working(f"Drawing {path.name}"):
        written = result.plot().save(path, theme)
    tell(f"Wrote {written}")
