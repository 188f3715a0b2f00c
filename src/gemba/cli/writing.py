"""Files that a command writes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from gemba.cli.console import tell, working
from gemba.cli.language import _

if TYPE_CHECKING:
    from gemba.stats.results import Result


@contextmanager
def writing(path: Path, argument: str = "out") -> Iterator[None]:
    """Say that a file was written, or in one sentence why it cannot be."""
    from gemba.stats.results import N_, DataError

    try:
        yield
    except OSError as error:
        raise DataError(
            N_("{value} cannot be written: {why}"),
            mend=N_("Name a file in a folder that exists and that you may write to"),
            argument=argument,
            value=str(path),
            why=error.strerror or str(error),
        ) from error
    tell(_("Wrote {path}").format(path=path))


def save_picture(result: Result, path: Path, theme: str) -> None:
    """The result's figure, as the suffix of the path says."""
    with writing(path), working(_("Drawing {name}").format(name=path.name)):
        result.plot().save(path, theme)
